#include "crypto/sealed_box.hpp"

#include <span>

#include <openssl/err.h>

#include "crypto/openssl_handle.hpp"

namespace keystead::crypto {
namespace {

constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kTagSize = 16;

enum class Direction { open = 0, seal = 1 };

// With key, nonce and context absorbed.
EvpCipherContext begin(
    Direction direction, Secret const& key, std::string_view nonce, std::string_view context
) {
  static EVP_CIPHER const* const kCipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  EvpCipherContext cipher(need(EVP_CIPHER_CTX_new(), "EVP_CIPHER_CTX_new"));
  need(
      EVP_CipherInit_ex2(
          cipher.get(),
          kCipher,
          bytes_of(key.reveal()),
          bytes_of(nonce),
          static_cast<int>(direction),
          nullptr
      ) == 1,
      "EVP_CipherInit_ex2"
  );
  int size = 0;
  need(
      EVP_CipherUpdate(
          cipher.get(), nullptr, &size, bytes_of(context), static_cast<int>(context.size())
      ) == 1,
      "EVP_CipherUpdate"
  );
  return cipher;
}

// What goes through the cipher comes out as long as it went in.
std::string pass(EVP_CIPHER_CTX* cipher, std::string_view in) {
  std::string out(in.size(), '\0');
  int size = 0;
  need(
      EVP_CipherUpdate(cipher, bytes_of(out), &size, bytes_of(in), static_cast<int>(in.size())) ==
          1,
      "EVP_CipherUpdate"
  );
  return out;
}

// False if the tag does not fit; sealing always succeeds.
bool finish(EVP_CIPHER_CTX* cipher) {
  unsigned char none = 0;
  int size = 0;
  return EVP_CipherFinal_ex(cipher, &none, &size) == 1;
}

}  // namespace

SealedBox::SealedBox(Digest const& key)
    : key_(std::string(reinterpret_cast<char const*>(key.data()), key.size())) {}

std::string SealedBox::seal(Secret const& secret, std::string_view context, Random& random) const {
  std::string box(kNonceSize, '\0');
  random.fill(std::span(bytes_of(box), box.size()));
  auto cipher = begin(Direction::seal, key_, box, context);
  box += pass(cipher.get(), secret.reveal());
  need(finish(cipher.get()), "EVP_CipherFinal_ex");
  std::string tag(kTagSize, '\0');
  need(
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, kTagSize, tag.data()) == 1,
      "EVP_CTRL_AEAD_GET_TAG"
  );
  return box + tag;
}

std::optional<Secret> SealedBox::open(std::string_view box, std::string_view context) const {
  if (box.size() < kNonceSize + kTagSize) return std::nullopt;
  auto cipher = begin(Direction::open, key_, box.substr(0, kNonceSize), context);
  std::string tag(box.substr(box.size() - kTagSize));
  need(
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, kTagSize, tag.data()) == 1,
      "EVP_CTRL_AEAD_SET_TAG"
  );
  Secret secret(pass(cipher.get(), box.substr(kNonceSize, box.size() - kNonceSize - kTagSize)));
  if (finish(cipher.get())) return secret;
  ERR_clear_error();
  return std::nullopt;
}

}  // namespace keystead::crypto

#include "crypto/private_key.hpp"

#include <cassert>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "crypto/public_key_handle.hpp"

namespace keystead::crypto {
namespace {

constexpr std::size_t kPemMax = 32 * 1024;

EVP_PKEY* generate_key(KeyType type) {
  if (type == KeyType::rsa) {
    return EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(kRsaBitsMin));
  }
  if (type == KeyType::ed25519) return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  return EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", group_name(type));
}

// OpenSSL's DER → r and s, each as long as the field (IEEE P1363).
std::string pair_of(std::string const& der, std::size_t size) {
  unsigned char const* at = bytes_of(std::string_view(der));
  EcdsaSignature pair(
      need(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), "d2i_ECDSA_SIG")
  );
  std::string out(2 * size, '\0');
  auto length = static_cast<int>(size);
  need(BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), bytes_of(out), length) >= 0, "r");
  need(BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), bytes_of(out) + size, length) >= 0, "s");
  return out;
}

}  // namespace

// Ready to be copied, which any thread may do at any time.
struct PrivateKey::Prepared {
  EvpDigestContext context;
};

PrivateKey PrivateKey::generate(KeyType type) {
  EvpKey key(need(generate_key(type), "EVP_PKEY_Q_keygen"));
  return PrivateKey(PublicKey(std::make_shared<PublicKey::Handle const>(std::move(key), type)));
}

Result<PrivateKey> PrivateKey::parse_pem(Secret const& pem) {
  auto refuse = [](char const* why) {
    ERR_clear_error();
    return fail(Code::invalid_request, why);
  };
  std::string_view text = pem.reveal();
  if (text.size() > kPemMax) return refuse("not a private key in PEM");
  Bio bio(need(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), "BIO_new_mem_buf"));
  // No passphrase is asked for on the terminal.
  auto no_passphrase = [](char*, int, int, void*) { return 0; };
  EvpKey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  if (!key) return refuse("not a private key in PEM");
  auto type = type_of(key.get());
  if (!type) return refuse("not a private key of a type that is known here");
  EvpKeyContext context(
      need(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr), "EVP_PKEY_CTX_new_from_pkey")
  );
  if (EVP_PKEY_pairwise_check(context.get()) != 1) return refuse("the private key is broken");
  PublicKey both(std::make_shared<PublicKey::Handle const>(std::move(key), *type));
  switch (*type) {
    case KeyType::rsa: TRY(PublicKey::from_rsa(both.rsa_numbers())); break;
    case KeyType::ed25519: TRY(PublicKey::from_ed25519(both.ed25519_x())); break;
    case KeyType::p256:
    case KeyType::p384:
    case KeyType::p521: TRY(PublicKey::from_point(*type, both.point())); break;
  }
  return PrivateKey(std::move(both));
}

Secret PrivateKey::pem() const {
  Bio bio(need(BIO_new(BIO_s_secmem()), "BIO_new"));
  EVP_PKEY* key = public_key_.handle_->key.get();
  need(
      PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr),
      "PEM_write_bio_PKCS8PrivateKey"
  );
  char* text = nullptr;
  long size = BIO_get_mem_data(bio.get(), &text);
  return Secret(std::string(text, static_cast<std::size_t>(size)));
}

// To be told the algorithm costs OpenSSL a fifth of a signature of ES256, and copying what it has
// made of it next to nothing. A key of RSA has several schemes, and a signature is dear anyway.
PrivateKey::PrivateKey(PublicKey key) : public_key_(std::move(key)) {
  if (type() != KeyType::p256) return;
  prepared_ = std::make_shared<Prepared const>(prepare(SignatureScheme::ecdsa_p256_sha256));
}

PrivateKey::Prepared PrivateKey::prepare(SignatureScheme scheme) const {
  EvpDigestContext context(need(EVP_MD_CTX_new(), "EVP_MD_CTX_new"));
  EVP_PKEY_CTX* details = nullptr;  // belongs to `context`
  EVP_PKEY* key = public_key_.handle_->key.get();
  need(
      EVP_DigestSignInit(context.get(), &details, digest_of(scheme), nullptr, key) == 1 &&
          set_padding(details, scheme),
      "EVP_DigestSignInit"
  );
  return {std::move(context)};
}

std::string PrivateKey::sign(SignatureScheme scheme, std::string_view message) const {
  assert(key_type_of(scheme) == type());
  EvpDigestContext context;
  if (prepared_) {
    context.reset(need(EVP_MD_CTX_new(), "EVP_MD_CTX_new"));
    need(EVP_MD_CTX_copy_ex(context.get(), prepared_->context.get()) == 1, "EVP_MD_CTX_copy_ex");
  } else {
    context = prepare(scheme).context;
  }
  std::size_t size = 0;
  need(
      EVP_DigestSign(context.get(), nullptr, &size, bytes_of(message), message.size()) == 1,
      "EVP_DigestSign"
  );
  std::string signature(size, '\0');
  need(
      EVP_DigestSign(
          context.get(), bytes_of(signature), &size, bytes_of(message), message.size()
      ) == 1,
      "EVP_DigestSign"
  );
  signature.resize(size);
  std::size_t field = field_size(type());
  return field == 0 ? signature : pair_of(signature, field);
}

}  // namespace keystead::crypto

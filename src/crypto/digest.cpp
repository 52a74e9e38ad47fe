#include "crypto/digest.hpp"

// The states of a digest in memory of our own have no other interface. A copied state makes an HMAC
// cost its two blocks; every way through EVP allocates, dispatches and wipes for longer than that.
#define OPENSSL_SUPPRESS_DEPRECATED

#include <cstring>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

namespace keystead::crypto {
namespace {

void check(int ok, char const* what) {
  if (ok != 1) throw std::runtime_error(std::string("OpenSSL failed: ") + what);
}

unsigned char const* bytes_of(std::string_view text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}

// Fetched once: an implicit fetch at each use costs more than the digest itself.
EVP_MD const* sha256_algorithm() {
  static EVP_MD const* const kAlgorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return kAlgorithm;
}

constexpr std::size_t kBlock = 64;
using Block = std::array<unsigned char, kBlock>;

// RFC 2104 §2: the key, or the digest of a longer one, padded with zeros.
Block block_of(std::string_view key) {
  Block block{};
  if (key.size() > kBlock) {
    Digest digest = sha256(key);
    std::memcpy(block.data(), digest.data(), digest.size());
    OPENSSL_cleanse(digest.data(), digest.size());
  } else {
    std::memcpy(block.data(), key.data(), key.size());
  }
  return block;
}

SHA256_CTX state_after(Block block, unsigned char pad) {
  for (unsigned char& byte : block) byte ^= pad;
  SHA256_CTX state;
  check(SHA256_Init(&state), "SHA256_Init");
  check(SHA256_Update(&state, block.data(), block.size()), "SHA256_Update");
  OPENSSL_cleanse(block.data(), block.size());
  return state;
}

// The digest of what `state` has taken in, followed by `bytes`. SHA256_Final wipes the bytes that
// it still holds.
Digest finish(SHA256_CTX state, unsigned char const* bytes, std::size_t size) {
  Digest out;
  check(SHA256_Update(&state, bytes, size), "SHA256_Update");
  check(SHA256_Final(out.data(), &state), "SHA256_Final");
  return out;
}

}  // namespace

Digest sha256(std::string_view bytes) {
  thread_local std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(
      EVP_MD_CTX_new(), &EVP_MD_CTX_free
  );
  Digest out;
  check(EVP_DigestInit_ex2(context.get(), sha256_algorithm(), nullptr), "EVP_DigestInit_ex2");
  check(EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()), "EVP_DigestUpdate");
  check(EVP_DigestFinal_ex(context.get(), out.data(), nullptr), "EVP_DigestFinal_ex");
  return out;
}

struct HmacSha256::Context {
  explicit Context(Block block) : inner(state_after(block, 0x36)), outer(state_after(block, 0x5c)) {
    OPENSSL_cleanse(block.data(), block.size());
  }
  Context(Context const&) = default;
  ~Context() {
    OPENSSL_cleanse(&inner, sizeof inner);
    OPENSSL_cleanse(&outer, sizeof outer);
  }

  SHA256_CTX inner;
  SHA256_CTX outer;
};

HmacSha256::HmacSha256(std::string_view key) : context_(std::make_unique<Context>(block_of(key))) {}
HmacSha256::HmacSha256(HmacSha256 const& other)
    : context_(std::make_unique<Context>(*other.context_)) {}
HmacSha256::HmacSha256(HmacSha256&&) noexcept = default;
HmacSha256& HmacSha256::operator=(HmacSha256 const& other) {
  return *this = HmacSha256(other);
}
HmacSha256& HmacSha256::operator=(HmacSha256&&) noexcept = default;
HmacSha256::~HmacSha256() = default;

Digest HmacSha256::operator()(std::string_view message) const {
  Digest inner = finish(context_->inner, bytes_of(message), message.size());
  return finish(context_->outer, inner.data(), inner.size());
}

bool equal_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace keystead::crypto

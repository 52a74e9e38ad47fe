#include "crypto/digest.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <stdexcept>

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

EVP_MAC* hmac_algorithm() {
  static EVP_MAC* const kAlgorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  return kAlgorithm;
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
  explicit Context(EVP_MAC_CTX* context) : mac(context, &EVP_MAC_CTX_free) {
    if (!mac) throw std::runtime_error("OpenSSL failed: EVP_MAC_CTX");
  }
  std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)> mac;
};

HmacSha256::HmacSha256(std::string_view key)
    : context_(std::make_unique<Context>(EVP_MAC_CTX_new(hmac_algorithm()))) {
  char name[] = "SHA256";
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0), OSSL_PARAM_construct_end()
  };
  check(EVP_MAC_init(context_->mac.get(), bytes_of(key), key.size(), parameters), "EVP_MAC_init");
}

HmacSha256::HmacSha256(HmacSha256 const& other)
    : context_(std::make_unique<Context>(EVP_MAC_CTX_dup(other.context_->mac.get()))) {}
HmacSha256::HmacSha256(HmacSha256&&) noexcept = default;
HmacSha256& HmacSha256::operator=(HmacSha256 const& other) { return *this = HmacSha256(other); }
HmacSha256& HmacSha256::operator=(HmacSha256&&) noexcept = default;
HmacSha256::~HmacSha256() = default;

Digest HmacSha256::operator()(std::string_view message) {
  Digest out;
  EVP_MAC_CTX* mac = context_->mac.get();
  check(EVP_MAC_init(mac, nullptr, 0, nullptr), "EVP_MAC_init");
  check(EVP_MAC_update(mac, bytes_of(message), message.size()), "EVP_MAC_update");
  check(EVP_MAC_final(mac, out.data(), nullptr, out.size()), "EVP_MAC_final");
  return out;
}

bool equal_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace keystead::crypto

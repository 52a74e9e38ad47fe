#include "crypto/hmac.hpp"

#include <openssl/hmac.h>

#include "crypto/openssl_handle.hpp"

namespace keystead::crypto {

namespace {

std::string hmac_with(EVP_MD const* algorithm, std::string_view key, std::string_view message) {
  std::string mac(static_cast<std::size_t>(EVP_MD_get_size(algorithm)), '\0');
  unsigned size = 0;
  // A null pointer would stand for the key of the call before.
  need(
      HMAC(
          algorithm,
          key.empty() ? "" : key.data(),
          static_cast<int>(key.size()),
          bytes_of(message),
          message.size(),
          bytes_of(mac),
          &size
      ),
      "HMAC"
  );
  return mac;
}

}  // namespace

std::string hmac(Hash hash, std::string_view key, std::string_view message) {
  return hmac_with(algorithm_of(hash), key, message);
}

std::string hmac_sha1(std::string_view key, std::string_view message) {
  static EVP_MD const* const kSha1 = EVP_MD_fetch(nullptr, "SHA1", nullptr);
  return hmac_with(kSha1, key, message);
}

}  // namespace keystead::crypto

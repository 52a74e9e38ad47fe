#include "crypto/hmac.hpp"

#include <openssl/hmac.h>

#include "crypto/openssl_handle.hpp"

namespace keystead::crypto {

std::string hmac(Hash hash, std::string_view key, std::string_view message) {
  std::string mac(size_of(hash), '\0');
  unsigned size = 0;
  // A null pointer would stand for the key of the call before.
  need(
      HMAC(
          algorithm_of(hash),
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

}  // namespace keystead::crypto

// Secrets that must be read again, and so cannot be kept as a digest: AES-256-GCM (NIST SP 800-38D)
// with a random nonce. A box is the nonce, the ciphertext and the tag.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "base/secret.hpp"
#include "crypto/digest.hpp"

namespace keystead::crypto {

// Calls are safe from any thread. They throw std::runtime_error if OpenSSL fails. One key serves
// for 2^32 boxes at most (SP 800-38D §8.3).
class SealedBox {
 public:
  explicit SealedBox(Digest const& key);

  // `context` says whose the secret is and is not in the box: one that was put in another's place
  // does not open there.
  std::string seal(Secret const& secret, std::string_view context, Random& random) const;
  // Nothing for what was sealed with another key, for another context, or was changed since.
  std::optional<Secret> open(std::string_view box, std::string_view context) const;

 private:
  Secret key_;
};

}  // namespace keystead::crypto

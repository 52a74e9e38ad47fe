// What is kept of a key: its HMAC-SHA-256 under a version of the pepper, which lies outside the
// database, so that a stolen database confirms no guess.
#pragma once

#include <string_view>
#include <vector>

#include "crypto/digest.hpp"
#include "domain/api_key.hpp"
#include "store/pepper.hpp"

namespace keystead::authn {

class KeyDigester {
 public:
  // REQUIRES: at least one pepper; the first is the current one.
  explicit KeyDigester(std::vector<store::Pepper> const& peppers);

  int current_version() const { return versions_.front(); }
  std::vector<int> const& versions() const { return versions_; }  // newest first

  // REQUIRES: a version of versions(). Safe from any thread.
  domain::KeyDigest digest(std::string_view key, int version) const;
  // Of a key that only its SHA-256 is known of. No key has the same digest: what is digested here
  // holds a colon, which no key can.
  domain::KeyDigest digest_of_sha256(crypto::Digest const& hash, int version) const;

 private:
  std::vector<int> versions_;
  std::vector<crypto::HmacSha256> macs_;  // by index of versions_
};

}  // namespace keystead::authn

// The keys of an issuer (RFC 7517 §5). Immutable; safe from any thread.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "base/result.hpp"
#include "jose/jwk.hpp"

namespace keystead::jose {

constexpr std::size_t kJwkSetBytesMax = 256 * 1024;
constexpr std::size_t kJwkSetKeysMax = 64;

// A key of the document that is not used, and why, for the log.
struct SkippedKey {
  std::size_t index;  // in the document
  std::string reason;
};

class JwkSet {
 public:
  JwkSet() = default;
  // Keys put together by the caller. Of those that share a kid none is kept, as in parse().
  explicit JwkSet(std::vector<Jwk> keys);

  // Code::payload_too_large for a document of more than 256 KB or 64 keys; Code::invalid_request
  // for one that is not JSON or not a key set, and for one that mixes secret and public keys. A key
  // that cannot be used is skipped. Different keys of one kid are all skipped, because which one
  // its issuer means is anybody's guess, also where only one of them is any good; the same key
  // given twice is kept once.
  static Result<JwkSet> parse(
      std::string_view document, SecretKeys secret_keys = SecretKeys::refused
  );

  std::vector<Jwk> const& keys() const { return keys_; }
  std::vector<SkippedKey> const& skipped() const { return skipped_; }

  // The public keys, as they are published. Secrets are left out.
  json::object to_json() const;

 private:
  struct Candidate {
    std::size_t index;
    Jwk key;
  };
  using Kids = std::set<std::optional<std::string>>;
  // `spoiled` are the kids of keys that were no good.
  void take(std::vector<Candidate> const& candidates, Kids const& spoiled);

  std::vector<Jwk> keys_;
  std::vector<SkippedKey> skipped_;
};

}  // namespace keystead::jose

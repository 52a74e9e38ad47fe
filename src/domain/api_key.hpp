// An API key as it is kept: everything but the key.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "domain/ids.hpp"
#include "domain/restriction.hpp"

namespace keystead::domain {

// HMAC-SHA-256 of the key under one version of the pepper.
using KeyDigest = std::array<unsigned char, 32>;

// How the digest was made: of the key, or, for a key that was imported as its SHA-256, of that
// hash. An imported digest is replaced when the key is first used.
enum class DigestForm { of_key, of_sha256 };

struct ApiKey {
  KeyId id;
  std::optional<TenantId> tenant;  // none for a kind of key that is bound to no tenant
  std::string kind = "tenant";
  std::string name;
  std::string prefix;  // what may be shown and logged: the key up to its secret, or its first few
                       // characters
  std::string environment;          // empty where the format has no environments
  std::vector<std::string> scopes;  // as granted; what they imply is added when the key is used
  Restriction restriction;          // its last ancestor is the parent: when that ends, this ends
  KeyDigest digest;
  DigestForm digest_form = DigestForm::of_key;
  int pepper_version = 1;
  std::string created_by;  // operator, key:ID, import
  Time created_at;
  std::optional<Time> expires_at;
  std::optional<Time> revoked_at;
  std::optional<Time> last_used_at;
  std::optional<UserId> owner;  // the user with whom it ends; none for a key of the installation's
};

}  // namespace keystead::domain

// An API key as it is kept: everything but the key.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "domain/ids.hpp"

namespace keystead::domain {

// HMAC-SHA-256 of the key under one version of the pepper.
using KeyDigest = std::array<unsigned char, 32>;

struct ApiKey {
  KeyId id;
  TenantId tenant;
  std::string name;
  std::string prefix;  // what may be shown and logged: the key up to its secret, or its first few
                       // characters
  std::string environment;          // empty where the format has no environments
  std::vector<std::string> scopes;  // as granted; what they imply is added when the key is used
  KeyDigest digest;
  int pepper_version = 1;
  Time created_at;
  std::optional<Time> expires_at;
  std::optional<Time> revoked_at;
  std::optional<Time> last_used_at;
};

}  // namespace keystead::domain

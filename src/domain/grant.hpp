// What somebody has allowed a client (RFC 6749 §1.3). Every token hangs on a grant: when it ends,
// all of it is over, the tokens that were narrowed from its own among them.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "domain/client.hpp"
#include "domain/ids.hpp"

namespace keystead::domain {

struct Grant {
  GrantId id;
  ClientId client;
  // Whom or what it stands on: a person, an API key, or neither, and then the client itself.
  std::optional<UserId> user = {};
  std::optional<KeyId> key = {};
  std::optional<TenantId> tenant = {};      // in which its tokens act
  std::optional<GrantId> parent = {};       // that it was exchanged from; ends with it
  std::vector<std::string> scopes = {};     // names, as granted
  std::vector<std::string> resources = {};  // RFC 8707: what its tokens may be for, one at least
  Time created_at = {};
  std::optional<Time> last_used_at = {};  // none: no token was made of it yet
  std::string last_address = {};          // from which
  std::optional<Time> ended_at = {};
};

// HMAC-SHA-256 of a code or token that we gave out, under one version of the pepper.
using GrantSecretDigest = std::array<unsigned char, 32>;

// RFC 6749 §4.1.2. The row stays until the code would be over, so that a replay is known as one.
struct AuthorizationCode {
  GrantSecretDigest digest{};
  int pepper_version = 1;
  GrantId grant;
  ClientId client;
  std::string redirect_uri;    // exactly as it was asked with
  std::string code_challenge;  // RFC 7636, always S256
  Time expires_at;
  std::optional<Time> used_at = {};
  std::string key_thumbprint = {};  // RFC 9449 §10: of the key that redeems it; empty: any or none
};

// One generation of a grant's line of refresh tokens. There is one line to a grant.
struct RefreshToken {
  GrantSecretDigest digest{};
  int pepper_version = 1;
  GrantId grant;
  int generation = 1;
  Time issued_at;
  Time expires_at;
  std::optional<Time> used_at = {};
  // RFC 9449 §5: of the key with which a public client got it; empty: of none. A client that proves
  // itself needs no key for this.
  std::string key_thumbprint = {};
};

// RFC 8628 §3.2: what a device polls with, and what a person types in at another screen.
struct DeviceCode {
  enum class State { pending, approved, denied };

  GrantSecretDigest digest{};
  GrantSecretDigest user_code{};
  int pepper_version = 1;
  ClientId client;
  std::vector<std::string> scopes = {};
  std::vector<std::string> resources = {};
  State state = State::pending;
  std::optional<GrantId> grant = {};  // once approved
  std::string address = {};           // where the device asked from, for the person to see
  Time created_at;
  Time expires_at;
  std::optional<Time> polled_at = {};
};

}  // namespace keystead::domain

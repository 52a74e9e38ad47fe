// A sign-in that lasts. The browser holds a value in a cookie, we hold its digest.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "domain/ids.hpp"

namespace keystead::domain {

// HMAC-SHA-256 of the cookie's value under one version of the pepper.
using SessionDigest = std::array<unsigned char, 32>;

struct Session {
  SessionId id;  // by which it is listed and revoked; says nothing about the cookie's value
  UserId user;
  // In which it acts, of those that its user belongs to; none until one is chosen.
  std::optional<TenantId> tenant = {};
  SessionDigest digest{};
  int pepper_version = 1;
  Time created_at;
  Time last_seen_at;
  Time idle_until;           // moves on with use, never beyond expires_at
  Time expires_at;           // never moves
  std::string signed_in_by;  // password, passkey, oidc:ISSUER
  std::string address;       // from which
  std::string user_agent;    // as shorten_user_agent gives it
};

// What a session's list shows of a browser: 200 bytes at most, and a ? for each byte that is not
// printable ASCII, since the header may hold anything.
std::string shorten_user_agent(std::string_view text);

}  // namespace keystead::domain

// A link in an e-mail that does one thing, once. The e-mail holds a value, we hold its digest.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "domain/ids.hpp"
#include "domain/membership.hpp"

namespace keystead::domain {

// HMAC-SHA-256 of the link's value under one version of the pepper.
using LinkDigest = std::array<unsigned char, 32>;

// A link of one purpose is none of another: a way to verify an address is no way to a password.
enum class LinkPurpose { invitation, reset, verify_email };

// As they are stored: invitation, reset, verify_email.
std::string_view name_of(LinkPurpose purpose);

struct OneTimeLink {
  LinkDigest digest{};
  int pepper_version = 1;
  LinkPurpose purpose = LinkPurpose::invitation;
  std::optional<UserId> user = {};      // none for an invitation of somebody who is no user yet
  std::string email = {};               // where it was sent
  std::optional<TenantId> tenant = {};  // into which an invitation leads, and as what
  std::optional<Role> role = {};
  Time created_at = {};
  Time expires_at = {};
  std::optional<Time> used_at = {};
};

}  // namespace keystead::domain

// What is wished for of a new key, and whether it may be had.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authn/key_rules.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "domain/api_key.hpp"
#include "domain/principal.hpp"

namespace keystead::authn {

struct NewKey {
  std::string kind = "tenant";
  std::optional<domain::TenantId> tenant = {};  // none exactly for a kind bound to no tenant
  std::string name = {};
  std::vector<std::string> scopes = {};
  std::optional<Time> expires_at = {};
  std::string environment = {};
  std::vector<domain::AddressRange> addresses = {};  // where it may be used from; empty: anywhere
  std::optional<domain::UserId> owner = {};          // with whom it ends; none: with nobody
};

// The record of a key on these terms, without what only its making gives it: id, prefix, digest,
// maker. Fails with Code::invalid_request as KeyAuthority::create says.
Result<domain::ApiKey> on_terms(NewKey const& wanted, KeyRules const& rules, Time now);

// Code::forbidden for the first thing in `wanted`, which on_terms takes, that `caller` does not
// have. `own` is the record of the caller's key; null for a person, whose keys outlive the sign-in
// that they were made with.
Result<void> check_within(
    domain::Principal const& caller,
    domain::ApiKey const* own,
    NewKey const& wanted,
    KeyRules const& rules
);

// Code::invalid_request for a name that is empty, too long, not UTF-8 or holds control characters.
Result<void> check_name(std::string_view name);

// Code::invalid_request for an end that has passed.
Result<void> check_expiry(std::optional<Time> const& expires_at, Time now);

// Scopes that somebody with the scopes `held` wants to give away, whose own key has the scopes
// `names_held`. Code::invalid_request for an unknown one, or none where there must be one;
// Code::forbidden for one that is not held.
Result<void> check_scopes_within(
    std::vector<std::string> const& wanted,
    std::vector<std::string> const& names_held,
    domain::ScopeSet const& held,
    KeyRules const& rules
);

}  // namespace keystead::authn

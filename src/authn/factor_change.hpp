// A change of what a user can sign in with.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authn/user_event.hpp"
#include "domain/ids.hpp"

namespace keystead::authn {

// Whose it is, made in which session. That one goes on; the others end, since what they began with
// may be what is changed.
struct FactorChange {
  domain::UserId user;
  std::optional<domain::SessionId> session;
  std::string request;  // its id
};

inline domain::AuditEntry factor_event(
    std::string_view event,
    FactorChange const& change,
    Time at,
    std::vector<Particular> const& more = {}
) {
  Actor actor{"user:" + change.user.text(), change.request, {}};
  return user_event(event, change.user, {}, actor, at, more);
}

}  // namespace keystead::authn

// What the audit log says about acts on grants.
#pragma once

#include <string_view>

#include "authn/key_event.hpp"
#include "domain/audit_entry.hpp"
#include "domain/grant.hpp"

namespace keystead::oauth {

// The detail has the client, the user or key that the grant stands on, and its scopes.
domain::AuditEntry grant_event(
    std::string_view event, domain::Grant const& grant, authn::Actor const& actor, Time at
);

}  // namespace keystead::oauth

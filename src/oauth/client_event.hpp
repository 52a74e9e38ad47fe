// What the audit log says about acts on clients.
#pragma once

#include <string_view>

#include "authn/key_event.hpp"
#include "domain/audit_entry.hpp"
#include "domain/client.hpp"

namespace keystead::oauth {

// The detail has the client's name, its origin and where it returns to.
domain::AuditEntry client_event(
    std::string_view event, domain::Client const& client, authn::Actor const& actor, Time at
);

}  // namespace keystead::oauth

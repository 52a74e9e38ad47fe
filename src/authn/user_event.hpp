// What the audit log says about acts on people.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authn/key_event.hpp"
#include "domain/audit_entry.hpp"
#include "domain/ids.hpp"

namespace keystead::authn {

// `tenant` is the one whose matter it is; none for the installation's.
domain::AuditEntry user_event(
    std::string_view event,
    domain::UserId const& user,
    std::optional<domain::TenantId> const& tenant,
    Actor const& actor,
    Time at,
    std::vector<Particular> const& more = {}
);

}  // namespace keystead::authn

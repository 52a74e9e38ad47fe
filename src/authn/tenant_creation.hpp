// Making a tenant: its name is checked, and its slug made of it.
#pragma once

#include <optional>
#include <string>

#include "authn/key_event.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "domain/tenant.hpp"
#include "store/control_store.hpp"

namespace keystead::authn {

// Tenants of one name get slugs of their own: acme, acme-2, acme-3. Code::invalid_request for a
// name that is empty, over 200 bytes or not printable UTF-8; otherwise as ControlStore::add_tenant.
Result<domain::Tenant> create_tenant(
    store::ControlStore& store,
    Random& random,
    std::string name,
    std::optional<domain::TenantId> const& parent,
    Actor const& actor,
    Time now
);

}  // namespace keystead::authn

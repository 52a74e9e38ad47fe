// What the audit log says about acts on keys.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/api_key.hpp"
#include "domain/audit_entry.hpp"

namespace keystead::authn {

// Who does something to a key.
struct Actor {
  std::string name = "operator";              // operator, or key:ID
  std::string request = {};                   // the id of the request; empty for the command line
  std::vector<domain::KeyId> ancestors = {};  // of the acting key, the first one first
};

// A particular of an event beyond those of its key, as name and text.
using Particular = std::pair<std::string_view, std::string>;

// The detail names the key's name, kind, scopes, end and ancestors, and what it is held to; never
// the key, nor a digest of it.
domain::AuditEntry key_event(
    std::string_view event,
    domain::ApiKey const& key,
    Actor const& actor,
    Time at,
    std::vector<Particular> const& more = {}
);

domain::AuditEntry tenant_event(
    std::string_view event,
    domain::TenantId const& tenant,
    std::string_view name,
    Actor const& actor,
    Time at
);

}  // namespace keystead::authn

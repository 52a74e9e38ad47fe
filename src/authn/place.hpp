// Where a person may act: a tenant, and as what.
#pragma once

#include <optional>
#include <vector>

#include "domain/membership.hpp"
#include "store/control_store.hpp"
#include "store/user_store.hpp"

namespace keystead::authn {

struct Place {
  domain::TenantId tenant;
  domain::Role role;
};

// Asks the store each time; safe from any thread, throws store::Broken.
class Places {
 public:
  // `inner_only`: of two levels of tenants only the inner ones are acted in, see KeyRules. The
  // stores outlive it.
  Places(store::UserStore& users, store::ControlStore& tenants, bool inner_only)
      : users_(users), tenants_(tenants), inner_only_(inner_only) {}

  // A member of an outer tenant may act in every tenant inside it. What the person is in a tenant
  // itself counts before what it is around it.
  std::vector<Place> of(domain::UserId const& user) const;
  std::optional<Place> find(domain::UserId const& user, domain::TenantId const& tenant) const;
  // As people call it; empty if there is no such tenant.
  std::string name_of(domain::TenantId const& tenant) const;
  // Nothing if there are several: whoever belongs to several must say which.
  std::optional<Place> only(domain::UserId const& user) const;

 private:
  store::UserStore& users_;
  store::ControlStore& tenants_;
  bool inner_only_;
};

}  // namespace keystead::authn

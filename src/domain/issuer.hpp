// An authorization server of ours as its tokens name it, with what they are for. It comes with
// each request, so that nothing is made or taken for another one (attack 50).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/ids.hpp"

namespace keystead::domain {

struct Issuer {
  std::string url;                      // `iss`, without a slash at its end
  std::vector<std::string> resources;   // RFC 8707; the first is that of a request without one
  std::optional<TenantId> tenant = {};  // whose own it is, and where alone its tokens act

  // Whether one of these is its own: of a grant, that the grant was made under it.
  bool has_any(std::vector<std::string> const& others) const;
  // Whether what is bound to this tenant, or to none, may come to it.
  bool is_open_to(std::optional<TenantId> const& other) const { return !tenant || tenant == other; }
};

// The one of the service, and one of each tenant where they have their own. That of a tenant is
// made from its id alone, whether there is such a tenant or not: who asks learns nothing by it.
class Issuers {
 public:
  enum class OfTenants { none, each };

  // What stands below the service's address in front of the tenant's id.
  static constexpr std::string_view kTenants = "/t/";

  // REQUIRES: the resources of `root` lie below its url.
  explicit Issuers(Issuer root, OfTenants of_tenants = OfTenants::none)
      : root_(std::move(root)), of_tenants_(of_tenants) {}

  Issuer const& root() const { return root_; }
  bool has_those_of_tenants() const { return of_tenants_ == OfTenants::each; }

  // Nothing for what is no id, or where tenants have none of their own.
  std::optional<Issuer> of_tenant(std::string_view id) const;
  // By `iss`; nothing if it is none of ours.
  std::optional<Issuer> find(std::string_view url) const;
  // Whose resources these are.
  std::optional<Issuer> of_resources(std::vector<std::string> const& resources) const;

 private:
  std::optional<Issuer> above(std::string_view url) const;

  Issuer root_;
  OfTenants of_tenants_;
};

}  // namespace keystead::domain

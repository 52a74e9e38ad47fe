#include "authn/tenant_creation.hpp"

#include <algorithm>

#include <boost/json/object.hpp>

#include "codec/json.hpp"
#include "codec/utf8.hpp"

namespace keystead::authn {
namespace {

Result<void> check_tenant_name(std::string_view name) {
  bool printable =
      std::ranges::none_of(name, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  if (name.empty() || name.size() > 200 || !printable || !codec::is_utf8(name)) {
    return fail(
        Code::invalid_request, "name: a tenant's name has 1 to 200 bytes of printable text"
    );
  }
  return {};
}

std::string free_slug(store::ControlStore& store, domain::Tenant const& tenant) {
  constexpr int kTries = 1000;
  std::string const stem = domain::slug_of(tenant.name);
  std::string slug = stem;
  auto is_taken = [&](domain::Tenant const& other) {
    return other.parent == tenant.parent && other.slug == slug;
  };
  auto others = store.list_tenants();
  for (int number = 2; number < kTries && std::ranges::any_of(others, is_taken); ++number) {
    slug = stem + "-" + std::to_string(number);
  }
  return slug;
}

}  // namespace

Result<domain::Tenant> create_tenant(
    store::ControlStore& store,
    Random& random,
    std::string name,
    std::optional<domain::TenantId> const& parent,
    Actor const& actor,
    Time now
) {
  TRY(check_tenant_name(name));
  domain::Tenant tenant;
  tenant.id = domain::TenantId::mint(random);
  tenant.name = std::move(name);
  tenant.parent = parent;
  tenant.created_at = now;
  tenant.slug = free_slug(store, tenant);
  domain::AuditEntry entry;
  entry.at = now;
  entry.event = "tenant.create";
  entry.actor = actor.name;
  entry.tenant = tenant.id;
  entry.subject = "tenant:" + tenant.id.text();
  entry.request = actor.request;
  entry.detail = codec::to_text(boost::json::object{{"name", tenant.name}, {"slug", tenant.slug}});
  TRY(store.add_tenant(tenant, entry));
  return tenant;
}

}  // namespace keystead::authn

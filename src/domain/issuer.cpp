#include "domain/issuer.hpp"

#include <algorithm>

namespace keystead::domain {

bool Issuer::has_any(std::vector<std::string> const& others) const {
  return std::ranges::any_of(others, [&](std::string const& each) {
    return std::ranges::find(resources, each) != resources.end();
  });
}

std::optional<Issuer> Issuers::of_tenant(std::string_view id) const {
  auto tenant = has_those_of_tenants() ? TenantId::parse(id) : std::nullopt;
  if (!tenant) return std::nullopt;
  Issuer issuer{std::string(root_.url).append(kTenants).append(id), {}, tenant};
  for (std::string_view each : root_.resources) {
    issuer.resources.push_back(std::string(issuer.url).append(each.substr(root_.url.size())));
  }
  return issuer;
}

// The one of a tenant at whose address, or below it, the URL is.
std::optional<Issuer> Issuers::above(std::string_view url) const {
  if (!url.starts_with(root_.url)) return std::nullopt;
  url.remove_prefix(root_.url.size());
  if (!url.starts_with(kTenants)) return std::nullopt;
  url.remove_prefix(kTenants.size());
  return of_tenant(url.substr(0, url.find('/')));
}

std::optional<Issuer> Issuers::find(std::string_view url) const {
  if (url == root_.url) return root_;
  auto issuer = above(url);
  return issuer && issuer->url == url ? issuer : std::nullopt;
}

std::optional<Issuer> Issuers::of_resources(std::vector<std::string> const& resources) const {
  if (root_.has_any(resources)) return root_;
  auto issuer = resources.empty() ? std::nullopt : above(resources.front());
  return issuer && issuer->has_any(resources) ? issuer : std::nullopt;
}

}  // namespace keystead::domain

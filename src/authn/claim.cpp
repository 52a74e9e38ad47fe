#include "authn/claim.hpp"

namespace keystead::authn {
namespace {

boost::json::value const* find_value(boost::json::object const& claims, std::string_view path) {
  if (auto const* whole = claims.if_contains(path)) return whole;
  auto dot = path.find('.');
  if (dot == std::string_view::npos) return nullptr;
  auto const* outer = claims.if_contains(path.substr(0, dot));
  auto const* members = outer ? outer->if_object() : nullptr;
  return members ? find_value(*members, path.substr(dot + 1)) : nullptr;
}

}  // namespace

std::string_view find_claim(
    boost::json::object const& claims, std::vector<std::string> const& paths
) {
  for (auto const& path : paths) {
    auto const* value = find_value(claims, path);
    if (value && value->is_string()) return value->get_string();
  }
  return {};
}

std::string_view confirmed_key(boost::json::object const& claims) {
  auto const* confirmation = claims.if_contains("cnf");
  auto const* members = confirmation ? confirmation->if_object() : nullptr;
  auto const* key = members ? members->if_contains("jkt") : nullptr;
  return key && key->is_string() ? std::string_view(key->get_string()) : std::string_view();
}

domain::Role role_of_issuer(std::string_view name) {
  if (auto colon = name.rfind(':'); colon != std::string_view::npos) name.remove_prefix(colon + 1);
  if (name == "basic_member") return domain::Role::member;
  return domain::parse_role(name).value_or(domain::Role::read_only);
}

}  // namespace keystead::authn

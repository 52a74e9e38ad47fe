#include "oauth/checks/scope.hpp"

#include <algorithm>

#include "oauth/requested_access.hpp"

namespace keystead::oauth {
namespace {

constexpr std::size_t kScopeMax = 4096;  // bytes

}  // namespace

TokenResult<std::vector<std::string>> narrow_scope(
    std::string_view asked,
    std::vector<std::string> const& granted,
    domain::ScopeCatalog const& catalog,
    NoneKnown none_known
) {
  if (asked.size() > kScopeMax) return refuse(TokenError::invalid_scope, "scope is too long.");
  if (asked.empty()) return granted;
  auto held = catalog.resolve_known(granted);
  std::vector<std::string> scopes;
  for (auto& name : split_words(asked)) {
    auto set = catalog.resolve_known({&name, 1});
    if (set.empty() || std::ranges::find(scopes, name) != scopes.end()) continue;
    if (!held.contains(set)) {
      return refuse(TokenError::invalid_scope, "A scope is asked for that was not granted.");
    }
    scopes.push_back(std::move(name));
  }
  if (!scopes.empty()) return scopes;
  if (none_known == NoneKnown::all_granted) return granted;
  return refuse(TokenError::invalid_scope, "None of the scopes is known here.");
}

std::vector<std::string> common_scopes(
    std::string_view asked,
    std::vector<std::string> const& granted,
    domain::ScopeCatalog const& catalog
) {
  auto words = split_words(asked.substr(0, kScopeMax));
  auto wanted = catalog.resolve_known(words), held = catalog.resolve_known(granted);
  if (wanted.empty()) return granted;
  auto names = [](std::vector<std::string> const& list, std::string const& name) {
    return std::ranges::find(list, name) != list.end();
  };
  std::vector<std::string> scopes;
  for (auto const& each : catalog.all()) {
    auto set = catalog.resolve_known({&each.name, 1});
    bool is_named = names(words, each.name) || names(granted, each.name);
    if (is_named && wanted.contains(set) && held.contains(set)) scopes.push_back(each.name);
  }
  return scopes;
}

}  // namespace keystead::oauth

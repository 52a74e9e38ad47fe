#include "oauth/requested_access.hpp"

#include <algorithm>

#include "oauth/checks/resource.hpp"

namespace keystead::oauth {
namespace {

bool has(std::vector<std::string> const& texts, std::string_view wanted) {
  return std::ranges::find(texts, wanted) != texts.end();
}

}  // namespace

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (!word.empty()) words.emplace_back(word);
  }
  return words;
}

std::vector<std::string> requested_scopes(
    std::string_view scope, domain::Client const& client, AccessRules const& rules
) {
  auto known = [&](std::vector<std::string> const& names) {
    std::vector<std::string> out;
    for (auto const& each : rules.scopes.all()) {
      bool is_open = client.scopes.empty() || has(client.scopes, each.name);
      if (is_open && has(names, each.name)) out.push_back(each.name);
    }
    return out;
  };
  auto scopes = known(split_words(scope));
  return scopes.empty() ? known(rules.default_scopes) : scopes;
}

std::optional<std::vector<std::string>> requested_resources(
    std::vector<std::string> const& resources, domain::Issuer const& issuer
) {
  std::vector<std::string> out;
  for (auto const& asked : resources) {
    auto ours = std::ranges::find_if(issuer.resources, [&](auto const& each) {
      return is_same_resource(each, asked);
    });
    if (ours == issuer.resources.end()) return std::nullopt;
    if (!has(out, *ours)) out.push_back(*ours);
  }
  if (out.empty()) out.push_back(issuer.resources.front());
  return out;
}

std::vector<std::string> scopes_of_role(
    std::vector<std::string> const& scopes, domain::Role role, AccessRules const& rules
) {
  auto const& of_role = rules.role_scopes[static_cast<std::size_t>(role)];
  std::vector<std::string> out;
  for (auto const& scope : scopes) {
    if (of_role.contains(rules.scopes.resolve_known({&scope, 1}))) out.push_back(scope);
  }
  return out;
}

}  // namespace keystead::oauth

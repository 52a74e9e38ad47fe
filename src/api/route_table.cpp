#include "api/route_table.hpp"

#include <algorithm>

#include "api/markdown.hpp"
#include "api/route_statement.hpp"

namespace keystead::api {
namespace {

std::string proof_text(RouteStatement const& statement) {
  if (statement.proof == RouteStatement::Proof::none) return "nothing";
  if (statement.proof == RouteStatement::Proof::signature) return "a signature";
  if (statement.proof == RouteStatement::Proof::session) return "a session";
  if (!statement.action || statement.action->scope.empty()) return "a key";
  std::string text;
  for (std::string_view rest = statement.action->scope; !rest.empty();) {
    auto scope = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), scope.size() + 1));
    text += (text.empty() ? "" : ", ") + code(scope);
  }
  return text;
}

bool is_shown(Route const& route, PageParts const& parts, bool of_keys) {
  if (!route.pattern.starts_with(kRestPrefix) || text_of(route.method).empty()) return false;
  bool is_of_keys =
      route.pattern == parts.keys_path || route.pattern.starts_with(parts.keys_path + "/");
  auto const* action = statement_of(route).action;
  return is_of_keys == of_keys && !(action && is_closed(*action));
}

}  // namespace

std::vector<Route const*> shown_routes(
    std::vector<Route> const& routes, PageParts const& parts, bool of_keys
) {
  std::vector<Route const*> shown;
  for (auto const& route : routes) {
    if (is_shown(route, parts, of_keys)) shown.push_back(&route);
  }
  return shown;
}

std::string route_table(std::vector<Route const*> const& routes) {
  MarkdownTable table({"call", "what it does", "needs"});
  for (auto const* route : routes) {
    table.add(
        {code(std::string(text_of(route->method)) + " " + route->pattern),
         route->doc.summary,
         proof_text(statement_of(*route))}
    );
  }
  return table.text();
}

}  // namespace keystead::api

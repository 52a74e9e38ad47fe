#include <algorithm>

#include <boost/json/array.hpp>

#include "api/command_example.hpp"
#include "api/markdown.hpp"
#include "api/pages.hpp"
#include "api/route_table.hpp"
#include "codec/json.hpp"

namespace keystead::api {
namespace {

Route const* find_route(
    std::vector<Route const*> const& routes, http::Method method, std::string const& pattern
) {
  auto found = std::ranges::find_if(routes, [&](Route const* route) {
    return route->method == method && route->pattern == pattern;
  });
  return found == routes.end() ? nullptr : *found;
}

json::array first_scope(PageParts const& parts) {
  json::array scopes;
  if (!parts.scopes.all().empty()) scopes.emplace_back(parts.scopes.all().front().name);
  return scopes;
}

std::string members_line(Route const& create) {
  auto const* properties = create.doc.response.if_contains("properties");
  if (!properties || !properties->is_object()) return {};
  std::string names;
  for (auto const& property : properties->get_object()) {
    names += (names.empty() ? "" : ", ") + code(property.key());
  }
  return "The answer has " + names + ". `key` is in it this once and never again.\n\n";
}

std::string scopes_text(PageParts const& parts) {
  if (parts.scopes.all().empty()) return {};
  if (parts.default_scopes.empty() && parts.scopeless_is_full) {
    return "Without `scopes` the key has full access. ";
  }
  std::string names;
  for (auto const& scope : parts.default_scopes) names += (names.empty() ? "" : ", ") + code(scope);
  if (names.empty()) return "Without `scopes` the key has none. ";
  return "Without `scopes` it gets " + names + ", as far as the key that makes it has them. ";
}

std::string create_section(PageParts const& parts, Route const& route) {
  json::object body{{"name", "ci"}, {"expires_in", "30d"}};
  if (auto scopes = first_scope(parts); !scopes.empty()) body["scopes"] = std::move(scopes);
  std::string text = "## Making a key\n\n";
  text += code_block("sh", rest_command(parts, route, codec::to_text(body)));
  text += members_line(route);
  text += scopes_text(parts) +
          "Without `expires_in` (`30d`) and `expires_at` (`2027-01-31T12:00:00Z`) it does not "
          "expire. `addresses` are those from which it may be used, such as `192.0.2.0/24`. A key "
          "never makes one that may do more than itself.";
  if (parts.keys_max) {
    text += " A " + parts.tenant + " has at most " + std::to_string(*parts.keys_max) +
            " active keys; one more is refused.";
  }
  return text + "\n\n";
}

std::string narrow_section(PageParts const& parts, Route const& route) {
  json::object body{{"expires_in", "1h"}};
  auto const& tools = parts.tools.all();
  if (!tools.empty()) body["tools"].emplace_array().emplace_back(tools.begin()->first);
  std::string text = "## A narrower key\n\n";
  text +=
      "Whoever holds a key makes a child of it, for a sub-agent: with fewer scopes, fewer "
      "`tools`, `arguments` that may only have the values given, or a shorter life. It ends "
      "with its parent.\n\n";
  return text + code_block("sh", rest_command(parts, route, codec::to_text(body)));
}

}  // namespace

Page keys_page(PageParts const& parts, std::vector<Route> const& routes) {
  using enum http::Method;
  Page page{
      "/docs/keys.md",
      "Keys",
      "Making, listing, renaming, rotating, narrowing and revoking keys.",
      "# Keys\n\n"
  };
  auto shown = shown_routes(routes, parts, true);
  page.text += route_table(shown);
  if (auto const* create = find_route(shown, post, parts.keys_path)) {
    page.text += create_section(parts, *create);
  }
  if (auto const* narrow = find_route(shown, post, parts.keys_path + "/narrow")) {
    page.text += narrow_section(parts, *narrow);
  }
  page.text +=
      "## Ending a key\n\nA key that is revoked is refused from the next request on, and "
      "so are those that were narrowed from it. `rotate` replaces a key by one with the "
      "same rights; the old one goes on for `overlap`, such as `24h`, or ends at once.\n";
  return page;
}

}  // namespace keystead::api

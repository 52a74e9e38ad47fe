#include "api/command_example.hpp"
#include "api/markdown.hpp"
#include "api/pages.hpp"
#include "api/route_statement.hpp"
#include "api/route_table.hpp"

namespace keystead::api {
namespace {

std::string query_line(Route const& route) {
  if (route.doc.parameters.empty()) return {};
  std::string text;
  for (auto const& parameter : route.doc.parameters) {
    text += (text.empty() ? "" : ", ") + code(parameter.key());
  }
  return "Parameters of " + code("GET " + route.pattern) + ": " + text + ".\n\n";
}

// What a person does in a browser, or a reporter with its signature, is none to type with a key.
bool has_command(Route const& route) {
  if (route.doc.for_people) return false;
  auto proof = statement_of(route).proof;
  if (proof == RouteStatement::Proof::none) {
    return !std::holds_alternative<ForVisitor>(route.handler);
  }
  return proof == RouteStatement::Proof::key;
}

std::string commands_of(PageParts const& parts, std::vector<Route const*> const& routes) {
  std::string commands;
  for (auto const* route : routes) {
    if (has_command(*route)) commands += rest_command(parts, *route);
  }
  return commands.empty() ? "" : code_block("sh", commands);
}

// tasks of /api/v1/tasks/{id}
std::string_view resource_of(Route const& route) {
  std::string_view rest = std::string_view(route.pattern).substr(kRestPrefix.size());
  return rest.substr(0, rest.find('/'));
}

std::string section_of(PageParts const& parts, std::vector<Route const*> const& routes) {
  std::string text =
      "## " + std::string(resource_of(*routes.front())) + "\n\n" + route_table(routes);
  for (auto const* route : routes) text += query_line(*route);
  return text + commands_of(parts, routes);
}

}  // namespace

Page rest_page(PageParts const& parts, std::vector<Route> const& routes) {
  Page page{
      "/docs/rest.md",
      "REST",
      "The resources below /api/v1, with a command for each call.",
      "# REST\n\n"
  };
  page.text +=
      "Bodies are JSON. `$KEY` is a key; with which scope, the tables say. The schemas are "
      "in " +
      parts.url + "/api/v1/openapi.json.\n\n";
  std::vector<Route const*> resource;
  for (auto const* route : shown_routes(routes, parts, false)) {
    if (!resource.empty() && resource_of(*resource.front()) != resource_of(*route)) {
      page.text += section_of(parts, resource);
      resource.clear();
    }
    resource.push_back(route);
  }
  if (!resource.empty()) page.text += section_of(parts, resource);
  return page;
}

}  // namespace keystead::api

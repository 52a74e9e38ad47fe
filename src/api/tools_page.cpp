#include <algorithm>

#include <boost/json/array.hpp>

#include "api/example_value.hpp"
#include "api/markdown.hpp"
#include "api/pages.hpp"
#include "api/route_statement.hpp"

namespace keystead::api {
namespace {

bool is_required(json::object const& schema, std::string_view name) {
  auto const* required = schema.if_contains("required");
  return required && std::ranges::any_of(required->as_array(), [&](json::value const& each) {
           return each.is_string() && each.get_string() == name;
         });
}

std::string description_of(json::object const& schema) {
  auto const* text = schema.if_contains("description");
  return text && text->is_string() ? std::string(text->get_string()) : std::string();
}

std::string arguments_of(json::object const& schema) {
  auto const* properties = schema.if_contains("properties");
  if (!properties || properties->as_object().empty()) return "No arguments.\n\n";
  MarkdownTable table({"argument", "type", "required", "meaning"});
  for (auto const& property : properties->get_object()) {
    auto const& inner = property.value().as_object();
    table.add(
        {code(property.key()),
         type_name(inner),
         is_required(schema, property.key()) ? "yes" : "",
         description_of(inner)}
    );
  }
  return table.text();
}

std::string_view effect_text(domain::Effect effect) {
  switch (effect) {
    case domain::Effect::read: return "Reads.";
    case domain::Effect::write: return "Writes.";
    case domain::Effect::destroy: break;
  }
  return "Destroys.";
}

std::string section_of(mcp::Tool const& tool) {
  std::string text = "## " + tool.name + "\n\n";
  std::string description = one_line(tool.description);
  if (description.empty()) description = one_line(tool.title);
  if (!description.empty()) text += description + "\n\n";
  text += effect_text(tool.action->effect);
  if (!tool.action->scope.empty()) text += " Needs " + code(tool.action->scope) + ".";
  return text + "\n\n" + arguments_of(tool.input_schema);
}

}  // namespace

Page tools_page(PageParts const& parts) {
  Page page{
      "/docs/tools.md",
      "Tools",
      "The tools that MCP serves, with their scopes and arguments.",
      "# Tools\n\n"
  };
  page.text +=
      "MCP is served at " + parts.url + parts.mcp_path +
      " (Streamable HTTP, protocol revisions 2025-03-26 to 2026-07-28, no session needed). "
      "`tools/list` shows those that the key may call.\n\n";
  for (auto const& [name, tool] : parts.tools.all()) {
    if (!is_closed(*tool.action)) page.text += section_of(tool);
  }
  return page;
}

}  // namespace keystead::api

#include "mcp/catalog.hpp"

#include <algorithm>

#include "codec/json.hpp"

namespace keystead::mcp {
namespace {

// What a revision knows of a tool: annotations came with 2025-03-26, title and outputSchema with
// 2025-06-18.
enum class Shape : std::size_t { plain, annotated, titled };

Shape shape_of(Revision revision) {
  if (revision < Revision::r2025_03_26) return Shape::plain;
  return revision < Revision::r2025_06_18 ? Shape::annotated : Shape::titled;
}

// The specification's defaults are the worst case (destructive, open world), so every hint is said.
json::object annotations_of(Tool const& tool, Shape shape) {
  auto effect = tool.action->effect;
  bool reads = effect == domain::Effect::read;
  json::object hints;
  if (shape == Shape::annotated && !tool.title.empty()) hints["title"] = tool.title;
  hints["readOnlyHint"] = reads;
  hints["destructiveHint"] = effect == domain::Effect::destroy;
  hints["idempotentHint"] = reads || tool.idempotent;
  hints["openWorldHint"] = false;
  return hints;
}

std::string render(Tool const& tool, Shape shape) {
  json::object out;
  out["name"] = tool.name;
  if (shape == Shape::titled && !tool.title.empty()) out["title"] = tool.title;
  if (!tool.description.empty()) out["description"] = tool.description;
  out["inputSchema"] = tool.input_schema;
  if (shape == Shape::titled && !tool.output_schema.empty())
    out["outputSchema"] = tool.output_schema;
  if (shape != Shape::plain) out["annotations"] = annotations_of(tool, shape);
  return codec::to_text(out);
}

std::string_view name_of_tool(Catalog::Entry const& entry) {
  return entry.tool->name;
}

}  // namespace

std::string const& Catalog::Entry::text(Revision revision) const {
  return texts[static_cast<std::size_t>(shape_of(revision))];
}

Catalog::Catalog(Toolbox const& tools) {
  entries_.reserve(tools.all().size());
  for (auto const& [name, tool] : tools.all()) {
    entries_.push_back(
        {&tool,
         find_mirrored_arguments(tool.input_schema),
         {render(tool, Shape::plain), render(tool, Shape::annotated), render(tool, Shape::titled)}}
    );
  }
}

Catalog::Entry const* Catalog::find(std::string_view name) const {
  auto at = std::ranges::lower_bound(entries_, name, {}, name_of_tool);
  return at != entries_.end() && name_of_tool(*at) == name ? &*at : nullptr;
}

std::span<Catalog::Entry const> Catalog::after(std::string_view name) const {
  return {std::ranges::upper_bound(entries_, name, {}, name_of_tool), entries_.end()};
}

}  // namespace keystead::mcp

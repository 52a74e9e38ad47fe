// Rate limits as the file writes them.
#include "app/config/checks.hpp"
#include "app/config/reader.hpp"

namespace keystead::app {

void read_value(
    Reading& in, YamlNode const& node, std::string const& path, LimitOrNone out, Rule const&
) {
  auto text = in.scalar(node, path, "a rate limit such as 600/1m, or none");
  if (!text) return;
  out.limit.reset();
  if (text->text == "none") return;
  if (auto limit = TextForm<authz::RateLimit>::parse(text->text)) {
    out.limit = *limit;
  } else {
    in.complain(node.line, path, limit.error().public_text);
  }
}

void read_value(
    Reading& in, YamlNode const& node, std::string const& path, ToolLimits out, Rule const&
) {
  if (!in.is_map(node, path)) return;
  for (Entry const& entry : entries_of(in, node, path)) {
    ToolLimitConfig& item = out.limits.emplace_back();
    item.tools = entry.key->text;
    std::string item_path = join(path, item.tools);
    if (!is_tool_pattern(item.tools)) in.complain(entry.key->line, item_path, kToolPatternForm);
    read_value(in, *entry.value, item_path, item.limit, Rule{});
  }
}

}  // namespace keystead::app

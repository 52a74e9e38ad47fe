#include "mcp/tool.hpp"

#include <algorithm>
#include <cassert>

namespace keystead::mcp {

Result<void> Toolbox::add(Tool tool) {
  constexpr std::string_view kPunctuation = "_./-";
  bool well_formed =
      !tool.name.empty() && tool.name.size() <= 64 && std::ranges::all_of(tool.name, [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               kPunctuation.contains(c);
      });
  if (!well_formed) return fail(Code::invalid_request, "\"" + tool.name + "\" is not a tool name");
  assert(tool.action && (tool.in_memory != nullptr) != (tool.on_tenant != nullptr));
  std::string name = tool.name;
  if (!tools_.try_emplace(std::move(name), std::move(tool)).second) {
    return fail(Code::invalid_request, "two tools are called \"" + tool.name + "\"");
  }
  return {};
}

Tool const* Toolbox::find(std::string_view name) const {
  auto at = tools_.find(name);
  return at == tools_.end() ? nullptr : &at->second;
}

}  // namespace keystead::mcp

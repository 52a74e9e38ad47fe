#include "mcp/builtin_tools.hpp"

#include <algorithm>
#include <array>

#include <boost/json/array.hpp>

namespace keystead::mcp {
namespace {

// Which credential a caller holds and what it may do. It does not say which tenant: callers never
// see that id. The result shares the memory of the arguments, which is the request's.
Result<json::object> whoami(
    ToolSurroundings const& with, domain::Permit const& permit, json::object const& arguments
) {
  auto const& principal = permit.principal();
  json::object result(arguments.storage());
  result[std::string(principal.bearer_kind()) + "_id"].emplace_string() = principal.bearer_id();
  auto& names = result["scopes"].emplace_array();
  auto const& scopes = with.scopes.all();
  for (std::size_t i = 0; i < scopes.size(); ++i) {
    if (principal.scopes().has(i)) names.emplace_back(scopes[i].name);
  }
  return result;
}

Result<json::object> current_time(
    ToolSurroundings const& with, domain::Permit const&, json::object const&
) {
  return json::object{{"time", format_time(with.clock.now())}};
}

struct BuiltinTool {
  std::string_view name;
  std::string_view title;
  std::string_view description;
  Result<json::object> (*run)(
      ToolSurroundings const&, domain::Permit const&, json::object const& arguments
  );
};

constexpr std::array<BuiltinTool, 2> kBuiltinTools{{
    {"current_time", "Current time", "The server's clock, in UTC.", current_time},
    {"whoami",
     "Who am I",
     "The credential this call was made with: its id and its scopes.",
     whoami},
}};

}  // namespace

Result<void> add_builtin_tools(
    Toolbox& tools,
    authz::ActionTable& actions,
    std::span<std::string const> names,
    ToolSurroundings const& surroundings
) {
  for (auto const& name : names) {
    auto const* builtin = std::ranges::find(kBuiltinTools, name, &BuiltinTool::name);
    if (builtin == kBuiltinTools.end()) {
      std::string known;
      for (auto const& each : kBuiltinTools)
        known.append(known.empty() ? "" : ", ").append(each.name);
      return fail(
          Code::invalid_request, "there is no built-in tool \"" + name + "\"; there are " + known
      );
    }
    Tool tool;
    tool.name = builtin->name;
    tool.title = builtin->title;
    tool.description = builtin->description;
    tool.input_schema = {{"type", "object"}, {"additionalProperties", false}};
    tool.action = TRY(actions.add_tool(name, domain::Effect::read, "", name, ""));
    tool.idempotent = true;
    tool.in_memory = [surroundings, run = builtin->run](auto const& permit, auto const& arguments) {
      return run(surroundings, permit, arguments);
    };
    TRY(tools.add(std::move(tool)));
  }
  return {};
}

}  // namespace keystead::mcp

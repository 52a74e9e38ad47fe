#include "mcp/tool_call.hpp"

#include "authz/authorizer.hpp"
#include "codec/json.hpp"
#include "mcp/header_rules.hpp"

namespace keystead::mcp {
namespace {

RpcResult<Catalog::Entry const*> find_tool(Catalog const& catalog, Message const& message) {
  auto const* name = message.param("name");
  if (!name || !name->is_string()) {
    return std::unexpected(RpcError{RpcCode::invalid_params, "name must be a string"});
  }
  std::string_view text(name->get_string().data(), name->get_string().size());
  auto const* entry = catalog.find(text);
  if (!entry) {
    return std::unexpected(RpcError{RpcCode::invalid_params, "Unknown tool: " + shortened(text)});
  }
  return entry;
}

RpcResult<json::object const*> find_arguments(Message const& message) {
  static json::object const kNone;
  auto const* arguments = message.param("arguments");
  if (!arguments) return &kNone;
  if (auto const* object = arguments->if_object()) return object;
  return std::unexpected(RpcError{RpcCode::invalid_params, "arguments must be an object"});
}

json::value const* find_property(Tool const& tool, std::string_view name) {
  auto const* properties = tool.input_schema.if_contains("properties");
  auto const* members = properties ? properties->if_object() : nullptr;
  return members ? members->if_contains({name.data(), name.size()}) : nullptr;
}

std::expected<domain::Permit, domain::Denial> decide(
    domain::Principal const& principal, Tool const& tool, json::object const& arguments
) {
  authz::Arguments given;
  given.takes = [&tool](std::string_view name) { return find_property(tool, name) != nullptr; };
  given.value = [&arguments](std::string_view name) -> std::optional<std::string> {
    auto const* value = arguments.if_contains({name.data(), name.size()});
    return value ? std::optional(codec::to_text(*value)) : std::nullopt;
  };
  return authz::Authorizer::decide(principal, *tool.action, given);
}

Result<json::object> run(
    Tool const& tool,
    domain::Permit const& permit,
    store::TenantStores& stores,
    json::object const& arguments
) {
  if (tool.in_memory) return tool.in_memory(permit, arguments);
  auto store = stores.open(permit);
  return tool.on_tenant(permit, store, arguments);
}

// The same with the hook behind it, whatever becomes of the call.
Result<json::object> run_and_tell(
    CallHooks const& hooks,
    Tool const& tool,
    domain::Permit const& permit,
    store::TenantStores& stores,
    json::object const& arguments
) {
  if (!hooks.after_call) return run(tool, permit, stores, arguments);
  auto result = [&] {
    try {
      return run(tool, permit, stores, arguments);
    } catch (...) {
      hooks.after_call(permit, tool, false);
      throw;
    }
  }();
  hooks.after_call(permit, tool, result.has_value());
  return result;
}

void append_text_content(std::string& out, std::string_view text) {
  out += "\"content\":[{\"type\":\"text\",\"text\":";
  codec::append_quoted(out, text);
  out += "}]";
}

void append_outcome(std::string& out, json::object const& result, Revision revision) {
  // The same text stands in the answer twice; the buffer keeps its capacity from call to call.
  static thread_local std::string text;
  text.clear();
  codec::append_text(text, result);
  append_text_content(out, text);
  if (revision >= Revision::r2025_06_18) {
    out += ",\"structuredContent\":";
    out += text;
  }
  out += ",\"isError\":false";
}

// Up to 2025-06-18 "invalid arguments" is a protocol error; since 2025-11-25 it is for the model to
// read and mend.
bool is_protocol_error(Failure const& failure, Revision revision) {
  return failure.code == Code::invalid_request && revision <= Revision::r2025_06_18;
}

}  // namespace

Reply call_tool(
    Catalog const& catalog,
    store::TenantStores& stores,
    CallHooks const& hooks,
    Call const& call,
    std::string& out
) {
  static json::object const kNone;
  Catalog::Entry const* entry = TRY(find_tool(catalog, call.message));
  Tool const& tool = *entry->tool;
  // Who may not call a tool is not told what is wrong with its arguments.
  auto readable = find_arguments(call.message);
  domain::Permit permit = TRY(decide(call.principal, tool, readable ? **readable : kNone));
  json::object const& arguments = *TRY(std::move(readable));
  if (is_modern(call.revision)) {
    TRY(check_mirrored_arguments(entry->mirrored, call.request, arguments));
  }
  if (tool.on_tenant && call.where == http::Where::io_thread) return http::Outcome::needs_worker;
  if (hooks.before_call) {
    if (auto denial = hooks.before_call(permit, tool, call.response))
      return std::unexpected<Refusal>(*denial);
  }

  auto result = run_and_tell(hooks, tool, permit, stores, arguments);
  if (result) {
    append_outcome(out, *result, call.revision);
  } else if (is_protocol_error(result.error(), call.revision)) {
    return invalid_params(std::move(result.error().public_text));
  } else {
    append_text_content(out, result.error().public_text);
    out += ",\"isError\":true";
  }
  return http::Outcome::answered;
}

}  // namespace keystead::mcp

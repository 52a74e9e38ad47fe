#include "mcp/methods.hpp"

#include <algorithm>

#include "codec/json.hpp"
#include "mcp/header_rules.hpp"
#include "mcp/tool_call.hpp"
#include "mcp/tool_list.hpp"

namespace keystead::mcp {
namespace {

// Nothing but an upgrade changes what server/discover says.
constexpr std::string_view kDiscoverCaching = ",\"ttlMs\":3600000,\"cacheScope\":\"private\"";
constexpr std::string_view kCapabilities = "\"capabilities\":{\"tools\":{}}";

std::string render_server_info(Endpoint::Options const& options, bool with_title) {
  json::object info;
  info["name"] = options.name;
  if (with_title && !options.title.empty()) info["title"] = options.title;
  info["version"] = options.version;
  return codec::to_text(info);
}

std::string render_instructions(std::string const& instructions) {
  if (instructions.empty()) return {};
  std::string out = ",\"instructions\":";
  codec::append_quoted(out, instructions);
  return out;
}

RpcError unknown_method(Call const& call) {
  RpcError error{RpcCode::method_not_found, "Method not found: " + shortened(call.message.method)};
  if (is_modern(call.revision)) error.status = 404;
  // A legacy client cannot learn the versions in any other way (2026-07-28 versioning, "Backward
  // Compatibility").
  if (call.message.method == "initialize") {
    error.data = "{\"supported\":" + supported_versions_json() + "}";
  }
  return error;
}

}  // namespace

struct Methods::Row {
  std::string_view name;
  bool in_legacy;
  bool in_modern;
  Method method;
};

constexpr Methods::Row Methods::kTable[] = {
    {"tools/call", true, true, &Methods::call_tool},
    {"tools/list", true, true, &Methods::list_tools},
    {"initialize", true, false, &Methods::initialize},
    {"ping", true, false, &Methods::ping},
    {"server/discover", false, true, &Methods::discover},
};

Methods::Methods(
    Endpoint::Options const& options, Toolbox const& tools, store::TenantStores& stores
)
    : catalog_(tools),
      stores_(stores),
      hooks_(options.hooks),
      page_size_(std::max<std::size_t>(options.page_size, 1)),
      server_info_(render_server_info(options, true)),
      untitled_server_info_(render_server_info(options, false)),
      instructions_(render_instructions(options.instructions)) {}

Methods::Method Methods::find(Call const& call) {
  for (Row const& row : kTable) {
    bool exists = is_modern(call.revision) ? row.in_modern : row.in_legacy;
    if (exists && row.name == call.message.method) return row.method;
  }
  return nullptr;
}

Reply Methods::answer(Call const& call, std::string& out) const {
  Method method = find(call);
  if (!method) return refuse(unknown_method(call));
  std::size_t before = out.size();
  bool modern = is_modern(call.revision);
  append_result_head(out, *call.message.id);
  out += modern ? "{\"resultType\":\"complete\"," : "{";
  Reply reply = (this->*method)(call, out);
  if (!reply || *reply != http::Outcome::answered) {
    out.resize(before);
    return reply;
  }
  if (modern) {
    out += ",\"_meta\":{\"io.modelcontextprotocol/serverInfo\":";
    out += server_info_;
    out += '}';
  }
  out += "}}";
  return reply;
}

Reply Methods::initialize(Call const& call, std::string& out) const {
  auto const* asked = call.message.param("protocolVersion");
  if (!asked || !asked->is_string()) return invalid_params("protocolVersion must be a string");
  auto revision = find_revision({asked->get_string().data(), asked->get_string().size()});
  // initialize cannot agree on a modern revision, which has no initialize.
  if (!revision || is_modern(*revision)) revision = kNewestLegacy;
  out += "\"protocolVersion\":";
  codec::append_quoted(out, name_of(*revision));
  out += ',';
  out += kCapabilities;
  out += ",\"serverInfo\":";
  out += *revision < Revision::r2025_06_18 ? untitled_server_info_ : server_info_;
  out += instructions_;
  return http::Outcome::answered;
}

Reply Methods::ping(Call const&, std::string&) const {
  return http::Outcome::answered;
}

Reply Methods::discover(Call const&, std::string& out) const {
  out += "\"supportedVersions\":";
  out += supported_versions_json();
  out += ',';
  out += kCapabilities;
  out += instructions_;
  out += kDiscoverCaching;
  return http::Outcome::answered;
}

Reply Methods::list_tools(Call const& call, std::string& out) const {
  return mcp::list_tools(catalog_, page_size_, call, out);
}

Reply Methods::call_tool(Call const& call, std::string& out) const {
  return mcp::call_tool(catalog_, stores_, hooks_, call, out);
}

}  // namespace keystead::mcp

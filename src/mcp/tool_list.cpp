#include "mcp/tool_list.hpp"

#include "authz/authorizer.hpp"
#include "codec/base64url.hpp"

namespace keystead::mcp {
namespace {

// A list depends on the caller's scopes, so no cache may share it between callers ("Caching
// Security"), and a key's scopes may change, so not for long.
constexpr std::string_view kCaching = ",\"ttlMs\":60000,\"cacheScope\":\"private\"";

// A cursor is this and the name of the last tool of the page, in base64url. It stays good when
// tools come and go.
constexpr std::string_view kCursorPrefix = "after:";

RpcResult<std::string> read_cursor(Message const& message) {
  auto const* cursor = message.param("cursor");
  if (!cursor) return std::string();
  if (cursor->is_string()) {
    auto text = codec::base64url_decode({cursor->get_string().data(), cursor->get_string().size()});
    if (text && text->starts_with(kCursorPrefix) && text->size() > kCursorPrefix.size()) {
      return text->substr(kCursorPrefix.size());
    }
  }
  return std::unexpected(RpcError{RpcCode::invalid_params, "Invalid cursor"});
}

void append_cursor(std::string& out, std::string_view last) {
  out += ",\"nextCursor\":\"";
  out += codec::base64url_encode(std::string(kCursorPrefix).append(last));
  out += '"';
}

}  // namespace

Reply list_tools(
    Catalog const& catalog, std::size_t page_size, Call const& call, std::string& out
) {
  auto cursor = read_cursor(call.message);
  if (!cursor) return refuse(std::move(cursor.error()));
  out += "\"tools\":[";
  std::size_t count = 0;
  std::string_view last;
  bool more = false;
  for (Catalog::Entry const& entry : catalog.after(*cursor)) {
    if (!authz::Authorizer::decide(call.principal, *entry.tool->action)) continue;
    more = count == page_size;
    if (more) break;
    if (count++ > 0) out += ',';
    out += entry.text(call.revision);
    last = entry.tool->name;
  }
  out += ']';
  if (more) append_cursor(out, last);
  if (is_modern(call.revision)) out += kCaching;
  return http::Outcome::answered;
}

}  // namespace keystead::mcp

#include "mcp/era.hpp"

#include <algorithm>
#include <array>

#include "codec/json.hpp"

namespace keystead::mcp {
namespace {

constexpr std::array<std::string_view, 5> kNames = {
    "2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"
};

RpcError unsupported(std::string_view requested) {
  RpcError error{RpcCode::unsupported_protocol_version, "Unsupported protocol version", 400};
  error.data = "{\"supported\":" + supported_versions_json() + ",\"requested\":";
  codec::append_quoted(error.data, shortened(requested));
  error.data += '}';
  return error;
}

RpcError malformed_meta(std::string_view key, std::string_view kind) {
  std::string message = "Invalid params: _meta[\"io.modelcontextprotocol/";
  message += key;
  message += "\"] must be ";
  message += kind;
  return {RpcCode::invalid_params, std::move(message), 400};
}

json::value const* find_meta(Message const& message, std::string_view key) {
  auto const* meta = message.param("_meta");
  auto const* members = meta ? meta->if_object() : nullptr;
  return members ? members->if_contains({key.data(), key.size()}) : nullptr;
}

json::value const* find_claim(Message const& message) {
  return find_meta(message, "io.modelcontextprotocol/protocolVersion");
}

// Revisions are dates, so one that is newer than all we know is modern too.
bool names_modern(std::optional<std::string_view> version) {
  return version && version->starts_with('2') && *version >= kNames.back();
}

RpcResult<Revision> read_claim(json::value const& claim, RequestHeaders const& headers) {
  if (!claim.is_string()) return std::unexpected(malformed_meta("protocolVersion", "a string"));
  std::string_view claimed(claim.get_string().data(), claim.get_string().size());
  if (headers.version && *headers.version != claimed) {
    return std::unexpected(
        RpcError{
            RpcCode::header_mismatch,
            "Header mismatch: MCP-Protocol-Version differs from the protocol version in _meta",
            400
        }
    );
  }
  auto revision = find_revision(claimed);
  if (!revision) return std::unexpected(unsupported(claimed));
  return *revision;
}

RpcResult<Revision> read_header(std::string_view version) {
  auto revision = find_revision(version);
  if (!revision) return std::unexpected(unsupported(version));
  return *revision;
}

RpcError repeated_header() {
  return {RpcCode::header_mismatch, "Header mismatch: an MCP header came more than once", 400};
}

}  // namespace

std::string_view name_of(Revision revision) {
  return kNames[static_cast<std::size_t>(revision)];
}

std::optional<Revision> find_revision(std::string_view name) {
  auto at = std::ranges::find(kNames, name);
  if (at == kNames.end()) return std::nullopt;
  return static_cast<Revision>(at - kNames.begin());
}

std::string const& supported_versions_json() {
  static std::string const kText = [] {
    std::string list = "[";
    for (std::size_t i = kNames.size(); i-- > 1;) {
      if (list.size() > 1) list += ',';
      codec::append_quoted(list, kNames[i]);
    }
    return list + "]";
  }();
  return kText;
}

bool claims_revision(Message const& message) {
  return find_claim(message) != nullptr;
}

RpcResult<Revision> choose_revision(Message const& message, RequestHeaders const& headers) {
  if (headers.repeated) return std::unexpected(repeated_header());
  bool is_request = message.kind == Message::Kind::request;
  if (auto const* claim = find_claim(message)) {
    Revision revision = TRY(read_claim(*claim, headers));
    if (is_request && is_modern(revision)) {
      auto const* capabilities = find_meta(message, "io.modelcontextprotocol/clientCapabilities");
      if (!capabilities || !capabilities->is_object()) {
        return std::unexpected(malformed_meta("clientCapabilities", "an object"));
      }
    }
    return revision;
  }
  // initialize negotiates by its body; a header that a client sends along too early does not
  // matter.
  if (message.method == "initialize" && !names_modern(headers.version)) return kNewestLegacy;
  // 2026-07-28 streamable-http, "Protocol Version Header": who sends none may be taken for
  // 2025-03-26.
  if (!headers.version) return Revision::r2025_03_26;
  Revision revision = TRY(read_header(*headers.version));
  if (is_request && is_modern(revision)) {
    return std::unexpected(malformed_meta("protocolVersion", "a string"));
  }
  return revision;
}

RpcResult<Revision> choose_batch_revision(RequestHeaders const& headers) {
  if (headers.repeated) return std::unexpected(repeated_header());
  if (!headers.version) return Revision::r2025_03_26;
  Revision revision = TRY(read_header(*headers.version));
  if (revision != Revision::r2025_03_26) {
    std::string message = "A batch is not part of protocol version ";
    message += *headers.version;
    return std::unexpected(RpcError{RpcCode::invalid_request, std::move(message), 400});
  }
  return revision;
}

}  // namespace keystead::mcp

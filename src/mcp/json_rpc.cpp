#include "mcp/json_rpc.hpp"

#include <charconv>

#include "codec/json.hpp"

namespace keystead::mcp {
namespace {

constexpr std::size_t kIdSizeMax = 1024;

RpcError invalid_request(std::string message) {
  return {RpcCode::invalid_request, std::move(message), 400};
}

bool is_echoable(json::value const& id) {
  return id.is_int64() || id.is_uint64() ||
         (id.is_string() && id.get_string().size() <= kIdSizeMax);
}

template <class Integer>
void append_integer(std::string& out, Integer number) {
  char digits[24];
  auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

void append_error_object(std::string& out, RpcError const& error) {
  out += "\"error\":{\"code\":";
  append_integer(out, static_cast<int>(error.code));
  out += ",\"message\":";
  codec::append_quoted(out, error.message);
  if (!error.data.empty()) {
    out += ",\"data\":";
    out += error.data;
  }
  out += "}}";
}

}  // namespace

json::value const* Message::param(std::string_view name) const {
  return params ? params->if_contains({name.data(), name.size()}) : nullptr;
}

RpcResult<Message> read_message(json::value const& document) {
  auto const* envelope = document.if_object();
  if (!envelope) return std::unexpected(invalid_request("A message is a JSON object"));
  auto const* version = envelope->if_contains("jsonrpc");
  if (!version || !version->is_string() || version->get_string() != "2.0") {
    return std::unexpected(invalid_request("jsonrpc must be \"2.0\""));
  }
  Message message;
  auto const* method = envelope->if_contains("method");
  if (!method && (envelope->contains("result") || envelope->contains("error"))) {
    message.kind = Message::Kind::response;
    return message;
  }
  if (!method || !method->is_string()) {
    return std::unexpected(invalid_request("method must be a string"));
  }
  message.method = {method->get_string().data(), method->get_string().size()};
  message.id = envelope->if_contains("id");
  if (!message.id) {
    message.kind = Message::Kind::notification;
  } else if (!is_echoable(*message.id)) {
    return std::unexpected(
        invalid_request("id must be an integer or a string of at most 1024 bytes")
    );
  }
  if (auto const* params = envelope->if_contains("params")) {
    message.params = params->if_object();
    if (!message.params) return std::unexpected(invalid_request("params must be an object"));
  }
  return message;
}

json::value const& readable_id(json::value const& document) {
  static json::value const kNull;
  auto const* envelope = document.if_object();
  auto const* id = envelope ? envelope->if_contains("id") : nullptr;
  return id && is_echoable(*id) ? *id : kNull;
}

void append_result_head(std::string& out, json::value const& id) {
  out += "{\"jsonrpc\":\"2.0\",\"id\":";
  codec::append_text(out, id);
  out += ",\"result\":";
}

void append_error(std::string& out, json::value const& id, RpcError const& error) {
  out += "{\"jsonrpc\":\"2.0\",\"id\":";
  codec::append_text(out, id);
  out += ',';
  append_error_object(out, error);
}

void append_error_without_id(std::string& out, RpcError const& error) {
  out += "{\"jsonrpc\":\"2.0\",";
  append_error_object(out, error);
}

std::string shortened(std::string_view text) {
  constexpr std::size_t kSizeMax = 128;
  if (text.size() <= kSizeMax) return std::string(text);
  std::size_t end = kSizeMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

}  // namespace keystead::mcp

#include "mcp/header_rules.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "codec/base64url.hpp"

namespace keystead::mcp {
namespace {

std::unexpected<RpcError> mismatch(std::string_view header, std::string_view what) {
  std::string message = "Header mismatch: ";
  message += header;
  message += what;
  return std::unexpected(RpcError{RpcCode::header_mismatch, std::move(message), 400});
}

std::string_view text_of(json::value const& value) {
  return {value.get_string().data(), value.get_string().size()};
}

// RFC 4648 §4 with padding, which codec reads as its unpadded sibling after a change of two
// letters.
std::optional<std::string> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0 || text.find_first_of("-_") != std::string_view::npos)
    return std::nullopt;
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  std::string letters(text);
  std::ranges::replace(letters, '+', '-');
  std::ranges::replace(letters, '/', '_');
  return codec::base64url_decode(letters);
}

bool is_plain(std::string_view value) {
  return std::ranges::all_of(value, [](char c) { return (c >= 0x20 && c < 0x7f) || c == '\t'; });
}

// "Value Encoding": =?base64?…?= is decoded, everything else stands for itself. Nothing if it is
// malformed.
std::optional<std::string> decode_value(std::string_view value) {
  constexpr std::string_view kPrefix = "=?base64?";
  constexpr std::string_view kSuffix = "?=";
  if (!is_plain(value)) return std::nullopt;
  if (value.size() < kPrefix.size() + kSuffix.size() || !value.starts_with(kPrefix) ||
      !value.ends_with(kSuffix)) {
    return std::string(value);
  }
  value.remove_prefix(kPrefix.size());
  value.remove_suffix(kSuffix.size());
  return decode_base64(value);
}

template <class Number>
bool reads_as(std::string_view digits, Number expected) {
  Number number{};
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc{} && end == digits.data() + digits.size() && number == expected;
}

// "42" and "42.0" are the same integer. Exact, unlike a comparison of doubles.
template <class Integer>
bool is_integer(std::string_view text, Integer expected) {
  auto point = text.find('.');
  if (point != std::string_view::npos) {
    auto fraction = text.substr(point + 1);
    if (fraction.empty() || fraction.find_first_not_of('0') != std::string_view::npos) return false;
  }
  return reads_as(text.substr(0, point), expected);
}

bool says_the_same(std::string_view text, json::value const& value) {
  switch (value.kind()) {
    case json::kind::string: return text == text_of(value);
    case json::kind::bool_: return text == (value.get_bool() ? "true" : "false");
    case json::kind::int64: return is_integer(text, value.get_int64());
    case json::kind::uint64: return is_integer(text, value.get_uint64());
    case json::kind::double_: return reads_as(text, value.get_double());
    default: return false;
  }
}

// The member of params that Mcp-Name repeats; empty if the method has none.
std::string_view named_param(std::string_view method) {
  if (method == "tools/call" || method == "prompts/get") return "name";
  if (method == "resources/read") return "uri";
  return {};
}

RpcResult<> check_name(RequestHeaders const& headers, Message const& message) {
  auto param = named_param(message.method);
  auto const* named = param.empty() ? nullptr : message.param(param);
  if (!named || !named->is_string()) return {};  // the method itself refuses such params
  if (!headers.name) return mismatch("Mcp-Name", " is missing");
  // The plain form of a name needs no copy: this is the way of every ordinary call.
  if (*headers.name == text_of(*named) && is_plain(*headers.name) &&
      !headers.name->starts_with("=?")) {
    return {};
  }
  auto decoded = decode_value(*headers.name);
  if (!decoded) return mismatch("Mcp-Name", " is malformed");
  if (*decoded != text_of(*named)) return mismatch("Mcp-Name", " differs from the body");
  return {};
}

bool is_token(std::string_view name) {
  constexpr std::string_view kPunctuation = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::ranges::all_of(name, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kPunctuation.contains(c);
  });
}

bool is_mirrored_type(json::object const& schema) {
  auto const* type = schema.if_contains("type");
  return type && type->is_string() &&
         (type->get_string() == "string" || type->get_string() == "integer" ||
          type->get_string() == "boolean");
}

void collect(
    json::object const& schema, std::vector<std::string>& path, std::vector<MirroredArgument>& found
) {
  auto const* properties = schema.if_contains("properties");
  if (!properties || !properties->is_object()) return;
  for (auto const& [name, property] : properties->get_object()) {
    auto const* inner = property.if_object();
    if (!inner) continue;
    path.emplace_back(name);
    auto const* header = inner->if_contains("x-mcp-header");
    if (header && header->is_string() && is_token(text_of(*header)) && is_mirrored_type(*inner)) {
      found.push_back({"Mcp-Param-" + std::string(text_of(*header)), path});
    }
    collect(*inner, path, found);
    path.pop_back();
  }
}

// nullptr if the argument is absent or null, which are the same to a header.
json::value const* find_argument(json::object const& arguments, std::span<std::string const> path) {
  json::object const* at = &arguments;
  json::value const* found = nullptr;
  for (auto const& name : path) {
    found = at ? at->if_contains(name) : nullptr;
    if (!found || found->is_null()) return nullptr;
    at = found->if_object();
  }
  return found;
}

}  // namespace

RpcResult<> check_standard_headers(RequestHeaders const& headers, Message const& message) {
  bool is_request = message.kind == Message::Kind::request;
  if (is_request && !headers.version) return mismatch("MCP-Protocol-Version", " is missing");
  if (is_request && !headers.method) return mismatch("Mcp-Method", " is missing");
  if (headers.method && *headers.method != message.method) {
    return mismatch("Mcp-Method", " differs from the body");
  }
  if (is_request) return check_name(headers, message);
  return {};
}

std::vector<MirroredArgument> find_mirrored_arguments(json::object const& input_schema) {
  std::vector<MirroredArgument> found;
  std::vector<std::string> path;
  collect(input_schema, path, found);
  return found;
}

RpcResult<> check_mirrored_arguments(
    std::span<MirroredArgument const> mirrored,
    http::Request const& request,
    json::object const& arguments
) {
  for (auto const& [header, path] : mirrored) {
    auto value = http::find_header(request, header);
    auto const* argument = find_argument(arguments, path);
    if (!argument && !value) continue;
    if (!argument) return mismatch(header, " has no counterpart in the body");
    if (!value) return mismatch(header, " is missing");
    if (http::count_headers(request, header) > 1) return mismatch(header, " came more than once");
    auto decoded = decode_value(*value);
    if (!decoded) return mismatch(header, " is malformed");
    if (!says_the_same(*decoded, *argument)) return mismatch(header, " differs from the body");
  }
  return {};
}

}  // namespace keystead::mcp

#include "api/key_request.hpp"

#include <algorithm>

#include "api/json_body.hpp"
#include "codec/json.hpp"

namespace keystead::api {
namespace {

namespace json = boost::json;

constexpr std::size_t kListMax = 128;

std::unexpected<Failure> refuse(std::string text) {
  return fail(Code::invalid_request, std::move(text));
}

Result<std::vector<std::string>> texts_of(json::value const& value, std::string_view name) {
  auto const* list = value.if_array();
  if (!list || list->size() > kListMax) {
    return refuse(std::string(name) + ": not a list of at most 128 texts");
  }
  std::vector<std::string> texts;
  for (auto const& each : *list) {
    if (!each.is_string()) return refuse(std::string(name) + ": not a list of texts");
    texts.emplace_back(each.get_string());
  }
  return texts;
}

Result<std::optional<Time>> expiry_of(json::object const& body, Time now) {
  std::string at = TRY(text_of(body, "expires_at"));
  std::string in = TRY(text_of(body, "expires_in"));
  if (at.empty() && in.empty()) return std::nullopt;
  if (!at.empty() && !in.empty()) return refuse("expires_in: there is expires_at too");
  if (!in.empty()) {
    auto length = parse_duration(in);
    if (!length) return refuse("expires_in: not a length of time such as 30d");
    return now + *length;
  }
  auto moment = parse_time(at);
  if (!moment) return refuse("expires_at: not a moment such as 2027-01-31T12:00:00Z");
  return *moment;
}

Result<std::vector<domain::AddressRange>> addresses_of(json::object const& body) {
  std::vector<domain::AddressRange> ranges;
  auto const* value = said(body, "addresses");
  if (!value) return ranges;
  auto texts = TRY(texts_of(*value, "addresses"));
  for (auto const& text : texts) {
    auto range = domain::AddressRange::parse(text);
    if (!range) return refuse("addresses: " + range.error().public_text);
    ranges.push_back(*range);
  }
  return ranges;
}

Result<std::vector<domain::ArgumentLimit>> arguments_of(json::object const& body) {
  std::vector<domain::ArgumentLimit> limits;
  auto const* value = said(body, "arguments");
  if (!value) return limits;
  auto const* object = value->if_object();
  if (!object || object->size() > kListMax) {
    return refuse("arguments: not an object of at most 128 arguments");
  }
  for (auto const& member : *object) {
    domain::ArgumentLimit limit{std::string(member.key()), {}};
    if (auto const* list = member.value().if_array()) {
      for (auto const& each : *list) limit.values.push_back(codec::to_text(each));
    } else {
      limit.values.push_back(codec::to_text(member.value()));
    }
    if (limit.values.empty() || limit.values.size() > kListMax) {
      return refuse("arguments." + limit.name + ": 1 to 128 values are needed");
    }
    limits.push_back(std::move(limit));
  }
  return limits;
}

}  // namespace

Result<authn::NewKey> read_new_key(
    std::string_view body, Time now, std::vector<std::string> const& default_scopes
) {
  auto members = TRY(read_members(
      body, {"name", "scopes", "environment", "expires_at", "expires_in", "addresses", "kind"}
  ));
  authn::NewKey wanted;
  wanted.name = TRY(text_of(members, "name"));
  if (wanted.name.empty()) return refuse("name: a key needs a name");
  wanted.scopes = default_scopes;
  if (auto const* scopes = said(members, "scopes"))
    wanted.scopes = TRY(texts_of(*scopes, "scopes"));
  wanted.environment = TRY(text_of(members, "environment"));
  wanted.expires_at = TRY(expiry_of(members, now));
  wanted.addresses = TRY(addresses_of(members));
  if (auto kind = TRY(text_of(members, "kind")); !kind.empty()) wanted.kind = std::move(kind);
  return wanted;
}

Result<authn::Narrowing> read_narrowing(std::string_view body, Time now) {
  auto members =
      TRY(read_members(body, {"name", "scopes", "tools", "arguments", "expires_at", "expires_in"}));
  authn::Narrowing wanted;
  wanted.name = TRY(text_of(members, "name"));
  if (wanted.name.empty()) wanted.name = "narrowed";
  if (auto const* scopes = said(members, "scopes")) {
    wanted.scopes = TRY(texts_of(*scopes, "scopes"));
  }
  if (auto const* tools = said(members, "tools")) {
    wanted.tools = TRY(texts_of(*tools, "tools"));
    // An empty list would read as "no tool" and mean "as the parent".
    if (wanted.tools.empty()) return refuse("tools: names no tool");
  }
  wanted.arguments = TRY(arguments_of(members));
  wanted.expires_at = TRY(expiry_of(members, now));
  return wanted;
}

Result<std::string> read_name(std::string_view body) {
  auto members = TRY(read_members(body, {"name"}));
  auto name = TRY(text_of(members, "name"));
  if (name.empty()) return refuse("name: a key needs a name");
  return name;
}

Result<std::chrono::seconds> read_overlap(std::string_view body) {
  auto members = TRY(read_members(body, {"overlap"}));
  std::string text = TRY(text_of(members, "overlap"));
  if (text.empty()) return std::chrono::seconds{0};
  auto length = parse_duration(text);
  if (!length) return refuse("overlap: not a length of time such as 24h");
  return *length;
}

}  // namespace keystead::api

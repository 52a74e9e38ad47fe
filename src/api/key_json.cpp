#include "api/key_json.hpp"

#include <algorithm>
#include <array>

namespace keystead::api {
namespace {

namespace json = boost::json;
using domain::ApiKey;

json::value time_or_null(std::optional<Time> const& time) {
  return time ? json::value(format_time(*time)) : json::value();
}

template <class Texts>
json::array to_array(Texts const& texts) {
  json::array out;
  for (auto const& each : texts) out.emplace_back(each);
  return out;
}

json::value addresses_of(ApiKey const& key) {
  json::array out;
  for (auto const& range : key.restriction.addresses) out.emplace_back(range.text());
  return out;
}

json::value parent_of(ApiKey const& key) {
  auto const& ancestors = key.restriction.ancestors;
  return ancestors.empty() ? json::value() : json::value(ancestors.back().text());
}

struct Plain {
  std::string_view source;
  json::value (*value)(ApiKey const&);
};

// What is read off the key alone.
constexpr std::array<Plain, 14> kPlain{{
    {"id", [](ApiKey const& key) { return json::value(key.id.text()); }},
    {"name", [](ApiKey const& key) { return json::value(key.name); }},
    {"prefix", [](ApiKey const& key) { return json::value(key.prefix); }},
    {"kind", [](ApiKey const& key) { return json::value(key.kind); }},
    {"environment", [](ApiKey const& key) { return json::value(key.environment); }},
    {"scopes", [](ApiKey const& key) { return json::value(to_array(key.scopes)); }},
    {"tools", [](ApiKey const& key) { return json::value(to_array(key.restriction.tools)); }},
    {"addresses", addresses_of},
    {"parent", parent_of},
    {"created_by", [](ApiKey const& key) { return json::value(key.created_by); }},
    {"created_at", [](ApiKey const& key) { return json::value(format_time(key.created_at)); }},
    {"expires_at", [](ApiKey const& key) { return time_or_null(key.expires_at); }},
    {"revoked_at", [](ApiKey const& key) { return time_or_null(key.revoked_at); }},
    {"last_used_at", [](ApiKey const& key) { return time_or_null(key.last_used_at); }},
}};

constexpr std::array<std::string_view, 6> kAsked{
    "public_id", "state", "tenant", "tenant_slug", "parent_tenant", "parent_tenant_slug"
};

constexpr std::array<std::string_view, 9> kDefault{
    "id",
    "name",
    "prefix",
    "scopes",
    "state",
    "created_by",
    "created_at",
    "expires_at",
    "last_used_at"
};

}  // namespace

std::string_view state_of(ApiKey const& key, Time now) {
  if (key.revoked_at) return "revoked";
  return key.expires_at && *key.expires_at <= now ? "expired" : "active";
}

std::vector<std::string> KeyJson::sources() {
  std::vector<std::string> names(kAsked.begin(), kAsked.end());
  for (auto const& plain : kPlain) names.emplace_back(plain.source);
  std::ranges::sort(names);
  return names;
}

KeyJson::KeyJson(
    std::vector<KeyMember> members,
    domain::KeyKinds const& kinds,
    store::ControlStore& store,
    Clock const& clock
)
    : members_(std::move(members)), kinds_(kinds), store_(store), clock_(clock) {
  if (!members_.empty()) return;
  for (auto name : kDefault) members_.push_back({std::string(name), std::string(name)});
  bool has_environments = std::ranges::any_of(kinds_.all(), [](auto const& kind) {
    return !kind.format.environments().empty();
  });
  if (has_environments) members_.push_back({"environment", "environment"});
}

json::value KeyJson::value_of(std::string_view source, ApiKey const& key) const {
  auto const* plain = std::ranges::find(kPlain, source, &Plain::source);
  if (plain != kPlain.end()) return plain->value(key);
  if (source == "state") return json::value(state_of(key, clock_.now()));
  if (source == "public_id") {
    std::size_t kind = kinds_.find(key.kind);
    if (kind == kinds_.all().size()) return nullptr;
    auto id = kinds_.all()[kind].format.id_of_prefix(key.prefix);
    return id ? json::value(*id) : json::value();
  }
  auto tenant = key.tenant ? store_.find_tenant(*key.tenant) : std::nullopt;
  if (tenant && source.starts_with("parent_")) {
    tenant = tenant->parent ? store_.find_tenant(*tenant->parent) : std::nullopt;
  }
  if (!tenant) return nullptr;
  return source.ends_with("_slug") ? json::value(tenant->slug) : json::value(tenant->id.text());
}

json::object KeyJson::describe(ApiKey const& key) const {
  json::object out;
  for (auto const& member : members_) out[member.name] = value_of(member.source, key);
  return out;
}

json::object KeyJson::describe(authn::CreatedKey const& created) const {
  json::object out{{"key", created.key.reveal()}};
  for (auto const& member : members_) out[member.name] = value_of(member.source, created.record);
  return out;
}

json::object KeyJson::schema(bool with_key) const {
  json::object properties;
  if (with_key) properties["key"] = {{"type", "string"}};
  for (auto const& member : members_) {
    bool is_list =
        member.source == "scopes" || member.source == "tools" || member.source == "addresses";
    properties[member.name] = is_list
                                  ? json::object{{"type", "array"}, {"items", {{"type", "string"}}}}
                                  : json::object{{"type", json::array{"string", "null"}}};
  }
  return {{"type", "object"}, {"properties", std::move(properties)}};
}

}  // namespace keystead::api

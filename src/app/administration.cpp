#include "app/administration.hpp"

#include <algorithm>
#include <array>

#include "app/log.hpp"
#include "codec/json.hpp"
#include "crypto/password.hpp"

namespace keystead::app {
namespace {

using Arguments = json::object const&;

Result<std::string> text_of(Arguments arguments, std::string_view name) {
  auto const* value = arguments.if_contains(name);
  if (!value || !value->is_string())
    return fail(Code::invalid_request, std::string(name) + " is missing");
  return std::string(value->get_string());
}

std::string optional_text(Arguments arguments, std::string_view name) {
  auto const* value = arguments.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

template <class Identifier>
Result<Identifier> id_of(Arguments arguments, std::string_view name) {
  std::string text = TRY(text_of(arguments, name));
  auto id = Identifier::parse(text);
  if (!id)
    return fail(Code::invalid_request, std::string(name) + ": \"" + text + "\" is not an id");
  return *id;
}

json::value time_or_null(std::optional<Time> const& time) {
  return time ? json::value(format_time(*time)) : json::value();
}

json::array to_array(std::vector<std::string> const& texts) {
  return json::array(texts.begin(), texts.end());
}

Result<std::vector<std::string>> texts_of(json::value const& value, std::string_view name) {
  std::vector<std::string> texts;
  auto const* list = value.if_array();
  if (!list) return fail(Code::invalid_request, std::string(name) + ": not a list");
  for (auto const& each : *list) {
    if (!each.is_string())
      return fail(Code::invalid_request, std::string(name) + ": not a list of texts");
    texts.emplace_back(each.get_string());
  }
  return texts;
}

// 30d from now, or a moment in RFC 3339; nothing for never.
Result<std::optional<Time>> expiry_of(Arguments arguments, Clock const& clock) {
  std::string text = optional_text(arguments, "expires");
  if (text.empty()) return std::nullopt;
  if (auto length = parse_duration(text)) return clock.now() + *length;
  if (auto moment = parse_time(text)) return *moment;
  return fail(
      Code::invalid_request,
      "expires: \"" + text +
          "\" is neither a length of time such as 30d nor a moment such as 2027-01-31T12:00:00Z"
  );
}

json::object describe(domain::Tenant const& tenant) {
  json::object out{{"id", tenant.id.text()}, {"name", tenant.name}};
  if (tenant.parent) out["parent"] = tenant.parent->text();
  out["created_at"] = format_time(tenant.created_at);
  return out;
}

json::object describe(domain::ApiKey const& key, Time now) {
  std::string_view state = "active";
  if (key.expires_at && *key.expires_at <= now) state = "expired";
  if (key.revoked_at) state = "revoked";
  json::object out{
      {"id", key.id.text()},
      {"name", key.name},
      {"prefix", key.prefix},
      {"tenant", key.tenant.text()},
      {"scopes", to_array(key.scopes)},
      {"state", state},
      {"created_at", format_time(key.created_at)},
      {"expires_at", time_or_null(key.expires_at)},
      {"revoked_at", time_or_null(key.revoked_at)},
      {"last_used_at", time_or_null(key.last_used_at)},
  };
  if (!key.environment.empty()) out["environment"] = key.environment;
  return out;
}

// The one place where a key leaves: it is shown once, to whoever made it.
json::object describe(authn::CreatedKey const& created) {
  json::object out{
      {"id", created.record.id.text()},
      {"key", created.key.reveal()},
      {"tenant", created.record.tenant.text()},
      {"name", created.record.name},
      {"prefix", created.record.prefix},
      {"scopes", to_array(created.record.scopes)},
      {"expires_at", time_or_null(created.record.expires_at)},
  };
  if (!created.record.environment.empty()) out["environment"] = created.record.environment;
  return out;
}

Result<json::value> create_tenant(Installation& installation, Arguments arguments) {
  domain::Tenant tenant{
      domain::TenantId::mint(installation.random()),
      TRY(text_of(arguments, "name")),
      std::nullopt,
      installation.clock().now(),
  };
  if (tenant.name.empty() || tenant.name.size() > 200) {
    return fail(Code::invalid_request, "name: a tenant's name has 1 to 200 bytes");
  }
  if (arguments.contains("parent"))
    tenant.parent = TRY(id_of<domain::TenantId>(arguments, "parent"));
  TRY(installation.control().add_tenant(tenant));
  log::info("tenant.created", {{"tenant", tenant.id.text()}});
  return describe(tenant);
}

Result<json::value> list_tenants(Installation& installation, Arguments) {
  json::array out;
  for (auto const& tenant : installation.control().list_tenants()) out.push_back(describe(tenant));
  return out;
}

Result<json::value> delete_tenant(Installation& installation, Arguments arguments) {
  auto id = TRY(id_of<domain::TenantId>(arguments, "id"));
  auto removed = TRY(installation.keys().remove_tenant(id));
  for (auto const& tenant : removed) {
    installation.tenants().remove(tenant);
    log::info("tenant.deleted", {{"tenant", tenant.text()}});
  }
  return json::object{{"id", id.text()}, {"deleted", true}};
}

Result<json::value> create_key(Installation& installation, Arguments arguments) {
  authn::NewKey wanted{
      .tenant = TRY(id_of<domain::TenantId>(arguments, "tenant")),
      .name = TRY(text_of(arguments, "name")),
      .scopes = installation.config().keys.default_scopes.value_or(std::vector<std::string>()),
      .expires_at = TRY(expiry_of(arguments, installation.clock())),
      .environment = optional_text(arguments, "env"),
  };
  if (!optional_text(arguments, "kind").empty()) {
    return fail(Code::invalid_request, "kind: this configuration declares no kinds of keys");
  }
  if (auto const* scopes = arguments.if_contains("scopes"))
    wanted.scopes = TRY(texts_of(*scopes, "scopes"));
  auto created = TRY(installation.keys().create(wanted));
  log::info(
      "key.created", {{"key", created.record.id.text()}, {"tenant", created.record.tenant.text()}}
  );
  return describe(created);
}

Result<json::value> list_keys(Installation& installation, Arguments arguments) {
  std::optional<domain::TenantId> tenant;
  if (arguments.contains("tenant")) tenant = TRY(id_of<domain::TenantId>(arguments, "tenant"));
  installation.note_key_uses();
  json::array out;
  for (auto const& key : installation.control().list_keys(tenant)) {
    out.push_back(describe(key, installation.clock().now()));
  }
  return out;
}

Result<json::value> revoke_key(Installation& installation, Arguments arguments) {
  auto id = TRY(id_of<domain::KeyId>(arguments, "id"));
  auto key = TRY(installation.keys().revoke(id));
  log::info("key.revoked", {{"key", id.text()}, {"tenant", key.tenant.text()}});
  return describe(key, installation.clock().now());
}

Result<json::value> rotate_key(Installation& installation, Arguments arguments) {
  auto id = TRY(id_of<domain::KeyId>(arguments, "id"));
  std::string text = optional_text(arguments, "overlap");
  auto overlap = text.empty() ? std::optional(std::chrono::seconds{0}) : parse_duration(text);
  if (!overlap)
    return fail(
        Code::invalid_request, "overlap: \"" + text + "\" is not a length of time such as 24h"
    );
  auto created = TRY(installation.keys().rotate(id, *overlap));
  log::info("key.rotated", {{"key", id.text()}, {"successor", created.record.id.text()}});
  return describe(created);
}

Result<json::value> create_user(Installation& installation, Arguments arguments) {
  domain::User user{
      domain::UserId::mint(installation.random()),
      TRY(id_of<domain::TenantId>(arguments, "tenant")),
      TRY(text_of(arguments, "email")),
      {},
      installation.clock().now(),
  };
  std::ranges::transform(user.email, user.email.begin(), [](unsigned char c) {
    return std::tolower(c);
  });
  auto at = user.email.find('@');
  bool plausible =
      at != std::string::npos && at > 0 && at + 1 < user.email.size() && user.email.size() <= 254 &&
      std::ranges::none_of(user.email, [](unsigned char c) { return c <= 0x20 || c == 0x7f; });
  if (!plausible) return fail(Code::invalid_request, "email: that is not an e-mail address");
  if (auto password = optional_text(arguments, "password"); !password.empty()) {
    user.password_hash = crypto::hash_password(Secret(std::move(password)), installation.random());
  }
  TRY(installation.control().add_user(user));
  log::info("user.created", {{"user", user.id.text()}, {"tenant", user.tenant.text()}});
  return json::object{
      {"id", user.id.text()}, {"email", user.email}, {"tenant", user.tenant.text()}
  };
}

struct Act {
  std::string_view name;
  Result<json::value> (*run)(Installation&, Arguments);
};

constexpr std::array<Act, 8> kActs{{
    {"tenant.create", create_tenant},
    {"tenant.list", list_tenants},
    {"tenant.delete", delete_tenant},
    {"key.create", create_key},
    {"key.list", list_keys},
    {"key.revoke", revoke_key},
    {"key.rotate", rotate_key},
    {"user.create", create_user},
}};

}  // namespace

Result<json::value> administer(
    Installation& installation, std::string_view act, Arguments arguments
) {
  auto const* found = std::ranges::find(kActs, act, &Act::name);
  if (found == kActs.end()) return fail(Code::not_found, "no such act: " + std::string(act));
  return found->run(installation, arguments);
}

}  // namespace keystead::app

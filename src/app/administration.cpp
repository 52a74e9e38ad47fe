#include "app/administration.hpp"

#include <algorithm>
#include <array>

#include "api/denial_routes.hpp"
#include "api/key_json.hpp"
#include "app/act_arguments.hpp"
#include "app/audit_acts.hpp"
#include "app/client_acts.hpp"
#include "app/key_import.hpp"
#include "app/log.hpp"
#include "app/people_acts.hpp"
#include "app/upkeep.hpp"
#include "authn/tenant_creation.hpp"
#include "codec/json.hpp"

namespace keystead::app {
namespace {

using Arguments = json::object const&;

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
  json::object out{{"id", tenant.id.text()}, {"name", tenant.name}, {"slug", tenant.slug}};
  if (tenant.parent) out["parent"] = tenant.parent->text();
  out["created_at"] = format_time(tenant.created_at);
  return out;
}

json::object describe(domain::ApiKey const& key, Time now) {
  json::object out{
      {"id", key.id.text()},
      {"name", key.name},
      {"prefix", key.prefix},
      {"kind", key.kind},
      {"tenant", key.tenant ? json::value(key.tenant->text()) : json::value()},
      {"scopes", to_array(key.scopes)},
      {"state", api::state_of(key, now)},
      {"created_by", key.created_by},
      {"created_at", format_time(key.created_at)},
      {"expires_at", time_or_null(key.expires_at)},
      {"revoked_at", time_or_null(key.revoked_at)},
      {"last_used_at", time_or_null(key.last_used_at)},
  };
  auto const& held = key.restriction;
  if (!key.environment.empty()) out["environment"] = key.environment;
  if (!held.ancestors.empty()) out["parent"] = held.ancestors.back().text();
  if (!held.tools.empty()) out["tools"] = to_array(held.tools);
  if (!held.addresses.empty()) {
    auto& addresses = out["addresses"].emplace_array();
    for (auto const& range : held.addresses) addresses.emplace_back(range.text());
  }
  return out;
}

// The one place where a key leaves: it is shown once, to whoever made it.
json::object describe(authn::CreatedKey const& created) {
  auto const& record = created.record;
  json::object out{
      {"id", record.id.text()},
      {"key", created.key.reveal()},
      {"tenant", record.tenant ? json::value(record.tenant->text()) : json::value()},
      {"name", record.name},
      {"prefix", record.prefix},
      {"scopes", to_array(record.scopes)},
      {"expires_at", time_or_null(record.expires_at)},
  };
  if (!record.environment.empty()) out["environment"] = record.environment;
  return out;
}

Result<json::value> create_tenant(Installation& installation, Arguments arguments) {
  std::optional<domain::TenantId> parent;
  if (arguments.contains("parent")) parent = TRY(id_of<domain::TenantId>(arguments, "parent"));
  auto name = TRY(text_of(arguments, "name"));
  auto tenant =
      TRY(authn::create_tenant(
          installation.control(),
          installation.random(),
          std::move(name),
          parent,
          the_operator(),
          installation.clock().now()
      ));
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
  auto removed = TRY(installation.keys().remove_tenant(id, the_operator()));
  for (auto const& tenant : removed) {
    installation.tenants().remove(tenant);
    log::info("tenant.deleted", {{"tenant", tenant.text()}});
  }
  return json::object{{"id", id.text()}, {"deleted", true}};
}

Result<std::vector<domain::AddressRange>> addresses_of(Arguments arguments) {
  std::vector<domain::AddressRange> ranges;
  auto const* value = arguments.if_contains("addresses");
  if (!value) return ranges;
  auto texts = TRY(texts_of(*value, "addresses"));
  for (auto const& text : texts) ranges.push_back(TRY(domain::AddressRange::parse(text)));
  return ranges;
}

Result<json::value> create_key(Installation& installation, Arguments arguments) {
  authn::NewKey wanted;
  wanted.name = TRY(text_of(arguments, "name"));
  wanted.scopes = installation.config().keys.default_scopes.value_or(std::vector<std::string>());
  wanted.expires_at = TRY(expiry_of(arguments, installation.clock()));
  wanted.environment = optional_text(arguments, "env");
  wanted.addresses = TRY(addresses_of(arguments));
  if (auto kind = optional_text(arguments, "kind"); !kind.empty()) wanted.kind = kind;
  if (!optional_text(arguments, "tenant").empty())
    wanted.tenant = TRY(id_of<domain::TenantId>(arguments, "tenant"));
  if (auto const* scopes = arguments.if_contains("scopes"))
    wanted.scopes = TRY(texts_of(*scopes, "scopes"));
  auto created = TRY(installation.keys().create(wanted, the_operator()));
  log::info("key.created", {{"key", created.record.id.text()}});
  return describe(created);
}

Result<json::value> narrow_key(Installation& installation, Arguments arguments) {
  authn::Narrowing wanted;
  auto parent = TRY(id_of<domain::KeyId>(arguments, "id"));
  wanted.name = optional_text(arguments, "name");
  if (wanted.name.empty()) wanted.name = "narrowed";
  wanted.expires_at = TRY(expiry_of(arguments, installation.clock()));
  if (auto const* scopes = arguments.if_contains("scopes"))
    wanted.scopes = TRY(texts_of(*scopes, "scopes"));
  if (auto const* tools = arguments.if_contains("tools"))
    wanted.tools = TRY(texts_of(*tools, "tools"));
  auto created = TRY(installation.keys().narrow(parent, wanted, the_operator()));
  log::info("key.narrowed", {{"key", created.record.id.text()}, {"parent", parent.text()}});
  return describe(created);
}

Result<json::value> rename_key(Installation& installation, Arguments arguments) {
  auto id = TRY(id_of<domain::KeyId>(arguments, "id"));
  auto name = TRY(text_of(arguments, "name"));
  auto key = TRY(installation.keys().rename(id, name, the_operator()));
  return describe(key, installation.clock().now());
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
  auto key = TRY(installation.keys().revoke(id, the_operator()));
  log::info("key.revoked", {{"key", id.text()}});
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
  auto created = TRY(installation.keys().rotate(id, *overlap, the_operator()));
  log::info("key.rotated", {{"key", id.text()}, {"successor", created.record.id.text()}});
  return describe(created);
}

Result<json::value> rotate_signing_keys(Installation& installation, Arguments) {
  auto* keys = installation.token_keys();
  if (!keys) return fail(Code::invalid_request, "the configuration has no oauth section");
  TRY(keys->turn(the_operator()));
  auto const signing = keys->get();
  auto const& current = signing->keys.current;
  log::info("signing_keys.turned", {{"kid", current.kid()}});
  return json::object{{"kid", current.kid()}, {"algorithm", name_of(current.algorithm())}};
}

Result<json::value> why(Installation& installation, Arguments arguments) {
  auto id = TRY(text_of(arguments, "id"));
  installation.audit().flush();
  auto record = installation.control().find_denial(id);
  if (!record) return fail(Code::not_found, "no denial has the id \"" + id + "\"");
  auto out = api::describe_denial(*record);
  if (record->entry.tenant) out["tenant"] = record->entry.tenant->text();
  return out;
}

struct Act {
  std::string_view name;
  Result<json::value> (*run)(Installation&, Arguments);
};

constexpr std::array<Act, 24> kActs{{
    {"tenant.create", create_tenant},
    {"tenant.list", list_tenants},
    {"tenant.delete", delete_tenant},
    {"key.create", create_key},
    {"key.list", list_keys},
    {"key.revoke", revoke_key},
    {"key.rotate", rotate_key},
    {"key.rename", rename_key},
    {"key.narrow", narrow_key},
    {"user.create", create_user},
    {"user.list", list_users},
    {"user.end", end_user},
    {"user.invite", invite_user},
    {"user.reset_password", reset_user_password},
    {"client.create", create_client},
    {"client.list", list_clients},
    {"client.delete", delete_client},
    {"oauth.rotate_keys", rotate_signing_keys},
    {"why", why},
    {"key.import", import_keys},
    {"audit.verify", verify_audit},
    {"audit.tail", tail_audit},
    {"doctor", look_after},
    {"backup", back_up},
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

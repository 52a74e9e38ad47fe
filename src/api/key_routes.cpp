#include "api/key_routes.hpp"

#include <algorithm>

#include "api/json_body.hpp"
#include "api/key_request.hpp"
#include "api/refusals.hpp"
#include "codec/percent.hpp"

namespace keystead::api {
namespace {

namespace json = boost::json;
using domain::ApiKey;
using domain::Permit;

authn::Actor actor_of(domain::Principal const& principal, RouteCall const& call) {
  authn::Actor actor{actor_name(principal), call.request_id.text(), {}};
  if (auto const* restriction = principal.restriction()) actor.ancestors = restriction->ancestors;
  return actor;
}

Result<void> require_key(domain::Principal const& principal) {
  if (!principal.user() && !principal.delegation()) return {};
  return fail(Code::invalid_request, "this is about the key of the request, and it has none");
}

// The functions behind the routes; they share what the routes need.
class KeyHandlers {
 public:
  explicit KeyHandlers(KeyParts parts) : parts_(std::move(parts)) {}

  Result<void> list(Permit const& permit, RouteCall const& call, http::Response& response) const {
    std::string state = TRY(wanted_state(call.request.query));
    parts_.note_uses();
    json::array items;
    for (auto const& key : parts_.store.list_keys(permit.tenant())) {
      if (is_of(key, state) && is_within_reach(permit.principal(), key)) {
        items.push_back(parts_.json.describe(key));
      }
    }
    write_json(response, 200, json::object{{"items", std::move(items)}});
    return {};
  }

  Result<void> create(Permit const& permit, RouteCall const& call, http::Response& response) const {
    TRY(require_json(call.request));
    auto wanted = TRY(
        read_new_key(call.request.body, parts_.clock.now(), default_scopes(permit.principal()))
    );
    wanted.tenant = permit.tenant();
    auto const& kind = parts_.kinds.all()[permit.principal().kind()];
    auto const& environments = kind.format.environments();
    if (wanted.environment.empty() && !environments.empty()) {
      wanted.environment = environments[permit.principal().environment()];
    }
    auto created =
        TRY(parts_.keys.create_as(permit.principal(), wanted, actor_of(permit.principal(), call)));
    write_json(response, 201, parts_.json.describe(created));
    response.add("Location", parts_.path + "/" + created.record.id.text());
    return {};
  }

  Result<void> get(Permit const& permit, RouteCall const& call, http::Response& response) const {
    auto key = TRY(find(permit, call));
    write_json(response, 200, parts_.json.describe(key));
    return {};
  }

  Result<void> rename(Permit const& permit, RouteCall const& call, http::Response& response) const {
    TRY(require_json(call.request));
    auto key = TRY(find(permit, call));
    auto name = TRY(read_name(call.request.body));
    auto renamed = TRY(parts_.keys.rename(key.id, name, actor_of(permit.principal(), call)));
    write_json(response, 200, parts_.json.describe(renamed));
    return {};
  }

  Result<void> rotate(Permit const& permit, RouteCall const& call, http::Response& response) const {
    TRY(require_json(call.request));
    auto key = TRY(find(permit, call));
    TRY(within(permit.principal(), key));
    auto overlap = TRY(read_overlap(call.request.body));
    auto created = TRY(parts_.keys.rotate(key.id, overlap, actor_of(permit.principal(), call)));
    write_json(response, 201, parts_.json.describe(created));
    response.add("Location", parts_.path + "/" + created.record.id.text());
    return {};
  }

  Result<void> revoke(Permit const& permit, RouteCall const& call, http::Response& response) const {
    auto key = TRY(find(permit, call));
    auto revoked = TRY(parts_.keys.revoke(key.id, actor_of(permit.principal(), call)));
    write_json(response, 200, parts_.json.describe(revoked));
    return {};
  }

  Result<void> verify(
      domain::Principal const& principal, RouteCall const&, http::Response& response
  ) const {
    TRY(require_key(principal));
    auto key = parts_.store.find_key(principal.key());
    if (!key) return fail(Code::unauthorized, "A valid credential is required.");
    json::object out{{"valid", true}};
    for (auto& member : parts_.json.describe(*key)) out[member.key()] = std::move(member.value());
    // What the key may do, with all that its scopes imply.
    auto& scopes = out["effective_scopes"].emplace_array();
    for (auto const& name : parts_.scopes.names(principal.scopes())) scopes.emplace_back(name);
    write_json(response, 200, out);
    return {};
  }

  Result<void> narrow(
      domain::Principal const& principal, RouteCall const& call, http::Response& response
  ) const {
    TRY(require_key(principal));
    TRY(require_json(call.request));
    auto wanted = TRY(read_narrowing(call.request.body, parts_.clock.now()));
    auto created = TRY(parts_.keys.narrow(principal.key(), wanted, actor_of(principal, call)));
    auto out = parts_.json.describe(created);
    out["parent"] = principal.key().text();
    write_json(response, 201, out);
    return {};
  }

  Result<void> give_up(
      domain::Principal const& principal, RouteCall const& call, http::Response& response
  ) const {
    TRY(require_key(principal));
    auto revoked = TRY(parts_.keys.revoke(principal.key(), actor_of(principal, call)));
    write_json(response, 200, parts_.json.describe(revoked));
    return {};
  }

 private:
  static Result<std::string> wanted_state(std::string_view query) {
    std::string state = "active";
    auto pairs = codec::parse_pairs(query);
    if (!pairs) return fail(Code::invalid_request, "the query cannot be read");
    for (auto const& [name, value] : *pairs) {
      if (name != "state") {
        return fail(Code::invalid_request, name + ": unknown parameter; there is state");
      }
      constexpr std::array<std::string_view, 5> kStates{
          "active", "expired", "revoked", "narrowed", "all"
      };
      if (std::ranges::find(kStates, value) == kStates.end()) {
        return fail(Code::invalid_request, "state: active, expired, revoked, narrowed or all");
      }
      state = value;
    }
    return state;
  }

  // Active keys are those that count against the quota; the narrowed ones are a list of their own.
  bool is_of(ApiKey const& key, std::string_view wanted) const {
    if (wanted == "all") return true;
    auto state = state_of(key, parts_.clock.now());
    bool is_narrowed = !key.restriction.ancestors.empty();
    if (wanted == "narrowed") return is_narrowed && state == "active";
    return state == wanted && !(is_narrowed && state == "active");
  }

  // The configured ones, as far as the caller has them.
  std::vector<std::string> default_scopes(domain::Principal const& principal) const {
    std::vector<std::string> scopes;
    auto held = parts_.scopes.names(principal.scopes());
    for (auto const& scope : parts_.default_scopes) {
      if (std::ranges::find(held, scope) != held.end()) scopes.push_back(scope);
    }
    return scopes;
  }

  bool is_named(ApiKey const& key, std::string_view name) const {
    if (key.id.text() == name) return true;
    std::size_t kind = parts_.kinds.find(key.kind);
    if (kind == parts_.kinds.all().size()) return false;
    return parts_.kinds.all()[kind].format.id_of_prefix(key.prefix) == name;
  }

  // A person who is no administrator has to do with its own keys.
  static bool is_within_reach(domain::Principal const& principal, ApiKey const& key) {
    return principal.manages() || (principal.user() && key.owner == principal.user());
  }

  // By its id, or by the id that its format has. Another tenant's key is not found, and neither is
  // one of another environment.
  Result<ApiKey> find(Permit const& permit, RouteCall const& call) const {
    for (auto& key : parts_.store.list_keys(permit.tenant())) {
      if (is_named(key, call.parameters[0]) && is_within_reach(permit.principal(), key)) {
        return std::move(key);
      }
    }
    return fail(Code::not_found, "no such key");
  }

  // The successor of a key would be shown to the caller, who must not get more than it has.
  Result<void> within(domain::Principal const& principal, ApiKey const& key) const {
    auto const* restriction = principal.restriction();
    bool is_held = restriction && (restriction->delegation || !restriction->empty());
    if (principal.scopes().contains(parts_.scopes.resolve_known(key.scopes)) && !is_held) return {};
    return fail(Code::forbidden, "the key has more rights than the one that you hold");
  }

  KeyParts parts_;
};

template <class Function>
ForManager managed(
    std::shared_ptr<KeyHandlers const> const& handlers, domain::Action const* action, Function run
) {
  return {action, [handlers, run](auto const& permit, auto const& call, auto& response) {
            return ((*handlers).*run)(permit, call, response);
          }};
}

template <class Function>
ForHolder held(std::shared_ptr<KeyHandlers const> const& handlers, Function run) {
  return {[handlers, run](auto const& principal, auto const& call, auto& response) {
    return ((*handlers).*run)(principal, call, response);
  }};
}

json::object new_key_schema(bool narrows) {
  json::object text{{"type", "string"}};
  json::object texts{{"type", "array"}, {"items", {{"type", "string"}}}};
  json::object properties{
      {"name", text},
      {"scopes", texts},
      {"expires_at", {{"type", "string"}, {"format", "date-time"}}},
      {"expires_in", {{"type", "string"}, {"description", "A length of time: 30d."}}},
  };
  if (narrows) {
    properties["tools"] = texts;
    properties["arguments"] = {
        {"type", "object"}, {"description", "By argument: the only values that it may have."}
    };
  } else {
    properties["environment"] = text;
    properties["addresses"] = texts;
    properties["kind"] = text;
  }
  json::object schema{{"type", "object"}, {"additionalProperties", false}};
  if (!narrows) schema["required"] = json::array{"name"};
  schema["properties"] = std::move(properties);
  return schema;
}

json::object one_text_schema(std::string_view name) {
  return {
      {"type", "object"},
      {"additionalProperties", false},
      {"properties", {{name, {{"type", "string"}}}}}
  };
}

}  // namespace

void add_key_routes(std::vector<Route>& routes, KeyParts const& parts) {
  using enum http::Method;
  auto handlers = std::make_shared<KeyHandlers const>(parts);
  std::string const& all = parts.path;
  std::string one = all + "/{id}";
  json::object shown = parts.json.schema(false);
  json::object created = parts.json.schema(true);
  json::object list{
      {"type", "object"}, {"properties", {{"items", {{"type", "array"}, {"items", shown}}}}}
  };
  json::object state{
      {"state",
       {{"description", "Which keys: active (the default), expired, revoked, narrowed or all."},
        {"schema", {{"type", "string"}}}}}
  };
  auto read = [&](auto run) { return managed(handlers, parts.read, run); };
  auto manage = [&](auto run) { return managed(handlers, parts.manage, run); };
  using Handlers = KeyHandlers;
  routes.push_back({get, all, read(&Handlers::list), {"List keys", 200, state, {}, list}});
  routes.push_back(
      {post,
       all,
       manage(&Handlers::create),
       {"Create a key; it is shown once", 201, {}, new_key_schema(false), created}}
  );
  routes.push_back(
      {get,
       all + "/verify",
       held(handlers, &Handlers::verify),
       {"What the key of this request is and may do; counts against no limit", 200, {}, {}, shown}}
  );
  routes.push_back(
      {post,
       all + "/narrow",
       held(handlers, &Handlers::narrow),
       {"Make a key that may do less than this one and ends with it",
        201,
        {},
        new_key_schema(true),
        created}}
  );
  routes.push_back(
      {del,
       all + "/self",
       held(handlers, &Handlers::give_up),
       {"Revoke the key of this request", 200, {}, {}, shown}}
  );
  routes.push_back({get, one, read(&Handlers::get), RouteDoc{"Get a key", 200, {}, {}, shown}});
  routes.push_back(
      {patch,
       one,
       manage(&Handlers::rename),
       {"Rename a key", 200, {}, one_text_schema("name"), shown}}
  );
  routes.push_back({del, one, manage(&Handlers::revoke), {"Revoke a key now", 200, {}, {}, shown}});
  routes.push_back(
      {post, one + "/revoke", manage(&Handlers::revoke), {"Revoke a key now", 200, {}, {}, shown}}
  );
  routes.push_back(
      {post,
       one + "/rotate",
       manage(&Handlers::rotate),
       {"Replace a key by one with the same rights; the old one goes on for `overlap`",
        201,
        {},
        one_text_schema("overlap"),
        created}}
  );
}

}  // namespace keystead::api

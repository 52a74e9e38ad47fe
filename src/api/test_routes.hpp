// Every route of a small installation, and what its documents are made from, for tests.
#pragma once

#include "api/routes.hpp"
#include "authn/test_installation.hpp"
#include "authz/action_table.hpp"
#include "data/collection_tools.hpp"
#include "data/test_collection.hpp"

namespace keystead::api {

class TestRoutes {
 public:
  explicit TestRoutes(DenialForms forms = {}) : problems_(kUrl, std::move(forms)) {
    served_.actions = {
        .list = add("list", domain::Effect::read, "read"),
        .get = add("get", domain::Effect::read, "read"),
        .create = add("create", domain::Effect::write, "write"),
        .update = add("update", domain::Effect::write, "write"),
        .remove = add("delete", domain::Effect::destroy, "write"),
    };
    data::add_collection_tools(tools_, collections_.front(), served_.actions).value();
    manage_ = actions_.add("keys.manage", domain::Effect::write, "admin").value();
  }

  // Rules onto the actions, once.
  void apply(std::vector<domain::Rule> rules) { actions_.apply(std::move(rules), {}, {}).value(); }

  std::vector<Route> make() {
    return make_routes(
        {.version = "1.2.3",
         .mcp = endpoint_,
         .mcp_paths = {"/mcp"},
         .refusals = refusals_,
         .scopes = keys_.scopes,
         .collections = {&served_, 1},
         .keys = key_parts(),
         .denials = {manage_, *keys_.store, [] {}},
         .documents = page_parts(),
         .auth = {keys_.store->users(), keys_.scopes},
         .leaks = &leaks_,
         .is_ready = [] { return true; },
         .metrics = [] { return std::string(); }}
    );
  }

  PageParts page_parts() const {
    return {
        .title = "Harbor | Tasks",
        .instructions = "Look before\nyou write.",
        .version = "1.2.3",
        .url = std::string(kUrl) + "/",
        .tenant = "workspace",
        .credential_headers = headers,
        .keys_path = "/api/v1/api-keys",
        .default_scopes = {"read"},
        .keys_max = 10,
        .limits = limits,
        .kinds = keys_.kinds,
        .scopes = keys_.scopes,
        .tools = tools_,
        .problems = problems_,
    };
  }

  static constexpr char const* kUrl = "https://tasks.example";
  std::vector<std::string> headers{"authorization", "x-api-key"};
  LimitParts limits{.key = authz::RateLimit{600, std::chrono::seconds(60)}};

 private:
  domain::Action const* add(std::string const& deed, domain::Effect effect, std::string scope) {
    return actions_.add_tool("tasks." + deed, effect, std::move(scope), "tasks_" + deed, {})
        .value();
  }

  KeyParts key_parts() {
    return {
        .path = "/api/v1/api-keys",
        .read = manage_,
        .manage = manage_,
        .keys = *keys_.authority,
        .store = *keys_.store,
        .kinds = keys_.kinds,
        .scopes = keys_.scopes,
        .json = key_json_,
        .clock = keys_.clock,
        .default_scopes = {"read"},
        .note_uses = [] {},
    };
  }

  authn::TestInstallation keys_;
  Problems problems_;
  std::vector<domain::Collection> collections_{data::test_collection()};
  authz::ActionTable actions_{keys_.scopes};
  ServedCollection served_{&collections_.front(), {}};
  domain::Action const* manage_ = nullptr;
  mcp::Toolbox tools_;
  store::TenantStores stores_{{keys_.folder}, collections_, keys_.clock, keys_.random};
  Refusals refusals_{problems_, keys_.scopes, keys_.clock, [](auto const&) {}};
  KeyJson key_json_{{}, keys_.kinds, *keys_.store, keys_.clock};
  LeakReports leaks_{{}, *keys_.authority};
  mcp::Endpoint endpoint_{{}, tools_, stores_, {}, {}};
};

}  // namespace keystead::api

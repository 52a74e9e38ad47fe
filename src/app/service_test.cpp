// The whole service, wired as it is served, without sockets: every route and every tool is walked,
// so that a new one is covered at birth.
#include "app/service.hpp"

#include <filesystem>
#include <fstream>
#include <set>

#include <gtest/gtest.h>

#include "codec/json.hpp"

namespace keystead::app {
namespace {

constexpr std::string_view kConfiguration = R"(
service: { name: sweep }
keys:
  format: "ks_{secret:40}{crc}"
  scopes: { "data:read": Read, "data:write": Read + Write, "other": Other, "manage": Manage keys }
  implies: { "data:write": ["data:read"] }
  kinds: { platform: { format: "kp_{secret:40}", tenant: false } }
  manage: "manage"
  max_active: 20
rules:
  closed: { tools: [notes_delete], deny: true }
  only_open: { tools: [notes_create], arguments: { body: [yes, no] } }
rate_limits: { tools: { current_time: 2/1h }, address: 5/1m }
collections:
  tasks:
    fields: { title: text!, status: [open, done] }
    read: "data:read"
    write: "data:write"
  notes:
    fields: { body: text }
    read: "data:read"
    write: "data:write"
  orders:
    fields: { label: text }
    read: "data:read"
    write: "data:write"
    tools: { find_orders: list, place_order: create, plan_order: propose }
tools: [whoami, current_time]
)";

class Sweep : public testing::Test {
 protected:
  Sweep() {
    auto config = parse_config(kConfiguration, "sweep.yaml", {});
    EXPECT_TRUE(config) << config.error().public_text;
    installation_ = Installation::open(std::move(*config), Place{folder_, std::nullopt}).value();
    service_ = Service::build(
                   *installation_,
                   {.public_url = "http://127.0.0.1:1", .metrics = [] { return "metrics\n"; }}
    ).value();
    for (auto* tenant : {&ours_, &theirs_}) {
      *tenant = domain::TenantId::mint(installation_->random());
      domain::Tenant made{*tenant, "T", {}, installation_->clock().now(), tenant->text()};
      installation_->control().add_tenant(made, {}).value();
    }
  }
  ~Sweep() override {
    service_.reset();
    installation_.reset();
    std::filesystem::remove_all(folder_);
  }

  static std::filesystem::path make_folder() {
    std::string name = testing::TempDir() + "keystead-app-XXXXXX";
    return ::mkdtemp(name.data());
  }

  std::string key_of(domain::TenantId const& tenant, std::vector<std::string> scopes) {
    authn::NewKey wanted;
    wanted.tenant = tenant;
    wanted.name = "k";
    wanted.scopes = std::move(scopes);
    return std::string(installation_->keys().create(wanted, {}).value().key.reveal());
  }

  http::Response call(
      http::Method method,
      std::string path,
      std::string const& key,
      std::string_view body = "{}",
      std::string_view peer = "192.0.2.1"
  ) {
    std::string bearer = "Bearer " + key;
    std::vector<http::Header> headers{{"Content-Type", "application/json"}};
    if (!key.empty()) headers.push_back({"Authorization", bearer});
    http::Request request;
    request.method = method;
    request.method_text = "TEST";
    request.path = path;
    request.headers = headers;
    request.body = body;
    request.peer = peer;
    http::Response response;
    auto outcome = service_->handler().handle(request, response, http::Where::io_thread);
    if (outcome == http::Outcome::needs_worker)
      service_->handler().handle(request, response, http::Where::worker);
    return response;
  }

  // A path of the pattern, with `id` for its variable segment.
  static std::string path_of(api::Route const& route, std::string const& id) {
    auto at = route.pattern.find("{id}");
    if (at == std::string::npos) return route.pattern;
    return route.pattern.substr(0, at) + id + route.pattern.substr(at + 4);
  }

  std::string create_task(std::string const& key) {
    auto response = call(http::Method::post, "/api/v1/tasks", key, R"({"title":"secret plan"})");
    EXPECT_EQ(response.status, 201) << response.body;
    return std::string(codec::parse_json(response.body)->at("id").get_string());
  }

  json::value mcp(std::string const& key, std::string_view method, json::object params = {}) {
    auto response = call(
        http::Method::post,
        "/mcp",
        key,
        codec::to_text(
            {{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", std::move(params)}}
        )
    );
    return *codec::parse_json(response.body);
  }

  std::filesystem::path folder_ = make_folder();
  std::unique_ptr<Installation> installation_;
  std::unique_ptr<Service> service_;
  domain::TenantId ours_, theirs_;
};

TEST_F(Sweep, EveryRouteButTheOpenOnesWantsACredential) {
  std::set<std::string> open, visited;
  for (auto const& route : service_->gate().routes()) {
    if (std::holds_alternative<api::ForVisitor>(route.handler)) {
      visited.insert(route.pattern);
      continue;
    }
    auto response = call(route.method, path_of(route, "x"), "");
    bool is_open = route.open_to_strangers && !route.speaks_rpc;
    if (is_open || std::holds_alternative<api::ForAnyone>(route.handler)) {
      EXPECT_NE(response.status, 401) << route.pattern;
      open.insert(route.pattern);
    } else {
      EXPECT_EQ(response.status, 401) << route.pattern;
      EXPECT_TRUE(response.find("WWW-Authenticate").starts_with("Bearer realm=")) << route.pattern;
    }
  }
  std::set<std::string> const meant{
      "/api/v1/auth/verify",
      "/api/v1/openapi.json",
      "/api/v1/version",
      "/assets/page.css",
      "/assets/passkeys.js",
      "/docs/authentication.md",
      "/docs/errors.md",
      "/docs/keys.md",
      "/docs/rest.md",
      "/docs/tools.md",
      "/healthz",
      "/llms.txt",
      "/metrics",
      "/readyz",
  };
  EXPECT_EQ(open, meant) << "an open route is a decision: add it here when it is meant";
  std::set<std::string> const for_visitors{
      "/account",
      "/account/password",
      "/account/sessions/end",
      "/account/tenant",
      "/account/totp/begin",
      "/account/totp/confirm",
      "/account/totp/remove",
      "/api/v1/auth/invitations/redeem",
      "/api/v1/auth/reset",
      "/api/v1/auth/reset/redeem",
      "/api/v1/auth/sign-in",
      "/api/v1/auth/sign-in/code",
      "/invitation/{link}",
      "/reset",
      "/reset/{link}",
      "/sign-in",
      "/sign-in/code",
      "/sign-out",
  };
  EXPECT_EQ(visited, for_visitors) << "so is one that asks for nothing but what it proves itself";
}

TEST_F(Sweep, Attack106WhatChangesSomethingForAVisitorWantsAPageOfOurs) {
  int swept = 0;
  for (auto const& route : service_->gate().routes()) {
    if (!std::holds_alternative<api::ForVisitor>(route.handler)) continue;
    if (route.method == http::Method::get) continue;
    ++swept;
    auto response = call(route.method, path_of(route, "x"), "", "a=b");
    EXPECT_GE(response.status, 400) << route.pattern;
    EXPECT_TRUE(response.find("Set-Cookie").empty()) << route.pattern;
  }
  EXPECT_GE(swept, 6);
}

TEST_F(Sweep, Attack8EveryRouteWantsItsScope) {
  auto no_scope = key_of(ours_, {"other"});
  int swept = 0;
  for (auto const& route : service_->gate().routes()) {
    domain::Action const* action = nullptr;
    if (auto const* handler = std::get_if<api::ForTenant>(&route.handler)) action = handler->action;
    if (auto const* handler = std::get_if<api::ForManager>(&route.handler))
      action = handler->action;
    if (!action) continue;
    ++swept;
    auto response = call(route.method, path_of(route, "x"), no_scope);
    EXPECT_EQ(response.status, 403) << route.pattern;
    auto challenge = response.find("WWW-Authenticate");
    EXPECT_TRUE(challenge.contains("error=\"insufficient_scope\"")) << route.pattern;
    EXPECT_TRUE(challenge.contains("scope=\"" + action->scope + "\"")) << route.pattern;
    EXPECT_FALSE(response.find("X-Request-Id").empty()) << route.pattern;
    auto other = key_of(ours_, {action->scope == "manage" ? "data:write" : "manage"});
    EXPECT_EQ(call(route.method, path_of(route, "x"), other).status, 403) << route.pattern;
    installation_->keys().revoke(installation_->keys().find(other)->id, {}).value();
  }
  EXPECT_EQ(
      swept, 5 * 3 + 14
  ) << "a route on tenant data, or for managers, is covered by this test";
}

TEST_F(Sweep, AReadingKeyReadsAndNoMore) {
  auto reader = key_of(ours_, {"data:read"});
  for (auto const& route : service_->gate().routes()) {
    auto const* handler = std::get_if<api::ForTenant>(&route.handler);
    if (!handler) continue;
    bool is_read = handler->action->effect == domain::Effect::read;
    EXPECT_EQ(call(route.method, path_of(route, "x"), reader).status == 403, !is_read)
        << route.pattern;
  }
}

TEST_F(Sweep, Attack10AnotherTenantsKeyIsNotFoundAnywhere) {
  auto mine = key_of(ours_, {"data:read"});
  auto manager = key_of(theirs_, {"manage"});
  std::string id = installation_->keys().find(mine)->id.text();
  for (auto const& route : service_->gate().routes()) {
    if (!route.pattern.contains("keys/{id}")) continue;
    auto response = call(route.method, path_of(route, id), manager, R"({"name":"x"})");
    if (route.pattern.ends_with("rotate"))
      response = call(route.method, path_of(route, id), manager, "");
    EXPECT_EQ(response.status, 404) << route.pattern;
  }
  EXPECT_EQ(call(http::Method::get, "/api/v1/whoami", mine).status, 200);
}

TEST_F(Sweep, Attack38And7TheTenantComesFromTheCredentialAlone) {
  auto manager = key_of(ours_, {"manage", "data:read"});
  auto body =
      codec::to_text({{"name", "x"}, {"tenant", theirs_.text()}, {"scopes", json::array()}});
  EXPECT_EQ(call(http::Method::post, "/api/v1/keys", manager, body).status, 400);
  auto created =
      call(http::Method::post, "/api/v1/keys", manager, R"({"name":"x","scopes":["data:read"]})");
  ASSERT_EQ(created.status, 201) << created.body;
  auto key = std::string(codec::parse_json(created.body)->at("key").get_string());
  EXPECT_EQ(installation_->keys().find(key)->tenant, ours_);
  EXPECT_FALSE(created.body.contains(ours_.text())) << "the caller never sees its tenant";
}

TEST_F(Sweep, Attack13AKeyMakesNoStrongerKey) {
  auto manager = key_of(ours_, {"manage", "data:read"});
  for (auto body :
       {R"({"name":"x","scopes":["data:write"]})", R"({"name":"x","scopes":["other"]})"}) {
    EXPECT_EQ(call(http::Method::post, "/api/v1/keys", manager, body).status, 403) << body;
  }
  auto writer = key_of(ours_, {"data:write"});
  auto id = installation_->keys().find(writer)->id.text();
  auto rotated = call(http::Method::post, "/api/v1/keys/" + id + "/rotate", manager, "");
  EXPECT_EQ(rotated.status, 403) << "its successor would be shown to who holds less";
}

TEST_F(Sweep, AKeyOfAKindWithoutTenantReachesNoData) {
  authn::NewKey wanted;
  wanted.kind = "platform";
  wanted.name = "p";
  wanted.scopes = {"data:write", "manage", "other"};
  auto key = std::string(installation_->keys().create(wanted, {}).value().key.reveal());
  for (auto const& route : service_->gate().routes()) {
    bool is_about_data = std::holds_alternative<api::ForTenant>(route.handler) ||
                         std::holds_alternative<api::ForManager>(route.handler) ||
                         route.pattern == "/mcp";
    if (!is_about_data) continue;
    auto response = call(route.method, path_of(route, "x"), key);
    EXPECT_EQ(response.status, 400) << route.pattern;
    EXPECT_TRUE(response.body.contains("bound to no tenant")) << route.pattern;
  }
  EXPECT_EQ(call(http::Method::get, "/api/v1/keys/verify", key).status, 200);
}

TEST_F(Sweep, Attack150ARuleHoldsForBothWaysIn) {
  auto key = key_of(ours_, {"data:write"});
  auto made = call(http::Method::post, "/api/v1/notes", key, R"({"body":"yes"})");
  ASSERT_EQ(made.status, 201) << made.body;
  auto id = std::string(codec::parse_json(made.body)->at("id").get_string());
  auto refused = call(http::Method::del, "/api/v1/notes/" + id, key);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.find("WWW-Authenticate"), "") << "no scope would help";
  EXPECT_EQ(call(http::Method::post, "/api/v1/notes", key, R"({"body":"maybe"})").status, 403);
  EXPECT_EQ(call(http::Method::post, "/api/v1/notes", key, "{}").status, 403);
  auto listed = codec::to_text(mcp(key, "tools/list"));
  EXPECT_FALSE(listed.contains("notes_delete"));
  EXPECT_TRUE(listed.contains("notes_create"));
  json::object arguments{{"name", "notes_create"}, {"arguments", {{"body", "maybe"}}}};
  EXPECT_TRUE(mcp(key, "tools/call", arguments).at("error").is_object());
}

TEST_F(Sweep, ANarrowedKeyIsHeldToItsToolsOnBothWaysInAndEndsWithItsParent) {
  auto parent = key_of(ours_, {"data:write"});
  auto made = call(
      http::Method::post,
      "/api/v1/keys/narrow",
      parent,
      R"({"tools":["tasks_create"],"arguments":{"status":["open"]}})"
  );
  ASSERT_EQ(made.status, 201) << made.body;
  auto child = std::string(codec::parse_json(made.body)->at("key").get_string());
  EXPECT_EQ(call(http::Method::get, "/api/v1/tasks", child).status, 403);
  EXPECT_EQ(
      call(http::Method::post, "/api/v1/tasks", child, R"({"title":"t","status":"done"})").status,
      403
  );
  EXPECT_EQ(
      call(http::Method::post, "/api/v1/tasks", child, R"({"title":"t","status":"open"})").status,
      201
  );
  EXPECT_EQ(mcp(child, "tools/list").at("result").at("tools").get_array().size(), 1U);
  EXPECT_EQ(call(http::Method::post, "/api/v1/keys", child, R"({"name":"x"})").status, 403);
  installation_->keys().revoke(installation_->keys().find(parent)->id, {}).value();
  EXPECT_EQ(call(http::Method::get, "/api/v1/whoami", child).status, 401);
}

TEST_F(Sweep, ADenialIsExplainedToTheTenantsManagersAndNobodyElse) {
  auto reader = key_of(ours_, {"data:read"});
  auto denied = call(http::Method::post, "/api/v1/tasks", reader, R"({"title":"t"})");
  auto path = "/api/v1/denials/" + std::string(denied.find("X-Request-Id"));
  auto told = call(http::Method::get, path, key_of(ours_, {"manage"}));
  ASSERT_EQ(told.status, 200) << told.body;
  auto why = codec::parse_json(told.body).value();
  EXPECT_EQ(why.at("reason").get_string(), "insufficient_scope");
  EXPECT_EQ(why.at("scope_needed").get_string(), "data:write");
  EXPECT_EQ(codec::to_text(why.at("scopes_held")), R"(["data:read"])");
  EXPECT_EQ(why.at("action").get_string(), "tasks.create");
  EXPECT_EQ(call(http::Method::get, path, key_of(theirs_, {"manage"})).status, 404);
  EXPECT_EQ(call(http::Method::get, path, reader).status, 403);
}

TEST_F(Sweep, ALimitOnAToolAnswers429AndSaysWhen) {
  auto key = key_of(ours_, {"data:read"});
  auto tell = [&] {
    return call(
        http::Method::post,
        "/mcp",
        key,
        R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"current_time"}})"
    );
  };
  auto first = tell();
  EXPECT_EQ(first.status, 200);
  EXPECT_TRUE(first.find("RateLimit-Policy").contains("\"tool\";q=2;w=3600"));
  EXPECT_TRUE(first.find("RateLimit").contains("\"tool\";r=1"));
  tell();
  auto third = tell();
  EXPECT_EQ(third.status, 429);
  EXPECT_FALSE(third.find("Retry-After").empty());
  EXPECT_TRUE(third.body.contains("rate_limited")) << third.body;
}

TEST_F(Sweep, Attack12GuessingFromAnAddressIsSlowAndHurtsNoNeighbour) {
  auto good = key_of(ours_, {"data:read"});
  auto fresh = key_of(ours_, {"data:read"});
  constexpr std::string_view kThere = "203.0.113.9";
  auto ask = [&](std::string const& key) {
    return call(http::Method::get, "/api/v1/whoami", key, "", kThere);
  };
  EXPECT_EQ(ask(good).status, 200);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask("ks_guess").status, 401);
  auto refused = ask("ks_guess");
  EXPECT_EQ(refused.status, 429);
  EXPECT_FALSE(refused.find("Retry-After").empty());
  EXPECT_EQ(ask(fresh).status, 429) << "a right guess gains nothing";
  EXPECT_EQ(ask(good).status, 200) << "who worked from there before goes on";
  EXPECT_EQ(call(http::Method::get, "/api/v1/whoami", fresh).status, 200) << "elsewhere";
}

TEST_F(Sweep, Attack12AnAgentThatWasForgottenWithARevokedKeyShutsNobodyOut) {
  auto neighbour = key_of(ours_, {"data:read"});
  auto forgotten = key_of(ours_, {"data:read"});
  constexpr std::string_view kThere = "203.0.113.9";
  auto& keys = installation_->keys();
  keys.revoke(keys.find(forgotten)->id, {}).value();
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(call(http::Method::get, "/api/v1/whoami", forgotten, "", kThere).status, 401);
  }
  EXPECT_EQ(call(http::Method::get, "/api/v1/whoami", neighbour, "", kThere).status, 200);
}

TEST_F(Sweep, Attack10AnotherTenantsRowIsNotFoundAnywhere) {
  auto mine = key_of(ours_, {"data:write"});
  auto foreign = key_of(theirs_, {"data:write"});
  std::string id = create_task(mine);
  for (auto const& route : service_->gate().routes()) {
    if (!route.pattern.contains("tasks/{id}")) continue;
    auto theirs = call(route.method, path_of(route, id), foreign);
    auto nobodys =
        call(route.method, path_of(route, "01a20456-c277-74dd-9915-675351979584"), foreign);
    EXPECT_EQ(theirs.status, 404) << route.pattern;
    EXPECT_EQ(theirs.body, nobodys.body) << "it must not show that the row exists";
  }
  for (auto tool : {"tasks_get", "tasks_update", "tasks_delete"}) {
    auto answer = mcp(foreign, "tools/call", {{"name", tool}, {"arguments", {{"id", id}}}});
    EXPECT_TRUE(answer.at("result").at("isError").get_bool()) << tool;
  }
  EXPECT_FALSE(call(http::Method::get, "/api/v1/tasks", foreign).body.contains("secret plan"));
  EXPECT_EQ(call(http::Method::get, "/api/v1/tasks/" + id, mine).status, 200)
      << "still there for its owner";
}

TEST_F(Sweep, Attack82AToolIsListedExactlyWhenItMayBeCalled) {
  for (std::vector<std::string> scopes :
       {std::vector<std::string>{"other"}, {"data:read"}, {"data:write"}}) {
    auto key = key_of(ours_, scopes);
    std::set<std::string> listed;
    auto page = mcp(key, "tools/list");
    for (auto const& tool : page.at("result").at("tools").get_array()) {
      listed.insert(std::string(tool.at("name").get_string()));
    }
    auto all = mcp(key_of(ours_, {"data:write", "other"}), "tools/list");
    for (auto const& tool : all.at("result").at("tools").get_array()) {
      std::string name(tool.at("name").get_string());
      // The one whose arguments a rule limits.
      json::object arguments;
      if (name == "notes_create") arguments["body"] = "yes";
      auto response = call(
          http::Method::post,
          "/mcp",
          key,
          codec::to_text(
              {{"jsonrpc", "2.0"},
               {"id", 1},
               {"method", "tools/call"},
               {"params", {{"name", name}, {"arguments", arguments}}}}
          )
      );
      EXPECT_EQ(response.status != 403, listed.contains(name)) << name;
    }
  }
}

TEST_F(Sweep, NoToolTakesATenant) {
  auto all = mcp(key_of(ours_, {"data:write", "other"}), "tools/list");
  EXPECT_FALSE(codec::to_text(all).contains("tenant"));
  EXPECT_FALSE(
      codec::to_text(mcp(key_of(ours_, {"other"}), "tools/call", {{"name", "whoami"}}))
          .contains(ours_.text())
  );
}

TEST_F(Sweep, AnotherOriginIsRefusedAndAnAllowedOneIsAnswered) {
  http::Response response;
  std::array<http::Header, 1> headers{{{"Origin", "https://evil.example.com"}}};
  http::Request request;
  request.method = http::Method::get;
  request.path = "/api/v1/version";
  request.headers = headers;
  service_->handler().handle(request, response, http::Where::io_thread);
  EXPECT_EQ(response.status, 403);
  headers[0].value = "http://127.0.0.1:1";
  response.reset();
  service_->handler().handle(request, response, http::Where::io_thread);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.find("Access-Control-Allow-Origin"), "http://127.0.0.1:1");
}

TEST_F(Sweep, MetricsAreForThisMachineOnly) {
  EXPECT_EQ(call(http::Method::get, "/metrics", "").status, 403);
}

TEST_F(Sweep, ABrokenStoreIsA503WithoutItsDetails) {
  auto key = key_of(ours_, {"data:write"});
  std::filesystem::remove_all(folder_ / "tenants");
  std::ofstream(folder_ / "tenants") << "not a folder";
  auto response = call(http::Method::get, "/api/v1/tasks", key);
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.find("Retry-After"), "1");
  EXPECT_FALSE(response.body.contains(folder_.string()));
}

}  // namespace
}  // namespace keystead::app

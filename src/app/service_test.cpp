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
  scopes: { "data:read": Read, "data:write": Read + Write, "other": Other }
  implies: { "data:write": ["data:read"] }
collections:
  tasks:
    fields: { title: text!, status: [open, done] }
    read: "data:read"
    write: "data:write"
  notes:
    fields: { body: text }
    read: "data:read"
    write: "data:write"
tools: [whoami, current_time]
)";

class Sweep : public testing::Test {
 protected:
  Sweep() {
    auto config = parse_config(kConfiguration, "sweep.yaml", {});
    EXPECT_TRUE(config) << config.error().public_text;
    installation_ = Installation::open(std::move(*config), folder_).value();
    service_ = Service::build(
                   *installation_,
                   {.public_url = "http://127.0.0.1:1", .metrics = [] { return "metrics\n"; }}
    ).value();
    for (auto* tenant : {&ours_, &theirs_}) {
      *tenant = domain::TenantId::mint(installation_->random());
      installation_->control().add_tenant({*tenant, "T", {}, installation_->clock().now()}).value();
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
    auto created = installation_->keys().create(
        {.tenant = tenant,
         .name = "k",
         .scopes = std::move(scopes),
         .expires_at = {},
         .environment = {}}
    );
    return std::string(created.value().key.reveal());
  }

  http::Response call(
      http::Method method, std::string path, std::string const& key, std::string_view body = "{}"
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
    request.peer = "192.0.2.1";
    http::Response response;
    auto outcome = service_->handler().handle(request, response, http::Where::io_thread);
    if (outcome == http::Outcome::needs_worker)
      service_->handler().handle(request, response, http::Where::worker);
    return response;
  }

  // A path of the pattern, with `id` for its variable segment.
  static std::string path_of(api::Route const& route, std::string const& id) {
    auto at = route.pattern.find("{id}");
    return at == std::string::npos ? route.pattern : route.pattern.substr(0, at) + id;
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
  std::set<std::string> open;
  for (auto const& route : service_->gate().routes()) {
    auto response = call(route.method, path_of(route, "x"), "");
    if (std::holds_alternative<api::ForAnyone>(route.handler)) {
      EXPECT_NE(response.status, 401);
      open.insert(route.pattern);
    } else {
      EXPECT_EQ(response.status, 401) << route.pattern;
      EXPECT_TRUE(response.find("WWW-Authenticate").starts_with("Bearer realm=")) << route.pattern;
    }
  }
  EXPECT_EQ(open, (std::set<std::string>{"/api/v1/version", "/healthz", "/metrics", "/readyz"}))
      << "an open route is a decision: add it here when it is meant";
}

TEST_F(Sweep, Attack8EveryRouteOnTenantDataWantsItsScope) {
  auto no_scope = key_of(ours_, {"other"});
  auto reader = key_of(ours_, {"data:read"});
  int swept = 0;
  for (auto const& route : service_->gate().routes()) {
    auto const* handler = std::get_if<api::ForTenant>(&route.handler);
    if (!handler) continue;
    ++swept;
    auto response = call(route.method, path_of(route, "x"), no_scope);
    EXPECT_EQ(response.status, 403) << route.pattern;
    EXPECT_TRUE(response.find("WWW-Authenticate").contains("error=\"insufficient_scope\""))
        << route.pattern;
    EXPECT_TRUE(
        response.find("WWW-Authenticate").contains("scope=\"" + handler->action->scope + "\"")
    );
    bool is_read = handler->action->effect == domain::Effect::read;
    EXPECT_EQ(call(route.method, path_of(route, "x"), reader).status == 403, !is_read)
        << route.pattern;
  }
  EXPECT_EQ(swept, 10);
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
      auto response = call(
          http::Method::post,
          "/mcp",
          key,
          codec::to_text(
              {{"jsonrpc", "2.0"},
               {"id", 1},
               {"method", "tools/call"},
               {"params", {{"name", name}}}}
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

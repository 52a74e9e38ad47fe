#include "api/openapi.hpp"

#include <set>

#include <gtest/gtest.h>

#include "api/route_statement.hpp"
#include "api/test_routes.hpp"
#include "codec/json.hpp"

namespace keystead::api {
namespace {

// As it is served.
json::object served(std::vector<Route> const& routes) {
  for (auto const& route : routes) {
    if (route.pattern != "/api/v1/openapi.json") continue;
    http::Response response;
    std::get<ForAnyone>(route.handler)({}, response);
    EXPECT_EQ(response.content_type, "application/json");
    return codec::parse_json(response.body).value().as_object();
  }
  ADD_FAILURE() << "there is no /api/v1/openapi.json";
  return {};
}

json::object operation(json::object const& document, char const* path, char const* method) {
  return document.at("paths").at(path).at(method).as_object();
}

std::string names(json::object const& object) {
  std::string text;
  for (auto const& member : object) text.append(text.empty() ? "" : " ").append(member.key());
  return text;
}

std::string schemes(json::object const& operation) {
  std::string text;
  for (auto const& way : operation.at("security").as_array()) {
    text += (text.empty() ? "" : " ") + names(way.as_object());
  }
  return text;
}

TEST(OpenApi, EveryRouteOfRestIsInItWithASummaryAndANameOfItsOwn) {
  TestRoutes parts;
  auto routes = parts.make();
  auto document = served(routes);
  std::set<std::string> ids;
  std::size_t count = 0;
  for (auto const& route : routes) {
    if (!route.pattern.starts_with(kRestPrefix)) continue;
    std::string method(text_of(route.method));
    for (char& c : method) c = static_cast<char>(c | 0x20);
    auto found = operation(document, route.pattern.c_str(), method.c_str());
    EXPECT_TRUE(found.contains("summary")) << route.pattern;
    EXPECT_TRUE(ids.insert(std::string(found.at("operationId").as_string())).second);
    EXPECT_FALSE(found.at("responses").as_object().empty());
    ++count;
  }
  std::size_t listed = 0;
  for (auto const& path : document.at("paths").as_object()) {
    EXPECT_TRUE(path.key().starts_with(std::string(kRestPrefix)));
    listed += path.value().as_object().size();
    EXPECT_FALSE(path.value().as_object().contains("head"));
  }
  EXPECT_EQ(listed, count);
}

TEST(OpenApi, SecurityFollowsFromTheHandler) {
  TestRoutes parts;
  auto document = served(parts.make());
  EXPECT_EQ(schemes(operation(document, "/api/v1/version", "get")), "");
  EXPECT_EQ(schemes(operation(document, "/api/v1/openapi.json", "get")), "");
  EXPECT_EQ(schemes(operation(document, "/api/v1/leaks", "post")), "report_signature");
  for (auto const* path : {"/api/v1/whoami", "/api/v1/tasks", "/api/v1/api-keys/verify"}) {
    EXPECT_EQ(schemes(operation(document, path, "get")), "authorization x-api-key") << path;
  }
  auto create = operation(document, "/api/v1/tasks", "post");
  EXPECT_EQ(create.at("x-keystead-scope"), "write");
  EXPECT_EQ(operation(document, "/api/v1/api-keys", "get").at("x-keystead-scope"), "admin");
  EXPECT_FALSE(operation(document, "/api/v1/whoami", "get").contains("x-keystead-scope"));
  auto const& known = document.at("components").at("securitySchemes");
  EXPECT_EQ(known.at("authorization").at("scheme"), "bearer");
  EXPECT_EQ(known.at("x-api-key").at("name"), "X-API-Key");
}

TEST(OpenApi, OnlyHeadersThatAreAcceptedAreNamed) {
  TestRoutes parts;
  parts.headers = {"x-api-key"};
  auto document = served(parts.make());
  EXPECT_EQ(schemes(operation(document, "/api/v1/whoami", "get")), "x-api-key");
}

TEST(OpenApi, AnOperationSaysWhatItTakesAndGives) {
  TestRoutes parts;
  auto document = served(parts.make());
  auto change = operation(document, "/api/v1/tasks/{id}", "patch");
  EXPECT_EQ(change.at("operationId"), "patchTasksById");
  auto const& id = change.at("parameters").at(0);
  EXPECT_EQ(id.at("name"), "id");
  EXPECT_EQ(id.at("in"), "path");
  EXPECT_TRUE(id.at("required").as_bool());
  EXPECT_TRUE(change.at("requestBody").at("required").as_bool());
  auto list = operation(document, "/api/v1/tasks", "get");
  EXPECT_EQ(list.at("parameters").at(0).at("name"), "sort");
  EXPECT_EQ(list.at("parameters").at(0).at("in"), "query");
  EXPECT_FALSE(list.contains("requestBody"));
  auto create = operation(document, "/api/v1/api-keys", "post");
  EXPECT_EQ(create.at("operationId"), "postApiKeys");
  EXPECT_EQ(names(create.at("responses").at("201").at("headers").as_object()), "Location");
  auto remove = operation(document, "/api/v1/tasks/{id}", "delete");
  EXPECT_FALSE(remove.at("responses").at("204").as_object().contains("content"));
}

TEST(OpenApi, RefusalsFollowFromTheHandler) {
  TestRoutes parts;
  auto document = served(parts.make());
  auto statuses = [&](char const* path, char const* method) {
    return names(operation(document, path, method).at("responses").as_object());
  };
  EXPECT_EQ(statuses("/api/v1/version", "get"), "200");
  EXPECT_EQ(statuses("/api/v1/whoami", "get"), "200 400 401 403 429 500 503");
  EXPECT_EQ(statuses("/api/v1/tasks/{id}", "get"), "200 400 401 403 404 429 500 503");
  EXPECT_EQ(statuses("/api/v1/tasks", "post"), "201 400 401 403 409 415 429 500 503");
  EXPECT_EQ(statuses("/api/v1/leaks", "post"), "200 400 401 500 503");
}

TEST(OpenApi, ARefusalLooksAsItIsConfigured) {
  DenialForms forms;
  forms["forbidden"] = {402, json::value{{"message", "{detail}"}, {"wait", "{retry_after}"}}, {}};
  TestRoutes parts(std::move(forms));
  auto document = served(parts.make());
  auto create = operation(document, "/api/v1/tasks", "post");
  EXPECT_FALSE(create.at("responses").as_object().contains("403"));
  EXPECT_EQ(create.at("responses").at("402").at("$ref"), "#/components/responses/Refusal402");
  auto const& components = document.at("components");
  auto const& refusal = components.at("responses").at("Refusal402");
  EXPECT_TRUE(refusal.at("headers").as_object().contains("WWW-Authenticate"));
  auto const& media = refusal.at("content").at("application/json");
  EXPECT_EQ(
      media.at("schema").at("anyOf").at(0).at("$ref"), "#/components/schemas/Error_forbidden"
  );
  EXPECT_EQ(
      media.at("examples").at("forbidden").at("value").at("message"),
      "This operation requires the admin scope."
  );
  auto const& schema = components.at("schemas").at("Error_forbidden").at("properties");
  EXPECT_EQ(schema.at("message").at("type"), "string");
  EXPECT_EQ(schema.at("wait").at("type"), "integer");
  auto const& rest = components.at("responses").at("Refusal404").at("content");
  EXPECT_TRUE(rest.as_object().contains("application/problem+json"));
}

TEST(OpenApi, NothingInItIsATenants) {
  TestRoutes parts;
  auto text = codec::to_text(served(parts.make()));
  EXPECT_FALSE(text.contains("tenant_id"));
  EXPECT_FALSE(text.contains("/healthz"));
}

}  // namespace
}  // namespace keystead::api

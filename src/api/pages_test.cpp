#include "api/pages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/example_value.hpp"
#include "api/markdown.hpp"
#include "api/test_routes.hpp"
#include "codec/json.hpp"

namespace keystead::api {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// The page of a path, as it is served.
std::string page(std::vector<Route> const& routes, std::string_view path) {
  for (auto const& route : routes) {
    if (route.pattern != path) continue;
    http::Response response;
    std::get<ForAnyone>(route.handler)({}, response);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.content_type, "text/markdown; charset=utf-8");
    return response.body;
  }
  ADD_FAILURE() << "there is no " << path;
  return {};
}

TEST(Pages, TheIndexIsInTheFormOfLlmsTxt) {
  TestRoutes parts;
  auto text = page(parts.make(), "/llms.txt");
  EXPECT_THAT(text, StartsWith("# Harbor | Tasks\n\n> Look before you write.\n\n"));
  EXPECT_THAT(
      text,
      HasSubstr(
          "\n## Documentation\n\n- [Authentication](https://tasks.example/docs/authentication.md): "
      )
  );
}

TEST(Pages, TheIndexListsEveryPageAndNothingThatIsNotThere) {
  TestRoutes parts;
  auto routes = parts.make();
  auto text = page(routes, "/llms.txt");
  std::size_t listed = 0;
  for (auto const& route : routes) {
    std::string link = "(" + std::string(TestRoutes::kUrl) + route.pattern + ")";
    bool is_document =
        route.pattern.starts_with("/docs/") || route.pattern.ends_with("openapi.json");
    EXPECT_EQ(text.contains(link), is_document) << route.pattern;
    if (is_document) ++listed;
  }
  EXPECT_EQ(listed, 6);
}

TEST(Pages, AuthenticationSaysHowAKeyIsSentAndShowsNone) {
  TestRoutes parts;
  auto text = page(parts.make(), "/docs/authentication.md");
  std::string shown = "ks_" + std::string(46, 'x');
  EXPECT_THAT(text, HasSubstr("Authorization: Bearer " + shown));
  EXPECT_THAT(text, HasSubstr("X-API-Key: " + shown));
  EXPECT_FALSE(domain::KeyFormat::parse("ks_{secret:40}{crc}").value().match(shown));
  EXPECT_THAT(text, HasSubstr("| staged | `nk_{env:live\\|test}_{id:8}_{secret:32}` |"));
  EXPECT_THAT(text, HasSubstr("in its URL is refused with 400."));
  EXPECT_THAT(text, HasSubstr("| `write` |  | `read` |"));
}

TEST(Pages, AHeaderThatIsNotAcceptedIsNotShown) {
  TestRoutes parts;
  parts.headers = {"x-api-key"};
  auto routes = parts.make();
  for (auto const* path : {"/docs/authentication.md", "/docs/rest.md", "/docs/keys.md"}) {
    EXPECT_THAT(page(routes, path), Not(HasSubstr("Bearer"))) << path;
    EXPECT_THAT(page(routes, path), HasSubstr("X-API-Key: ")) << path;
  }
}

TEST(Pages, ErrorsAreShownAsTheyAreConfigured) {
  DenialForms forms;
  forms["forbidden"] = {{}, json::value{{"error", "{detail}"}}, RpcForm{-32001, "No: {detail}"}};
  forms["unauthorized"] = {418, json::value{{"error", "who"}}, {}};
  TestRoutes parts(std::move(forms));
  auto text = page(parts.make(), "/docs/errors.md");
  EXPECT_THAT(text, HasSubstr("`{\"error\":\"This operation requires the admin scope.\"}`"));
  EXPECT_THAT(text, HasSubstr("| 418 | "));
  EXPECT_THAT(text, HasSubstr("`{\"error\":\"who\"}` | `X-Request-Id`, `WWW-Authenticate` |"));
  EXPECT_THAT(text, HasSubstr("\"code\":-32001,\"message\":\"No: This operation"));
  EXPECT_THAT(text, HasSubstr("- calls with one key: 600 in 60 s\n"));
}

TEST(Pages, ToolsAreShownWithScopeAndArguments) {
  TestRoutes parts;
  auto text = page(parts.make(), "/docs/tools.md");
  EXPECT_THAT(text, HasSubstr("## tasks_create\n"));
  EXPECT_THAT(text, HasSubstr("Writes. Needs `write`.\n\n| argument |"));
  EXPECT_THAT(text, HasSubstr("| `title` | text | yes | What is to be done. |"));
  EXPECT_THAT(text, HasSubstr("| `status` | one of `open`, `done` |  |"));
}

TEST(Pages, WhatARuleDeniesToEverybodyIsNotShown) {
  TestRoutes parts;
  domain::Rule closed;
  closed.name = "closed";
  closed.patterns = {"tasks_delete"};
  domain::Rule partly = closed;
  partly.name = "partly";
  partly.patterns = {"tasks_create"};
  partly.unless_scope = "admin";
  parts.apply({closed, partly});
  auto routes = parts.make();
  EXPECT_THAT(page(routes, "/docs/tools.md"), Not(HasSubstr("tasks_delete")));
  EXPECT_THAT(page(routes, "/docs/rest.md"), Not(HasSubstr("DELETE /api/v1/tasks/{id}")));
  EXPECT_THAT(page(routes, "/docs/tools.md"), HasSubstr("tasks_create"));
}

TEST(Pages, RestHasACommandForEachCallAndKeysHaveAPageOfTheirOwn) {
  TestRoutes parts;
  auto routes = parts.make();
  auto rest = page(routes, "/docs/rest.md");
  EXPECT_THAT(rest, HasSubstr("| `PATCH /api/v1/tasks/{id}` | Change in tasks | `write` |"));
  EXPECT_THAT(
      rest,
      HasSubstr(
          "curl -X POST https://tasks.example/api/v1/tasks \\\n"
          "  -H \"Authorization: Bearer $KEY\" \\\n"
          "  -H 'Content-Type: application/json' \\\n"
          "  -d '{\"title\":\"text\"}'\n"
      )
  );
  EXPECT_THAT(rest, HasSubstr("curl https://tasks.example/api/v1/version\n"));
  EXPECT_THAT(rest, Not(HasSubstr("api-keys")));
  auto keys = page(routes, "/docs/keys.md");
  EXPECT_THAT(keys, HasSubstr("| `POST /api/v1/api-keys` |"));
  EXPECT_THAT(keys, HasSubstr("Without `scopes` it gets `read`,"));
  EXPECT_THAT(keys, HasSubstr("A workspace has at most 10 active keys"));
}

TEST(Markdown, ACellKeepsItsRow) {
  MarkdownTable table({"a", "b"});
  table.add({"x|y\nz", code("`")});
  EXPECT_EQ(table.text(), "| a | b |\n|---|---|\n| x\\|y z | `` ` `` |\n\n");
}

TEST(ExampleValue, AnObjectHasWhatIsRequiredOrItsFirstMember) {
  auto example = [](char const* schema) {
    return codec::to_text(example_value(codec::parse_json(schema).value().as_object()));
  };
  EXPECT_EQ(
      example(
          R"({"type":"object","properties":{"a":{"type":"string"},"b":{"enum":["x"]}},"required":["b"]})"
      ),
      R"({"b":"x"})"
  );
  EXPECT_EQ(
      example(
          R"({"type":"object","properties":{"a":{"anyOf":[{"type":"string","format":"date"},{"type":"null"}]}}})"
      ),
      R"({"a":"2027-01-31"})"
  );
  EXPECT_EQ(example(R"({"type":"array","items":{"type":["integer","null"]}})"), "[1]");
  EXPECT_EQ(example(R"({"type":"object"})"), "{}");
}

TEST(ExampleValue, AKeyHasTheFormOfItsGrammarAndNoSecret) {
  EXPECT_EQ(example_key("nk_{env:live|test}_{id:3}_{secret:4}{crc}"), "nk_live_xxx_xxxxxxxxxx");
}

}  // namespace
}  // namespace keystead::api

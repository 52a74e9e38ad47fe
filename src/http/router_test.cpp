#include "http/router.hpp"

#include <gtest/gtest.h>

namespace keystead::http {
namespace {

class RouterTest : public testing::Test {
 protected:
  RouterTest() {
    router_.add(Method::post, "/mcp", 0);
    router_.add(Method::get, "/api/v1/tasks", 1);
    router_.add(Method::post, "/api/v1/tasks", 2);
    router_.add(Method::get, "/api/v1/tasks/{id}", 3);
    router_.add(Method::post, "/api/v1/seq/{org}/{project}/run", 4);
    router_.add(Method::get, "/ask", 5);
    router_.add(Method::get, "/ask/{path...}", 6);
    router_.add(Method::other, "/ask/{path...}", 7);
  }
  Router router_;
};

TEST_F(RouterTest, FindsByMethodAndPath) {
  EXPECT_EQ(router_.find(Method::post, "/mcp").route, 0u);
  EXPECT_EQ(router_.find(Method::get, "/api/v1/tasks").route, 1u);
  EXPECT_EQ(router_.find(Method::head, "/api/v1/tasks").route, 1u);
  auto match = router_.find(Method::get, "/api/v1/tasks/abc");
  EXPECT_EQ(match.route, 3u);
  EXPECT_EQ(match.parameters[0], "abc");
  match = router_.find(Method::post, "/api/v1/seq/o/p/run");
  EXPECT_EQ(match.parameters[0], "o");
  EXPECT_EQ(match.parameters[1], "p");
}

TEST_F(RouterTest, TellsAnUnknownPathFromAnUnknownMethod) {
  for (auto path :
       {"/",
        "/MCP",
        "/mcp/",
        "/mcpx",
        "/api",
        "/api/v1/tasks/",
        "/api/v1/tasks/a/b",
        "",
        "mcp",
        "/api/v1/seq/o//run"}) {
    auto match = router_.find(Method::get, path);
    EXPECT_FALSE(match.route) << path;
    EXPECT_EQ(match.allow, "") << path;
  }
  EXPECT_EQ(router_.find(Method::del, "/api/v1/tasks").allow, "GET, HEAD, POST");
  EXPECT_FALSE(router_.find(Method::del, "/api/v1/tasks").route);
}

TEST_F(RouterTest, ARestTakesAllThatIsLeft) {
  EXPECT_EQ(router_.find(Method::get, "/ask").route, 5u);
  for (std::string path : {"/ask/", "/ask/a", "/ask/a/b/", "/ask//a//b", "/ask/tasks"}) {
    auto match = router_.find(Method::get, path);
    EXPECT_EQ(match.route, 6u) << path;
    EXPECT_EQ(match.parameters[0], std::string_view(path).substr(5));
  }
  EXPECT_FALSE(router_.find(Method::get, "/asked").route);
}

TEST_F(RouterTest, AMethodWithoutANameIsServedWhereItIsAsked) {
  EXPECT_EQ(router_.find(Method::other, "/ask/a").route, 7u);
  EXPECT_FALSE(router_.find(Method::other, "/ask").route);
  EXPECT_FALSE(router_.find(Method::other, "/mcp").route);
  EXPECT_EQ(router_.find(Method::put, "/ask/a").allow, "GET, HEAD");
}

TEST_F(RouterTest, ARouteCanBeAddedOnce) {
  EXPECT_FALSE(router_.add(Method::post, "/mcp", 9));
  EXPECT_TRUE(router_.add(Method::get, "/mcp", 9));
}

}  // namespace
}  // namespace keystead::http

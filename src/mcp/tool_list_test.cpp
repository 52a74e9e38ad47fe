#include "mcp/tool_list.hpp"

#include <gtest/gtest.h>

#include "codec/base64url.hpp"
#include "mcp/test_endpoint.hpp"

namespace keystead::mcp {
namespace {

std::string list_request(std::string_view params) {
  return R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":)" + std::string(params) + "}";
}

// The names on a page and its next cursor, decoded: "clash echo ->after:echo".
std::string page(Answer const& answer) {
  auto document = answer.value();
  auto const& result = document.at("result").as_object();
  std::string out;
  for (auto const& tool : result.at("tools").as_array()) {
    out += std::string(tool.at("name").as_string()) + " ";
  }
  if (auto const* next = result.if_contains("nextCursor")) {
    out += "->" + codec::base64url_decode(next->as_string()).value_or("?");
  }
  return out;
}

TEST(ToolList, Attack82EveryToolIsListedExactlyIfItMayBeCalled) {
  TestEndpoint endpoint;
  std::vector<std::vector<std::string>> const grants = {{}, {"read"}, {"write"}, {"admin"}};
  std::size_t listed_count = 0;
  for (auto const& scopes : grants) {
    endpoint.grant(scopes);
    std::string listed = " " + page(endpoint.post(list_request("{}")));
    for (auto const& [name, tool] : endpoint.tools().all()) {
      auto call = endpoint.post(
          R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":")" + name + "\"}}"
      );
      bool callable = call.status != 403;
      EXPECT_EQ(listed.find(" " + name + " ") != std::string::npos, callable)
          << name << " in" << listed;
      listed_count += callable;
    }
  }
  EXPECT_EQ(listed_count, 1u + 3u + 5u + 6u) << "the grants differ in what they permit";
}

TEST(ToolList, PagesFollowTheOrderOfNames) {
  TestEndpoint endpoint(2);
  auto next = [&](std::string const& after) {
    return page(
        endpoint.post(list_request(R"({"cursor":")" + codec::base64url_encode(after) + "\"}"))
    );
  };
  EXPECT_EQ(page(endpoint.post(list_request("{}"))), "clash echo ->after:echo");
  EXPECT_EQ(next("after:echo"), "locate mend ->after:mend");
  EXPECT_EQ(next("after:mend"), "rows wipe ") << "no cursor when nothing follows";
  EXPECT_EQ(next("after:wipe"), "");
  EXPECT_EQ(next("after:gone"), "locate mend ->after:mend") << "a tool that was removed since";
}

TEST(ToolList, APageHoldsOnlyWhatTheCallerMayCall) {
  TestEndpoint endpoint(2);
  endpoint.grant({"read"});
  EXPECT_EQ(page(endpoint.post(list_request("{}"))), "echo locate ->after:locate");
  auto rest = list_request(R"({"cursor":")" + codec::base64url_encode("after:locate") + "\"}");
  EXPECT_EQ(page(endpoint.post(rest)), "rows ");
  endpoint.grant({});
  EXPECT_EQ(page(endpoint.post(list_request("{}"))), "rows ");
}

TEST(ToolList, ABrokenCursorIsInvalidParams) {
  TestEndpoint endpoint;
  for (std::string cursor :
       {R"("")", R"("***")", R"("ZWNobw")", R"("YWZ0ZXI6")", "7", "null", "{}"}) {
    EXPECT_EQ(
        endpoint.post(list_request(R"({"cursor":)" + cursor + "}")).text(),
        R"(200 {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid cursor"}})"
    ) << cursor;
  }
}

TEST(ToolList, HintsFollowTheEffect) {
  TestEndpoint endpoint;
  auto document = endpoint.post(list_request("{}")).value();
  std::string out;
  for (auto const& tool : document.at_pointer("/result/tools").as_array()) {
    auto const& hints = tool.at("annotations").as_object();
    out += std::string(tool.at("name").as_string());
    if (hints.at("readOnlyHint").as_bool()) out += ":reads";
    if (hints.at("destructiveHint").as_bool()) out += ":destroys";
    out += " ";
  }
  EXPECT_EQ(out, "clash echo:reads locate:reads mend rows:reads wipe:destroys ");
}

}  // namespace
}  // namespace keystead::mcp

#include "mcp/request_headers.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace keystead::mcp {
namespace {

RequestHeaders read(std::vector<http::Header> const& headers) {
  http::Request request;
  request.headers = headers;
  return RequestHeaders(request);
}

bool accepts(std::string_view accept) {
  return read({{"Accept", accept}}).accepts_json;
}
bool is_json(std::string_view type) {
  return read({{"Content-Type", type}}).has_json_body();
}

TEST(RequestHeaders, AcceptMustTakeJson) {
  for (auto accept :
       {"application/json",
        "application/json, text/event-stream",
        "text/event-stream,application/json",
        "*/*",
        "application/*",
        "Application/JSON;q=0.5",
        "text/html, */*;q=0.8",
        "application/json;charset=utf-8"}) {
    EXPECT_TRUE(accepts(accept)) << accept;
  }
  for (auto accept :
       {"text/event-stream",
        "text/html",
        "",
        "application/jsonp",
        "text/*",
        "application/json;q=0",
        "application/json; q=0.000",
        "json"}) {
    EXPECT_FALSE(accepts(accept)) << accept;
  }
  EXPECT_TRUE(read({}).accepts_json) << "no Accept means anything";
  EXPECT_TRUE(read({{"Accept", "text/html"}, {"accept", "application/json"}}).accepts_json);
  EXPECT_TRUE(read({{"Accept", "application/json"}, {"accept", "text/html"}}).accepts_json);
}

TEST(RequestHeaders, ContentTypeMustBeJson) {
  EXPECT_TRUE(is_json("application/json"));
  EXPECT_TRUE(is_json("Application/Json; charset=utf-8"));
  EXPECT_FALSE(is_json("application/jsonp"));
  EXPECT_FALSE(is_json("text/plain"));
  EXPECT_FALSE(is_json("text/plain; application/json"));
  EXPECT_FALSE(is_json(""));
  EXPECT_FALSE(read({}).has_json_body());
}

TEST(RequestHeaders, NamesIgnoreCaseAndRepetitionIsSeen) {
  auto headers = read({{"MCP-METHOD", "a"}, {"mcp-name", "b"}, {"Mcp-Protocol-Version", "c"}});
  EXPECT_EQ(headers.method, "a");
  EXPECT_EQ(headers.name, "b");
  EXPECT_EQ(headers.version, "c");
  EXPECT_FALSE(headers.repeated);
  EXPECT_TRUE(read({{"Mcp-Name", "a"}, {"mcp-name", "a"}}).repeated);
}

}  // namespace
}  // namespace keystead::mcp

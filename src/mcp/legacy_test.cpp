// The legacy revisions, 2024-11-05 to 2025-11-25, at the endpoint.
#include <gtest/gtest.h>

#include "mcp/test_endpoint.hpp"

namespace keystead::mcp {
namespace {

using Headers = TestEndpoint::Headers;

std::string request(std::string_view method, std::string_view params = "{}") {
  return R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) + R"(","params":)" +
         std::string(params) + "}";
}

std::string initialize(std::string_view version) {
  return request(
      "initialize",
      R"({"protocolVersion":")" + std::string(version) +
          R"(","capabilities":{},"clientInfo":{"name":"c","version":"1"}})"
  );
}

TEST(Legacy, InitializeNegotiates) {
  TestEndpoint endpoint;
  EXPECT_EQ(
      endpoint.post(initialize("2025-11-25")).text(),
      R"(200 {"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25",)"
      R"("capabilities":{"tools":{}},)"
      R"("serverInfo":{"name":"keystead","title":"Keystead","version":"1.2.3"},)"
      R"("instructions":"Be kind."}})"
  );
  EXPECT_EQ(
      endpoint.post(initialize("2025-03-26")).text(),
      R"(200 {"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-03-26",)"
      R"("capabilities":{"tools":{}},)"
      R"("serverInfo":{"name":"keystead","version":"1.2.3"},"instructions":"Be kind."}})"
  );
  struct {
    std::string_view asked, answered;
  } const table[] = {
      {"2024-11-05", "2024-11-05"},
      {"2025-03-26", "2025-03-26"},
      {"2025-06-18", "2025-06-18"},
      {"2025-11-25", "2025-11-25"},
      {"2026-07-28", "2025-11-25"},
      {"2099-01-01", "2025-11-25"},
      {"1.0", "2025-11-25"},
      {"", "2025-11-25"},
  };
  for (auto const& [asked, answered] : table) {
    auto answer = endpoint.post(initialize(asked));
    EXPECT_EQ(answer.value().at_pointer("/result/protocolVersion").as_string(), answered) << asked;
  }
}

TEST(Legacy, InitializeNeedsAVersion) {
  TestEndpoint endpoint;
  EXPECT_EQ(
      endpoint.post(request("initialize")).text(),
      R"(200 {"jsonrpc":"2.0","id":1,"error":{"code":-32602,)"
      R"("message":"protocolVersion must be a string"}})"
  );
  EXPECT_EQ(endpoint.post(request("initialize", R"({"protocolVersion":1})")).error_code(), -32602);
}

TEST(Legacy, NotificationsAndResponsesAreAcceptedSilently) {
  TestEndpoint endpoint;
  for (auto body :
       {R"({"jsonrpc":"2.0","method":"notifications/initialized"})",
        R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}})",
        R"({"jsonrpc":"2.0","method":"anything/else"})",
        R"({"jsonrpc":"2.0","id":1,"result":{}})",
        R"({"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"}})"}) {
    for (auto const& headers : {Headers{}, Headers{{"Mcp-Protocol-Version", "2025-11-25"}}}) {
      auto answer = endpoint.post(body, headers);
      EXPECT_EQ(answer.text(), "202") << body;
      EXPECT_EQ(answer.content_type, "");
    }
  }
}

TEST(Legacy, EveryRevisionPingsAndDoesNotKnowOtherMethods) {
  TestEndpoint endpoint;
  for (auto const& headers :
       {Headers{},
        Headers{{"MCP-Protocol-Version", "2024-11-05"}},
        Headers{{"MCP-Protocol-Version", "2025-03-26"}},
        Headers{{"MCP-Protocol-Version", "2025-06-18"}},
        Headers{{"MCP-Protocol-Version", "2025-11-25"}}}) {
    EXPECT_EQ(
        endpoint.post(request("ping"), headers).text(),
        R"(200 {"jsonrpc":"2.0","id":1,"result":{}})"
    );
    EXPECT_EQ(
        endpoint.post(request("resources/list"), headers).text(),
        R"(200 {"jsonrpc":"2.0","id":1,"error":{"code":-32601,)"
        R"("message":"Method not found: resources/list"}})"
    );
    EXPECT_EQ(endpoint.post(request("server/discover"), headers).error_code(), -32601);
  }
}

TEST(Legacy, AnUnknownVersionIsRefusedAndTheSupportedOnesNamed) {
  TestEndpoint endpoint;
  for (auto version : {"2024-10-07", "1900-01-01", "x", ""}) {
    EXPECT_EQ(
        endpoint.post(request("ping"), {{"MCP-Protocol-Version", version}}).text(),
        R"(400 {"jsonrpc":"2.0","id":1,"error":{"code":-32022,)"
        R"("message":"Unsupported protocol version",)"
        R"("data":{"supported":["2026-07-28","2025-11-25","2025-06-18","2025-03-26"],)"
        R"("requested":")" +
            std::string(version) + "\"}}}"
    );
  }
}

TEST(Legacy, ASessionIdFromElsewhereIsIgnored) {
  TestEndpoint endpoint;
  Headers headers = {
      {"Mcp-Session-Id", "made-by-somebody-else"}, {"MCP-Protocol-Version", "2025-11-25"}
  };
  EXPECT_EQ(endpoint.post(request("ping"), headers).status, 200);
}

TEST(Legacy, ToolsAreListedWithoutInitializeAsTheRevisionKnowsThem) {
  TestEndpoint endpoint;
  endpoint.grant({});
  constexpr std::string_view kHead =
      R"(200 {"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"rows",)";
  constexpr std::string_view kBody =
      R"("description":"Reads the tenant's rows.","inputSchema":{"type":"object"})";
  constexpr std::string_view kHints =
      R"("readOnlyHint":true,"destructiveHint":false,"idempotentHint":true,)"
      R"("openWorldHint":false}}]}})";
  auto list = [&](Headers const& headers) {
    return endpoint.post(request("tools/list"), headers).text();
  };
  auto text = [](auto... parts) { return (std::string() + ... + std::string(parts)); };

  EXPECT_EQ(list({{"MCP-Protocol-Version", "2024-11-05"}}), text(kHead, kBody, "}]}}"));
  EXPECT_EQ(list({}), text(kHead, kBody, R"(,"annotations":{"title":"Rows",)", kHints));
  EXPECT_EQ(list({{"MCP-Protocol-Version", "2025-03-26"}}), list({}));
  EXPECT_EQ(
      list({{"MCP-Protocol-Version", "2025-06-18"}}),
      text(
          kHead,
          R"("title":"Rows",)",
          kBody,
          R"(,"outputSchema":{"type":"object","required":["count"]},"annotations":{)",
          kHints
      )
  );
  EXPECT_EQ(
      list({{"MCP-Protocol-Version", "2025-11-25"}}), list({{"MCP-Protocol-Version", "2025-06-18"}})
  );
}

TEST(Legacy, ACallAnswersTextAndStructureAsTheRevisionKnowsThem) {
  TestEndpoint endpoint;
  auto call =
      request("tools/call", R"({"name":"echo","arguments":{"a":"\"é\n","b":[1,-2,true,null]}})");
  constexpr std::string_view kHead =
      R"(200 {"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text",)"
      R"("text":"{\"a\":\"\\\"é\\n\",\"b\":[1,-2,true,null]}"}],)";
  std::string without = std::string(kHead) + R"("isError":false}})";
  std::string with = std::string(kHead) +
                     R"("structuredContent":{"a":"\"é\n","b":[1,-2,true,null]},"isError":false}})";
  EXPECT_EQ(endpoint.post(call).text(), without);
  EXPECT_EQ(endpoint.post(call, {{"MCP-Protocol-Version", "2025-03-26"}}).text(), without);
  EXPECT_EQ(endpoint.post(call, {{"MCP-Protocol-Version", "2025-06-18"}}).text(), with);
  EXPECT_EQ(endpoint.post(call, {{"MCP-Protocol-Version", "2025-11-25"}}).text(), with);
  EXPECT_EQ(
      endpoint.post(request("tools/call", R"({"name":"echo"})")).text(),
      R"(200 {"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"{}"}],)"
      R"("isError":false}})"
  );
}

TEST(Legacy, MalformedCallsAreInvalidParams) {
  TestEndpoint endpoint;
  auto message = [&](std::string_view params) {
    auto answer = endpoint.post(request("tools/call", params));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.error_code(), -32602);
    return std::string(answer.value().at_pointer("/error/message").as_string());
  };
  EXPECT_EQ(message(R"({"name":"nothing"})"), "Unknown tool: nothing");
  EXPECT_EQ(message(R"({"name":"Echo"})"), "Unknown tool: Echo");
  EXPECT_EQ(message(R"({})"), "name must be a string");
  EXPECT_EQ(message(R"({"name":7})"), "name must be a string");
  EXPECT_EQ(message(R"({"name":"echo","arguments":[]})"), "arguments must be an object");
  EXPECT_EQ(message(R"({"name":"echo","arguments":null})"), "arguments must be an object");
  EXPECT_EQ(message(R"({"name":")" + std::string(5000, 'x') + "\"}").size(), 14 + 128 + 3u);
}

TEST(Legacy, AToolsRefusalOfArgumentsIsAProtocolErrorUntil2025_06_18) {
  TestEndpoint endpoint;
  auto call = request("tools/call", R"({"name":"mend"})");
  constexpr std::string_view kProtocol =
      R"(200 {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"due: not a date"}})";
  EXPECT_EQ(endpoint.post(call).text(), kProtocol);
  EXPECT_EQ(endpoint.post(call, {{"MCP-Protocol-Version", "2025-06-18"}}).text(), kProtocol);
  EXPECT_EQ(
      endpoint.post(call, {{"MCP-Protocol-Version", "2025-11-25"}}).text(),
      R"(200 {"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text",)"
      R"("text":"due: not a date"}],"isError":true}})"
  );
}

TEST(Legacy, AToolsOtherRefusalIsForTheModel) {
  TestEndpoint endpoint;
  for (auto const& headers : {Headers{}, Headers{{"MCP-Protocol-Version", "2025-11-25"}}}) {
    EXPECT_EQ(
        endpoint.post(request("tools/call", R"({"name":"clash"})"), headers).text(),
        R"(200 {"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text",)"
        R"("text":"title is \"taken\""}],"isError":true}})"
    );
  }
}

TEST(Legacy, ACallWithoutTheScopeIsDenied) {
  TestEndpoint endpoint;
  endpoint.grant({"read"});
  auto answer = endpoint.post(request("tools/call", R"({"name":"wipe"})"));
  EXPECT_EQ(answer.text(), "403 denied admin id 1");
  EXPECT_EQ(answer.content_type, "text/plain");
}

}  // namespace
}  // namespace keystead::mcp

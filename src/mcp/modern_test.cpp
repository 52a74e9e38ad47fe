// Revision 2026-07-28 at the endpoint.
#include <gtest/gtest.h>

#include "mcp/test_endpoint.hpp"

namespace keystead::mcp {
namespace {

using Headers = TestEndpoint::Headers;

constexpr std::string_view kMeta =
    R"("_meta":{"io.modelcontextprotocol/serverInfo":{"name":"keystead","title":"Keystead",)"
    R"("version":"1.2.3"}})";

std::string ok(std::string_view members) {
  return R"(200 {"jsonrpc":"2.0","id":1,"result":{"resultType":"complete",)" +
         std::string(members) + "," + std::string(kMeta) + "}}";
}

std::string with_meta(std::string_view method, std::string_view meta) {
  return R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) + R"(","params":{"_meta":)" +
         std::string(meta) + "}}";
}

// "status code" of an error.
std::string error(Answer const& answer) {
  return std::to_string(answer.status) + " " + std::to_string(answer.error_code());
}

TEST(Modern, DiscoverNamesVersionsAndCapabilities) {
  TestEndpoint endpoint;
  EXPECT_EQ(
      endpoint.modern("server/discover").text(),
      ok(R"("supportedVersions":["2026-07-28","2025-11-25","2025-06-18","2025-03-26"],)"
         R"("capabilities":{"tools":{}},"instructions":"Be kind.","ttlMs":3600000,)"
         R"("cacheScope":"private")")
  );
}

TEST(Modern, ListIsPrivateAndComplete) {
  TestEndpoint endpoint;
  endpoint.grant({});
  EXPECT_EQ(
      endpoint.modern("tools/list").text(),
      ok(R"("tools":[{"name":"rows","title":"Rows","description":"Reads the tenant's rows.",)"
         R"("inputSchema":{"type":"object"},"outputSchema":{"type":"object","required":["count"]},)"
         R"("annotations":{"readOnlyHint":true,"destructiveHint":false,"idempotentHint":true,)"
         R"("openWorldHint":false}}],)"
         R"("ttlMs":60000,"cacheScope":"private")")
  );
}

TEST(Modern, CallsAnswer) {
  TestEndpoint endpoint;
  EXPECT_EQ(
      endpoint.modern("tools/call", R"("name":"echo","arguments":{"a":1})").text(),
      ok(R"("content":[{"type":"text","text":"{\"a\":1}"}],"structuredContent":{"a":1},)"
         R"("isError":false)")
  );
  EXPECT_EQ(
      endpoint.modern("tools/call", R"("name":"mend")").text(),
      ok(R"("content":[{"type":"text","text":"due: not a date"}],"isError":true)")
  );
  EXPECT_EQ(
      endpoint.modern("tools/call", R"("name":"nothing")").text(),
      R"(200 {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Unknown tool: nothing"}})"
  );
  endpoint.grant({});
  EXPECT_EQ(endpoint.modern("tools/call", R"("name":"wipe")").text(), "403 denied admin id 1");
}

TEST(Modern, UnknownAndRemovedMethodsAre404) {
  TestEndpoint endpoint;
  for (auto method :
       {"ping",
        "logging/setLevel",
        "resources/subscribe",
        "resources/unsubscribe",
        "unknown/method",
        "tools/List",
        "notifications/initialized"}) {
    EXPECT_EQ(
        endpoint.modern(method).text(),
        R"(404 {"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found: )" +
            std::string(method) + "\"}}"
    );
  }
  EXPECT_EQ(
      endpoint.modern("initialize").text(),
      R"(404 {"jsonrpc":"2.0","id":1,"error":{"code":-32601,)"
      R"("message":"Method not found: initialize",)"
      R"("data":{"supported":["2026-07-28","2025-11-25","2025-06-18","2025-03-26"]}}})"
  );
}

TEST(Modern, MetaMustBeWhole) {
  TestEndpoint endpoint;
  Headers headers = {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", "server/discover"}};
  auto post = [&](std::string_view meta) {
    return error(endpoint.post(with_meta("server/discover", meta), headers));
  };
  constexpr std::string_view kVersion = R"("io.modelcontextprotocol/protocolVersion":"2026-07-28")";
  constexpr std::string_view kCapabilities = R"("io.modelcontextprotocol/clientCapabilities":{})";
  auto object = [](auto... parts) {
    return "{" + (std::string() + ... + std::string(parts)) + "}";
  };
  EXPECT_EQ(post(object(kVersion, ",", kCapabilities)), "200 0") << "clientInfo is optional";
  EXPECT_EQ(post(object(kVersion)), "400 -32602");
  EXPECT_EQ(post(object(kCapabilities)), "400 -32602");
  EXPECT_EQ(post("{}"), "400 -32602");
  EXPECT_EQ(post("7"), "400 -32602");
  EXPECT_EQ(
      post(object(kVersion, R"(,"io.modelcontextprotocol/clientCapabilities":[])")), "400 -32602"
  );
  EXPECT_EQ(
      post(object(R"("io.modelcontextprotocol/protocolVersion":20260728,)", kCapabilities)),
      "400 -32602"
  );
  auto none = endpoint.post(R"({"jsonrpc":"2.0","id":"i","method":"server/discover"})", headers);
  EXPECT_EQ(
      none.text(),
      R"(400 {"jsonrpc":"2.0","id":"i","error":{"code":-32602,)"
      R"("message":"Invalid params: _meta[\"io.modelcontextprotocol/protocolVersion\"] must be a string"}})"
  );
}

TEST(Modern, AnUnsupportedVersionIsRefusedAndTheSupportedOnesNamed) {
  TestEndpoint endpoint;
  for (std::string version : {"2027-01-01", "v999.0.0", "1900-01-01"}) {
    Headers headers = {{"MCP-Protocol-Version", version}, {"Mcp-Method", "server/discover"}};
    auto body = with_meta(
        "server/discover", R"({"io.modelcontextprotocol/protocolVersion":")" + version + "\"}"
    );
    EXPECT_EQ(
        endpoint.post(body, headers).text(),
        R"(400 {"jsonrpc":"2.0","id":1,"error":{"code":-32022,)"
        R"("message":"Unsupported protocol version",)"
        R"("data":{"supported":["2026-07-28","2025-11-25","2025-06-18","2025-03-26"],)"
        R"("requested":")" +
            version + "\"}}}"
    );
  }
  EXPECT_EQ(
      error(endpoint.post(
          R"({"jsonrpc":"2.0","id":1,"method":"ping"})", {{"MCP-Protocol-Version", "2027-01-01"}}
      )),
      "400 -32022"
  );
}

TEST(Modern, Attack89StandardHeadersMustSayWhatTheBodySays) {
  TestEndpoint endpoint;
  struct Case {
    std::string_view version, method, name;
    std::string_view expected;
  };
  constexpr std::string_view kNone = "(none)";
  constexpr std::string_view kV = "2026-07-28";
  constexpr std::string_view kM = "tools/call";
  Case const table[] = {
      {kV, kM, "echo", "200 0"},
      {kV, kM, "=?base64?ZWNobw==?=", "200 0"},
      {kNone, kM, "echo", "400 -32020"},
      {"2025-11-25", kM, "echo", "400 -32020"},
      {"v999.0.0", kM, "echo", "400 -32020"},
      {kV, kNone, "echo", "400 -32020"},
      {kV, "tools/list", "echo", "400 -32020"},
      {kV, "TOOLS/CALL", "echo", "400 -32020"},
      {kV, kM, kNone, "400 -32020"},
      {kV, kM, "rows", "400 -32020"},
      {kV, kM, "Echo", "400 -32020"},
      {kV, kM, "", "400 -32020"},
      {kV, kM, "=?base64?ZWNobw?=", "400 -32020"},
      {kV, kM, "=?base64?cm93cw==?=", "400 -32020"},
  };
  for (Case const& c : table) {
    Headers headers;
    if (c.version != kNone) headers.push_back({"mcp-protocol-version", c.version});
    if (c.method != kNone) headers.push_back({"MCP-METHOD", c.method});
    if (c.name != kNone) headers.push_back({"mcp-name", c.name});
    auto answer =
        endpoint.post(TestEndpoint::modern_body("tools/call", R"("name":"echo")"), headers);
    EXPECT_EQ(error(answer), c.expected) << c.version << " " << c.method << " " << c.name;
  }
}

TEST(Modern, Attack89ARepeatedHeaderIsRefusedInEveryEra) {
  TestEndpoint endpoint;
  for (std::string_view name : {"MCP-Protocol-Version", "Mcp-Method", "Mcp-Name"}) {
    Headers extra = {
        {name,
         name == "Mcp-Method" ? "tools/call"
         : name == "Mcp-Name" ? "echo"
                              : "2026-07-28"}
    };
    EXPECT_EQ(error(endpoint.modern("tools/call", R"("name":"echo")", extra)), "400 -32020")
        << name;
  }
  Headers twice = {{"MCP-Protocol-Version", "2025-11-25"}, {"MCP-Protocol-Version", "2025-03-26"}};
  EXPECT_EQ(
      error(endpoint.post(R"({"jsonrpc":"2.0","id":1,"method":"ping"})", twice)), "400 -32020"
  );
  EXPECT_EQ(
      error(endpoint.post(R"([{"jsonrpc":"2.0","id":1,"method":"ping"}])", twice)), "400 -32020"
  );
}

TEST(Modern, Attack89ArgumentHeadersMustSayWhatTheBodySays) {
  TestEndpoint endpoint;
  auto call = [&](std::string const& arguments, Headers const& headers) {
    return error(
        endpoint.modern("tools/call", R"("name":"locate","arguments":)" + arguments, headers)
    );
  };
  EXPECT_EQ(call("{}", {}), "200 0");
  EXPECT_EQ(call(R"({"region":"eu"})", {{"Mcp-Param-Region", "eu"}}), "200 0");
  EXPECT_EQ(call(R"({"region":"eu"})", {}), "400 -32020");
  EXPECT_EQ(call(R"({"region":"eu"})", {{"Mcp-Param-Region", "us"}}), "400 -32020");
  EXPECT_EQ(call("{}", {{"Mcp-Param-Region", "us"}}), "400 -32020");
  EXPECT_EQ(call(R"({"floor":3})", {{"Mcp-Param-Floor", "3.0"}}), "200 0");
  EXPECT_EQ(call(R"({"where":{"exact":true}})", {{"mcp-param-exact", "true"}}), "200 0");
  EXPECT_EQ(call(R"({"where":{"exact":true}})", {{"mcp-param-exact", "false"}}), "400 -32020");
  EXPECT_EQ(call(R"({"list":["x"]})", {{"Mcp-Param-Unknown", "x"}}), "200 0")
      << "unknown ones are ignored";
}

TEST(Modern, NotificationsAreAcceptedAndResponsesAreNot) {
  TestEndpoint endpoint;
  Headers headers = {{"MCP-Protocol-Version", "2026-07-28"}};
  EXPECT_EQ(
      endpoint.post(R"({"jsonrpc":"2.0","method":"notifications/x"})", headers).text(), "202"
  );
  EXPECT_EQ(error(endpoint.post(R"({"jsonrpc":"2.0","id":1,"result":{}})", headers)), "400 -32600");
  headers.push_back({"Mcp-Method", "notifications/y"});
  EXPECT_EQ(
      error(endpoint.post(R"({"jsonrpc":"2.0","method":"notifications/x"})", headers)), "400 -32020"
  );
}

TEST(Modern, ASessionIdIsIgnored) {
  TestEndpoint endpoint;
  EXPECT_EQ(
      endpoint.modern("tools/list", "", {{"Mcp-Session-Id", "x"}, {"Last-Event-ID", "7"}}).status,
      200
  );
}

TEST(Modern, ALegacyVersionInMetaIsServedAsLegacy) {
  TestEndpoint endpoint;
  auto body = with_meta("ping", R"({"io.modelcontextprotocol/protocolVersion":"2025-11-25"})");
  EXPECT_EQ(endpoint.post(body).text(), R"(200 {"jsonrpc":"2.0","id":1,"result":{}})");
}

}  // namespace
}  // namespace keystead::mcp

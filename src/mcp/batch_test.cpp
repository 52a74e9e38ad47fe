// Batches, which only 2025-03-26 knows.
#include <gtest/gtest.h>

#include "mcp/test_endpoint.hpp"

namespace keystead::mcp {
namespace {

using Headers = TestEndpoint::Headers;

constexpr std::string_view kPing = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";
constexpr std::string_view kNote = R"({"jsonrpc":"2.0","method":"notifications/x"})";

std::string batch(std::size_t count) {
  std::string out = "[";
  for (std::size_t i = 0; i < count; ++i) out += (i ? "," : "") + std::string(kPing);
  return out + "]";
}

std::string post(TestEndpoint const& endpoint, std::string_view body, Headers headers = {}) {
  return endpoint.post(body, std::move(headers), http::Where::worker).text();
}

TEST(Batch, IsAnsweredInOrder) {
  TestEndpoint endpoint;
  auto body = R"([{"jsonrpc":"2.0","id":"b","method":"ping"},)" + std::string(kNote) +
              R"(,{"jsonrpc":"2.0","id":2,"method":"nothing"},{"jsonrpc":"2.0","id":1,)"
              R"("method":"tools/call",)"
              R"("params":{"name":"echo"}},{"jsonrpc":"2.0","id":9,"result":{}}])";
  auto expected =
      R"(200 [{"jsonrpc":"2.0","id":"b","result":{}},)"
      R"({"jsonrpc":"2.0","id":2,"error":{"code":-32601,"message":"Method not found: nothing"}},)"
      R"({"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"{}"}],)"
      R"("isError":false}}])";
  EXPECT_EQ(post(endpoint, body), expected);
  EXPECT_EQ(post(endpoint, body, {{"MCP-Protocol-Version", "2025-03-26"}}), expected);
}

TEST(Batch, OfNotificationsIsAcceptedSilently) {
  TestEndpoint endpoint;
  EXPECT_EQ(post(endpoint, "[" + std::string(kNote) + "," + std::string(kNote) + "]"), "202");
}

TEST(Batch, Attack83IsRefusedByEveryOtherRevision) {
  TestEndpoint endpoint;
  for (std::string version : {"2024-11-05", "2025-06-18", "2025-11-25", "2026-07-28"}) {
    EXPECT_EQ(
        post(endpoint, batch(1), {{"MCP-Protocol-Version", version}}),
        R"(400 {"jsonrpc":"2.0","id":null,"error":{"code":-32600,)"
        R"("message":"A batch is not part of protocol version )" +
            version + "\"}}"
    );
  }
  EXPECT_EQ(post(endpoint, batch(1), {{"MCP-Protocol-Version", "x"}}).substr(0, 3), "400");
}

TEST(Batch, Attack83HoldsOneToFiftyMessages) {
  TestEndpoint endpoint;
  constexpr std::string_view kRefused = R"(400 {"jsonrpc":"2.0","id":null,"error":{"code":-32600,)"
                                        R"("message":"A batch holds 1 to 50 messages"}})";
  EXPECT_EQ(post(endpoint, "[]"), kRefused);
  EXPECT_EQ(post(endpoint, batch(50)).substr(0, 5), "200 [");
  EXPECT_EQ(post(endpoint, batch(51)), kRefused);
  EXPECT_EQ(endpoint.post(batch(51)).text(), kRefused) << "on an io thread, too";
}

TEST(Batch, Attack83AnElementIsJudgedLikeAMessage) {
  TestEndpoint endpoint;
  auto element = [&](std::string_view text) {
    return post(endpoint, "[" + std::string(kPing) + "," + std::string(text) + "]");
  };
  auto refused = [](std::string_view id, std::string_view message) {
    return R"(200 [{"jsonrpc":"2.0","id":1,"result":{}},{"jsonrpc":"2.0","id":)" + std::string(id) +
           R"(,"error":{"code":-32600,"message":")" + std::string(message) + "\"}}]";
  };
  EXPECT_EQ(element("7"), refused("null", "A message is a JSON object"));
  EXPECT_EQ(element(batch(1)), refused("null", "A message is a JSON object")) << "nested";
  EXPECT_EQ(
      element(R"({"jsonrpc":"2.0","id":null,"method":"ping"})"),
      refused("null", "id must be an integer or a string of at most 1024 bytes")
  );
  EXPECT_EQ(
      element(
          R"({"jsonrpc":"2.0","id":3,"method":"initialize",)"
          R"("params":{"protocolVersion":"2025-03-26"}})"
      ),
      refused("3", "initialize must not be in a batch")
  );
  EXPECT_EQ(
      element(TestEndpoint::modern_body("tools/list")),
      refused("1", "A message that names its protocol version must not be in a batch")
  );
}

TEST(Batch, ADenialConcernsItsElementOnly) {
  TestEndpoint endpoint;
  endpoint.grant({"read"});
  EXPECT_EQ(
      post(
          endpoint,
          R"([{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"wipe"}},)" +
              std::string(kPing) + "]"
      ),
      R"(200 [{"jsonrpc":"2.0","id":7,"error":{"code":403,)"
      R"("message":"denied admin","data":{"why":"scope"}}},)"
      R"({"jsonrpc":"2.0","id":1,"result":{}}])"
  );
}

TEST(Batch, IsLeftToAWorker) {
  TestEndpoint endpoint;
  EXPECT_EQ(endpoint.post(batch(2)).text(), "needs worker");
}

}  // namespace
}  // namespace keystead::mcp

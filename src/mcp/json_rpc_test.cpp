#include "mcp/json_rpc.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include "codec/utf8.hpp"

namespace keystead::mcp {
namespace {

// How a message reads: "request 1 tools/list", "notification x", "response", or the error.
std::string read(std::string_view text) {
  json::value document = json::parse({text.data(), text.size()});
  auto message = read_message(document);
  if (!message) return "error: " + message.error().message;
  switch (message->kind) {
    case Message::Kind::request:
      return "request " + json::serialize(*message->id) + " " + std::string(message->method);
    case Message::Kind::notification: return "notification " + std::string(message->method);
    case Message::Kind::response: return "response";
  }
  return "";
}

bool refuses(std::string_view text) {
  return read(text).starts_with("error: ");
}

std::string error_id(std::string_view text) {
  std::string out;
  append_error(
      out, readable_id(json::parse({text.data(), text.size()})), {RpcCode::invalid_request, "m"}
  );
  return out;
}

TEST(JsonRpc, ReadsRequestsNotificationsAndResponses) {
  EXPECT_EQ(read(R"({"jsonrpc":"2.0","id":7,"method":"ping"})"), "request 7 ping");
  EXPECT_EQ(
      read(R"({"jsonrpc":"2.0","id":"a","method":"ping","params":{}})"), "request \"a\" ping"
  );
  EXPECT_EQ(
      read(R"({"jsonrpc":"2.0","method":"notifications/x"})"), "notification notifications/x"
  );
  EXPECT_EQ(read(R"({"jsonrpc":"2.0","id":1,"result":{}})"), "response");
  EXPECT_EQ(read(R"({"jsonrpc":"2.0","id":1,"error":{"code":1,"message":""}})"), "response");
  EXPECT_EQ(read(R"({"jsonrpc":"2.0","id":1,"method":"ping","trace":"x"})"), "request 1 ping")
      << "unknown members of the envelope are tolerated";
}

TEST(JsonRpc, Attack83AnIdIsAStringOrAnInteger) {
  auto with_id = [](std::string const& id) {
    return R"({"jsonrpc":"2.0","method":"ping","id":)" + id + "}";
  };
  EXPECT_FALSE(refuses(with_id("0")));
  EXPECT_FALSE(refuses(with_id("-9223372036854775808")));
  EXPECT_FALSE(refuses(with_id("18446744073709551615")));
  EXPECT_FALSE(refuses(with_id("\"" + std::string(1024, 'x') + "\"")));
  EXPECT_TRUE(refuses(with_id("\"" + std::string(1025, 'x') + "\"")));
  for (auto id : {"null", "1.5", "1.0", "1e3", "true", "{}", "[]", "[1]", "18446744073709551616"}) {
    EXPECT_TRUE(refuses(with_id(id))) << id;
  }
}

TEST(JsonRpc, RefusesABrokenEnvelope) {
  for (auto text :
       {R"(1)",
        R"("ping")",
        R"(null)",
        R"({})",
        R"({"id":1,"method":"ping"})",
        R"({"jsonrpc":"1.0","id":1,"method":"ping"})",
        R"({"jsonrpc":2.0,"id":1,"method":"ping"})",
        R"({"jsonrpc":"2.0","id":1})",
        R"({"jsonrpc":"2.0","id":1,"method":1})",
        R"({"jsonrpc":"2.0","id":1,"method":null})",
        R"({"jsonrpc":"2.0","id":1,"method":"ping","params":[]})",
        R"({"jsonrpc":"2.0","id":1,"method":"ping","params":null})",
        R"({"jsonrpc":"2.0","id":1,"method":"ping","params":"x"})"}) {
    EXPECT_TRUE(refuses(text)) << text;
  }
}

TEST(JsonRpc, Attack84NamesAreCaseSensitive) {
  EXPECT_TRUE(refuses(R"({"jsonrpc":"2.0","id":1,"Method":"ping"})"));
  EXPECT_TRUE(refuses(R"({"JSONRPC":"2.0","id":1,"method":"ping"})"));
  EXPECT_EQ(
      read(R"({"jsonrpc":"2.0","id":1,"method":"ping","Method":"tools/call"})"), "request 1 ping"
  );
  EXPECT_EQ(read(R"({"jsonrpc":"2.0","ID":1,"method":"ping"})"), "notification ping");
}

TEST(JsonRpc, AnErrorEchoesOnlyAnIdThatMayBeEchoed) {
  EXPECT_EQ(
      error_id(R"({"id":"a\"b"})"),
      R"({"jsonrpc":"2.0","id":"a\"b","error":{"code":-32600,"message":"m"}})"
  );
  EXPECT_EQ(
      error_id(R"({"id":-5})"), R"({"jsonrpc":"2.0","id":-5,"error":{"code":-32600,"message":"m"}})"
  );
  EXPECT_EQ(
      error_id(R"({"id":{}})"),
      R"({"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"m"}})"
  );
  EXPECT_EQ(error_id("[]"), R"({"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"m"}})");
}

TEST(JsonRpc, ShortensBetweenCharacters) {
  EXPECT_EQ(shortened("short"), "short");
  std::string long_name = "a";
  for (int i = 0; i < 100; ++i) long_name += "é";
  auto cut = shortened(long_name);
  EXPECT_TRUE(codec::is_utf8(cut));
  EXPECT_EQ(cut.size(), 127 + std::string("…").size());
}

}  // namespace
}  // namespace keystead::mcp

#include "mcp/endpoint.hpp"

#include <gtest/gtest.h>

#include "mcp/test_endpoint.hpp"

namespace keystead::mcp {
namespace {

constexpr char kPing[] = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";

TEST(Endpoint, OnlyPostIsAnswered) {
  TestEndpoint endpoint;
  for (auto method :
       {http::Method::get, http::Method::del, http::Method::put, http::Method::other}) {
    http::Request request;
    request.method = method;
    auto answer = endpoint.send(request);
    EXPECT_EQ(
        answer.text(),
        R"(405 {"jsonrpc":"2.0","error":{"code":-32600,)"
        R"("message":"The MCP endpoint answers POST only"}})"
    );
    EXPECT_EQ(answer.allow, "POST");
    EXPECT_EQ(answer.content_type, "application/json");
  }
}

TEST(Endpoint, MediaTypesAreChecked) {
  TestEndpoint endpoint;
  http::Request request;
  request.method = http::Method::post;
  request.body = kPing;
  EXPECT_EQ(endpoint.send(request).status, 415);
  std::vector<http::Header> text = {{"Content-Type", "text/plain"}};
  request.headers = text;
  EXPECT_EQ(endpoint.send(request).status, 415);
  std::vector<http::Header> html = {{"Content-Type", "application/json"}, {"Accept", "text/html"}};
  request.headers = html;
  EXPECT_EQ(endpoint.send(request).status, 406);
  std::vector<http::Header> bare = {{"Content-Type", "application/json; charset=utf-8"}};
  request.headers = bare;
  EXPECT_EQ(endpoint.send(request).text(), R"(200 {"jsonrpc":"2.0","id":1,"result":{}})");
}

TEST(Endpoint, WhatIsNoMessageIsRefused) {
  TestEndpoint endpoint;
  EXPECT_EQ(
      endpoint.post("{").text(),
      R"(400 {"jsonrpc":"2.0","id":null,"error":{"code":-32700,)"
      R"("message":"Parse error: not valid JSON at byte 1"}})"
  );
  EXPECT_EQ(endpoint.post("").error_code(), -32700);
  EXPECT_EQ(
      endpoint.post(R"({"jsonrpc":"1.0","id":"x","method":"ping"})").text(),
      R"(400 {"jsonrpc":"2.0","id":"x","error":{"code":-32600,)"
      R"("message":"jsonrpc must be \"2.0\""}})"
  );
  EXPECT_EQ(endpoint.post("7").text().substr(0, 33), R"(400 {"jsonrpc":"2.0","id":null,"e)");
}

TEST(Endpoint, Attack83AnIdIsEchoedOnlyIfItIsAStringOrAnInteger) {
  TestEndpoint endpoint;
  auto with_id = [&](std::string const& id) {
    return endpoint.post(R"({"jsonrpc":"2.0","method":"ping","id":)" + id + "}").text();
  };
  EXPECT_EQ(with_id("0"), R"(200 {"jsonrpc":"2.0","id":0,"result":{}})");
  EXPECT_EQ(with_id("-3"), R"(200 {"jsonrpc":"2.0","id":-3,"result":{}})");
  EXPECT_EQ(
      with_id("18446744073709551615"),
      R"(200 {"jsonrpc":"2.0","id":18446744073709551615,"result":{}})"
  );
  EXPECT_EQ(
      with_id(R"("\u00e9\n\"\u0001")"),
      "200 {\"jsonrpc\":\"2.0\",\"id\":\"é\\n\\\"\\u0001\",\"result\":{}}"
  );
  for (auto id : {"null", "1.5", "true", "[1]", "{}"}) {
    EXPECT_EQ(
        with_id(id),
        R"(400 {"jsonrpc":"2.0","id":null,"error":{"code":-32600,)"
        R"("message":"id must be an integer or a string of at most 1024 bytes"}})"
    );
  }
}

TEST(Endpoint, Attack84DuplicateNamesAreAParseError) {
  TestEndpoint endpoint;
  for (
      auto body : {
          R"({"jsonrpc":"2.0","id":1,"id":2,"method":"ping"})",
          R"({"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call"})",
          R"({"jsonrpc":"2.0","id":1,"method":"ping","m\u0065thod":"tools/call"})",
          R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","name":"wipe"}})"
      }) {
    auto answer = endpoint.post(body);
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.error_code(), -32700) << body;
  }
}

TEST(Endpoint, Attack85DeepNestingAndBrokenTextAreParseErrors) {
  TestEndpoint endpoint;
  auto with_arguments = [&](std::string const& arguments) {
    return endpoint.post(
        R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":)" +
        arguments + "}}"
    );
  };
  EXPECT_EQ(with_arguments(R"({"a":[1]})").status, 200);
  for (auto const& arguments :
       {R"({"a":)" + std::string(1000, '[') + std::string(1000, ']') + "}",
        std::string(R"({"a":"\ud800"})"),
        std::string("{\"a\":\"\xff\"}"),
        std::string(R"({"a":1e999})"),
        std::string(R"({"a":NaN})"),
        std::string("{\"a\":\"\n\"}")}) {
    auto answer = with_arguments(arguments);
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.error_code(), -32700);
  }
}

TEST(Endpoint, ALongRequestOutgrowsTheBufferAndIsAnsweredWhole) {
  TestEndpoint endpoint;
  std::string text(200'000, 'x');
  auto answer = endpoint.post(
      R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo",)"
      R"("arguments":{"a":")" +
      text + "\"}}}"
  );
  auto content = answer.value().at_pointer("/result/content/0/text").as_string();
  EXPECT_EQ(content, R"({"a":")" + text + "\"}");
}

TEST(Endpoint, ACallOnATenantIsLeftToAWorkerAndTheResponseUntouched) {
  TestEndpoint endpoint;
  auto call = R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"rows"}})";
  EXPECT_EQ(endpoint.post(call).text(), "needs worker");
  EXPECT_EQ(endpoint.modern("tools/call", R"("name":"rows")").text(), "needs worker");
  EXPECT_EQ(endpoint.post(call).content_type, "");
  EXPECT_EQ(
      endpoint.post(call, {}, http::Where::worker).text(),
      R"(200 {"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"{\"count\":0}"}],)"
      R"("isError":false}})"
  );
}

}  // namespace
}  // namespace keystead::mcp

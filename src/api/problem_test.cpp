#include "api/problem.hpp"

#include <gtest/gtest.h>

namespace keystead::api {
namespace {

TEST(Problem, AFailureShowsItsPublicTextOnly) {
  http::Response response;
  Problems("https://x.example")
      .render(Failure{Code::not_found, "No \"such\" row.", "SELECT secret"}, response);
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_EQ(
      response.body,
      R"({"type":"about:blank","title":"Not Found","status":404,"detail":"No \"such\" row."})"
  );
  EXPECT_EQ(response.header_text(), "");
}

TEST(Problem, AMissingCredentialIsChallengedWithoutAnErrorCode) {
  http::Response missing, invalid;
  Problems problems("https://x.example");
  problems.render_missing_credential(missing);
  problems.render(Failure{Code::unauthorized, "A valid credential is required.", {}}, invalid);
  EXPECT_EQ(missing.find("WWW-Authenticate"), "Bearer realm=\"https://x.example\"");
  EXPECT_EQ(
      invalid.find("WWW-Authenticate"),
      "Bearer realm=\"https://x.example\", error=\"invalid_token\""
  );
  EXPECT_EQ(missing.body, invalid.body);
}

TEST(Problem, ADenialNamesTheScopeInHeaderAndBody) {
  domain::Action action{"tasks.create", domain::Effect::write, "data:write", {}};
  http::Response rest, mcp;
  Problems problems("r\"x\r\n");
  problems.render(domain::Denial{&action}, rest);
  problems.render_mcp(domain::Denial{&action}, 7, mcp);
  std::string_view challenge =
      "Bearer realm=\"r\\\"x\", error=\"insufficient_scope\", scope=\"data:write\", "
      "error_description=\"This operation requires the data:write scope.\"";
  EXPECT_EQ(rest.status, 403);
  EXPECT_EQ(rest.find("WWW-Authenticate"), challenge);
  EXPECT_EQ(mcp.status, 403);
  EXPECT_EQ(mcp.find("WWW-Authenticate"), challenge);
  EXPECT_EQ(
      mcp.body,
      R"({"jsonrpc":"2.0","id":7,"error":{"code":403,"message":"This operation requires the data:write scope.","data":{"error":"insufficient_scope","scope":"data:write"}}})"
  );
}

}  // namespace
}  // namespace keystead::api

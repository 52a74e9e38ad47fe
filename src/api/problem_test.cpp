#include "api/problem.hpp"

#include <gtest/gtest.h>

#include "codec/json.hpp"

namespace keystead::api {
namespace {

domain::Action creation() {
  domain::Action action;
  action.name = "tasks.create";
  action.tool = "tasks_create";
  action.scope = "data:write";
  return action;
}

TEST(Problem, AFailureShowsItsPublicTextOnly) {
  http::Response response;
  Problems("https://x.example")
      .render(Failure{Code::not_found, "No \"such\" row.", "SELECT secret"}, "r1", response);
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_EQ(
      response.body,
      R"({"type":"about:blank","title":"Not Found","status":404,"detail":"No \"such\" row."})"
  );
  EXPECT_EQ(response.header_text(), "X-Request-Id: r1\r\n");
}

TEST(Problem, AMissingCredentialIsChallengedWithoutAnErrorCode) {
  http::Response missing, invalid;
  Problems problems("https://x.example");
  problems.render_missing_credential("r1", missing);
  problems.render(
      Failure{Code::unauthorized, "A valid credential is required.", {}}, "r1", invalid
  );
  EXPECT_EQ(missing.find("WWW-Authenticate"), "Bearer realm=\"https://x.example\"");
  EXPECT_EQ(
      invalid.find("WWW-Authenticate"),
      "Bearer realm=\"https://x.example\", error=\"invalid_token\""
  );
  EXPECT_EQ(missing.body, invalid.body);
}

TEST(Problem, AClientWithoutATokenIsToldWhatToAskFor) {
  http::Response missing, invalid;
  Problems problems("r", {}, {"https://x.example", "/prm"}, "a b");
  problems.render_missing_credential("r1", missing);
  problems.render(Failure{Code::unauthorized, "No.", {}}, "r1", invalid);
  EXPECT_EQ(
      missing.find("WWW-Authenticate"),
      "Bearer realm=\"r\", resource_metadata=\"https://x.example/prm\", scope=\"a b\""
  );
  EXPECT_EQ(
      invalid.find("WWW-Authenticate"),
      "Bearer realm=\"r\", resource_metadata=\"https://x.example/prm\", error=\"invalid_token\", "
      "scope=\"a b\""
  );
}

TEST(Problem, ADenialNamesTheScopeInHeaderAndBody) {
  domain::Action action = creation();
  http::Response rest, mcp;
  Problems problems("r\"x\r\n");
  problems.render(domain::Denial{&action}, "r1", rest);
  problems.render_mcp(domain::Denial{&action}, 7, "r1", mcp);
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

TEST(Problem, AFormWordsARefusalInRestAndOnTheMcpPath) {
  DenialForms forms;
  forms["forbidden"].body = json::object{{"error", "{error}"}, {"message", "{detail}"}};
  forms["error"].body = json::object{{"why", "{error}/{request_id}"}, {"status", "{status}"}};
  Problems problems("https://x.example", forms);
  domain::Action action = creation();
  http::Response rest, mcp, other;
  problems.render(domain::Denial{&action}, "r1", rest);
  problems.render_mcp(domain::Denial{&action}, 7, "r1", mcp);
  EXPECT_EQ(
      rest.body,
      R"({"error":"forbidden","message":"This operation requires the data:write scope."})"
  );
  EXPECT_EQ(mcp.body, rest.body) << "a form without a code is the same in both places";
  EXPECT_EQ(mcp.status, 403);
  problems.render(Failure{Code::conflict, "taken", {}}, "r2", other);
  EXPECT_EQ(other.body, R"({"why":"conflict/r2","status":409})");
}

TEST(Problem, AFormWithACodeIsAJsonRpcErrorUnderTheSameStatusAndHeaders) {
  DenialForms forms;
  forms["forbidden"].body = json::object{{"error", "{detail}"}};
  forms["forbidden"].rpc = RpcForm{-32001, "Permission denied: {scope}"};
  Problems problems("https://x.example", forms);
  domain::Action action = creation();
  http::Response mcp;
  problems.render_mcp(domain::Denial{&action}, "a", "r1", mcp);
  EXPECT_EQ(mcp.status, 403);
  EXPECT_TRUE(mcp.find("WWW-Authenticate").contains("insufficient_scope"));
  auto error = codec::parse_json(mcp.body)->at("error");
  EXPECT_EQ(error.at("code").to_number<int>(), -32001);
  EXPECT_EQ(error.at("message").get_string(), "Permission denied: data:write");
}

TEST(Problem, ALimitSaysWhenToComeAgain) {
  domain::Action action = creation();
  domain::Denial denial{
      &action, domain::DenialReason::rate_limited, "key", {}, std::chrono::seconds(7)
  };
  http::Response response;
  Problems("https://x.example").render(denial, "r1", response);
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(response.find("Retry-After"), "7");
}

// Every WWW-Authenticate of a response, a line each.
std::string challenges_of(http::Response const& response) {
  constexpr std::string_view kName = "WWW-Authenticate: ";
  std::string found;
  for (auto rest = response.header_text(); !rest.empty();) {
    auto line = rest.substr(0, rest.find("\r\n"));
    rest.remove_prefix(line.size() + 2);
    if (line.starts_with(kName)) found.append(line.substr(kName.size())).append("\n");
  }
  return found;
}

TEST(Problem, BoundTokensAreOfferedBesideBearersBehindThem) {
  Problems problems("https://x.example", {}, {}, "data:read", "ES256 EdDSA");
  http::Response missing, invalid, denied;
  problems.render_missing_credential("r1", missing);
  problems.render(Failure{Code::unauthorized, "No.", {}}, "r1", invalid);
  auto action = creation();
  problems.render(domain::Denial{.action = &action}, "r1", denied);
  std::string const dpop = R"(DPoP realm="https://x.example", algs="ES256 EdDSA")";
  EXPECT_EQ(
      challenges_of(missing),
      "Bearer realm=\"https://x.example\", scope=\"data:read\"\n" + dpop + "\n"
  );
  EXPECT_EQ(
      challenges_of(invalid),
      "Bearer realm=\"https://x.example\", error=\"invalid_token\", scope=\"data:read\"\n" + dpop +
          "\n"
  );
  std::string const wanted =
      R"(, error="insufficient_scope", scope="data:write", error_description="This operation )"
      R"(requires the data:write scope.")";
  EXPECT_EQ(
      challenges_of(denied),
      "Bearer realm=\"https://x.example\"" + wanted + "\n" + dpop + wanted + "\n"
  );
}

TEST(Problem, WhoeverSentABoundTokenIsNotInvitedToSendItAsABearers) {
  Problems problems("https://x.example", {}, {"https://x.example", "/m"}, "data:read", "ES256");
  for (auto const& [fault, name] :
       {std::pair{KeyFault::invalid_token, "invalid_token"},
        {KeyFault::invalid_proof, "invalid_dpop_proof"},
        {KeyFault::use_nonce, "use_dpop_nonce"}}) {
    http::Response response;
    problems.render_key_fault(fault, "r1", response);
    EXPECT_EQ(response.status, 401);
    auto challenges = challenges_of(response);
    EXPECT_TRUE(challenges.starts_with(
        R"(DPoP realm="https://x.example", algs="ES256", resource_metadata="https://x.example/m", )"
        "error=\"" +
        std::string(name) + "\""
    )) << challenges;
    EXPECT_FALSE(challenges.contains("Bearer"));
  }
}

}  // namespace
}  // namespace keystead::api

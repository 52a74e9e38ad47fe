// Who may call what with which arguments, and what is told of a call.
#include <stdexcept>

#include <gtest/gtest.h>

#include "mcp/test_endpoint.hpp"

namespace keystead::mcp {
namespace {

std::string call_request(std::string_view tool, std::string_view arguments = "{}") {
  return R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":")" + std::string(tool) +
         R"(","arguments":)" + std::string(arguments) + "}}";
}

std::string call(TestEndpoint const& endpoint, std::string_view tool, std::string_view arguments) {
  auto answer = endpoint.post(call_request(tool, arguments));
  return answer.status == 403 ? "denied" : answer.error_code() == 0 ? "called" : "error";
}

std::string listed(TestEndpoint const& endpoint) {
  std::string out;
  auto document = endpoint.post(R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})").value();
  for (auto const& tool : document.at_pointer("/result/tools").as_array()) {
    out += std::string(tool.at("name").as_string()) + " ";
  }
  return out;
}

domain::Rule rule(domain::Rule::Verdict verdict, std::vector<std::string> patterns) {
  domain::Rule rule;
  rule.name = "r";
  rule.verdict = verdict;
  rule.patterns = std::move(patterns);
  return rule;
}

TEST(Permission, Attack82ARuleThatDeniesAToolUnlistsIt) {
  TestEndpoint endpoint(100, {rule(domain::Rule::Verdict::deny, {"e*", "do.wipe"})});
  EXPECT_EQ(listed(endpoint), "clash locate mend rows ");
  EXPECT_EQ(call(endpoint, "echo", "{}"), "denied");
  EXPECT_EQ(call(endpoint, "wipe", "{}"), "denied");
  EXPECT_EQ(call(endpoint, "locate", "{}"), "called");
}

TEST(Permission, ALimitedArgumentIsComparedAsAValue) {
  auto limit = rule(domain::Rule::Verdict::limit, {"locate"});
  limit.arguments = {{"region", {R"("eu")"}}, {"where", {R"({"exact":true})"}}};
  TestEndpoint endpoint(100, {limit});
  EXPECT_TRUE(listed(endpoint).contains("locate ")) << "it may be called with the right arguments";
  struct Case {
    std::string_view arguments, outcome;
  };
  for (Case const& each : std::initializer_list<Case>{
           {R"({"region":"eu","where":{"exact":true}})", "called"},
           {R"({ "where" : { "exact" : true }, "region" : "\u0065u" })", "called"},
           {R"({"region":"us","where":{"exact":true}})", "denied"},
           {R"({"region":"eu","where":{"exact":true,"more":1}})", "denied"},
           {R"({"region":["eu"],"where":{"exact":true}})", "denied"},
           {R"({"region":"eu"})", "denied"},
           {R"({})", "denied"},
           {R"([])", "denied"},
       }) {
    EXPECT_EQ(call(endpoint, "locate", each.arguments), each.outcome) << each.arguments;
  }
  EXPECT_EQ(call(endpoint, "echo", "{}"), "called") << "the rule is not about it";
}

TEST(Permission, ANarrowedCredentialHasItsToolsAndItsArguments) {
  TestEndpoint endpoint;
  endpoint.restrict({.tools = {"locate", "do.rows"}, .arguments = {{"region", {R"("eu")"}}}});
  EXPECT_EQ(listed(endpoint), "locate rows ");
  EXPECT_EQ(call(endpoint, "echo", "{}"), "denied");
  EXPECT_EQ(call(endpoint, "locate", R"({"region":"eu"})"), "called");
  EXPECT_EQ(call(endpoint, "locate", R"({"region":"us"})"), "denied");
  EXPECT_EQ(call(endpoint, "locate", "{}"), "denied") << "not giving it is not the way around";
}

TEST(Permission, WhoHasNoTenantMayCallNothing) {
  TestEndpoint endpoint;
  endpoint.take_tenant();
  EXPECT_EQ(listed(endpoint), "");
  EXPECT_EQ(call(endpoint, "echo", "{}"), "denied");
  EXPECT_EQ(call(endpoint, "nothing", "{}"), "error");
}

TEST(Permission, WhoMayNotCallAToolIsNotToldWhatIsWrongWithTheArguments) {
  TestEndpoint endpoint;
  endpoint.grant({"read"});
  EXPECT_EQ(call(endpoint, "wipe", "7"), "denied");
  EXPECT_EQ(call(endpoint, "echo", "7"), "error");
}

// Writes down what it is told.
class Hooked : public testing::Test {
 protected:
  Hooked() {
    CallHooks hooks;
    hooks.before_call =
        [this](domain::Permit const& permit, Tool const& tool, http::Response& response) {
          response.add("X-Told", tool.name);
          told += "before " + tool.name + " ";
          if (!deny) return std::optional<domain::Denial>();
          return std::optional(
              domain::Denial{
                  .action = &permit.action(),
                  .reason = domain::DenialReason::rate_limited,
                  .retry_after = std::chrono::seconds(3),
              }
          );
        };
    hooks.after_call = [this](domain::Permit const&, Tool const& tool, bool ok) {
      told += "after " + tool.name + (ok ? " ok " : " failed ");
    };
    endpoint = std::make_unique<TestEndpoint>(100, std::vector<domain::Rule>{}, hooks);
  }
  std::string told_of(std::string const& request, http::Where where = http::Where::io_thread) {
    told.clear();
    endpoint->post(request, {}, where);
    return told;
  }

  std::string told;
  bool deny = false;
  std::unique_ptr<TestEndpoint> endpoint;
};

TEST_F(Hooked, EveryCallThatRunsIsToldOfOnce) {
  EXPECT_EQ(told_of(call_request("echo")), "before echo after echo ok ");
  EXPECT_EQ(told_of(call_request("clash")), "before clash after clash failed ");
  EXPECT_EQ(told_of(call_request("rows")), "") << "a worker will run it";
  EXPECT_EQ(told_of(call_request("rows"), http::Where::worker), "before rows after rows ok ");
  EXPECT_EQ(told_of(R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})"), "");
}

TEST_F(Hooked, WhatDoesNotRunIsNotToldOf) {
  EXPECT_EQ(told_of(call_request("nothing")), "");
  EXPECT_EQ(told_of(call_request("echo", "7")), "");
  endpoint->grant({"read"});
  EXPECT_EQ(told_of(call_request("wipe")), "");
}

TEST_F(Hooked, ADenialInTheLastMomentKeepsTheToolFromRunning) {
  deny = true;
  EXPECT_EQ(told_of(call_request("echo")), "before echo ");
  EXPECT_EQ(endpoint->post(call_request("echo")).status, 403);
  auto batch = "[" + call_request("echo") + "," + call_request("echo") + "]";
  EXPECT_EQ(told_of(batch, http::Where::worker), "before echo before echo ");
}

TEST_F(Hooked, EachCallOfABatchIsToldOf) {
  auto batch = "[" + call_request("echo") + "," + call_request("rows") + "]";
  EXPECT_EQ(told_of(batch), "") << "a worker will run it";
  EXPECT_EQ(
      told_of(batch, http::Where::worker), "before echo after echo ok before rows after rows ok "
  );
}

TEST_F(Hooked, AToolThatThrowsIsToldOfToo) {
  endpoint->break_rows();
  EXPECT_THROW(told_of(call_request("rows"), http::Where::worker), std::runtime_error);
  EXPECT_EQ(told, "before rows after rows failed ");
}

}  // namespace
}  // namespace keystead::mcp

#include "api/verify.hpp"

#include <gtest/gtest.h>

#include "authn/test_installation.hpp"

namespace keystead::api {
namespace {

class VerifyTest : public testing::Test {
 protected:
  VerifyTest() {
    pass_ = actions_.add("verify", domain::Effect::read, "").value();
    actions_.add_tool("tasks.list", domain::Effect::read, "read", "tasks_list", "").value();
    actions_.add_tool("tasks.create", domain::Effect::write, "write", "tasks_create", "").value();
    actions_.add("keys.manage", domain::Effect::write, "admin").value();
  }

  Verifier make(std::vector<domain::AddressRange> from = {}) {
    return Verifier(
        {
            .from = std::move(from),
            .credential_headers = {.names = {"authorization", "x-api-key"}, .kinds = &keys_.kinds},
            .action = *pass_,
            .actions = actions_,
            .kinds = keys_.kinds,
            .scopes = keys_.scopes,
            .refusals = refusals_,
            .clock = keys_.clock,
            .count_call = [this](auto const& permit, auto&) { return count(permit); },
            .complain = [this](std::string_view detail) { complaint_ = detail; },
        },
        IdentitySigner(
            "https://gate.example", Secret(std::string(32, 's')), std::chrono::seconds(60)
        )
    );
  }

  std::optional<domain::Denial> count(domain::Permit const& permit) {
    counted_ = permit.action().name;
    if (!exhausted_) return std::nullopt;
    return domain::Denial{
        .action = &permit.action(),
        .reason = domain::DenialReason::rate_limited,
        .retry_after = std::chrono::seconds(7),
    };
  }

  http::Request ask(std::string_view target, std::span<http::Header const> headers = {}) {
    http::Request request;
    request.method = http::Method::get;
    request.method_text = "GET";
    request.path = target.substr(0, target.find('?'));
    if (target.contains('?')) request.query = target.substr(target.find('?') + 1);
    request.headers = headers;
    return request;
  }

  http::Response answer(
      domain::Principal const& principal,
      std::string_view target,
      std::span<http::Header const> headers = {}
  ) {
    auto request = ask(target, headers);
    RequestId id(ids_);
    http::Response response;
    make().answer(principal, {request, {}, "192.0.2.7", id}, response);
    return response;
  }
  int status(domain::Principal const& principal, std::string_view target) {
    return answer(principal, target).status;
  }

  int examine(std::vector<http::Header> const& headers) {
    auto request = ask("/verify", headers);
    RequestId id(ids_);
    http::Response response;
    bool passed = make().examine({request, {}, "192.0.2.7", id}, response);
    EXPECT_EQ(passed, response.status == 200);
    return response.status;
  }

  domain::Principal holder(std::vector<std::string> scopes) {
    return keys_.principal_of(keys_.create(keys_.wanted(std::move(scopes))));
  }
  domain::Principal of_no_tenant() {
    auto wanted = keys_.wanted({"read"});
    wanted.tenant.reset();
    wanted.kind = "platform";
    return keys_.principal_of(keys_.create(wanted));
  }

  authn::TestInstallation keys_;
  RequestIds ids_{keys_.random, keys_.clock};
  Problems problems_{"https://gate.example"};
  std::string denied_;
  Refusals refusals_{problems_, keys_.scopes, keys_.clock, [this](domain::AuditEntry const& entry) {
                       denied_ = entry.event + " " + entry.subject;
                     }};
  authz::ActionTable actions_{keys_.scopes};
  domain::Action const* pass_ = nullptr;
  std::string counted_;
  std::string complaint_;
  bool exhausted_ = false;
};

TEST_F(VerifyTest, ACallerIsNamedInHeaders) {
  auto principal = holder({"write"});
  auto response = answer(principal, "/verify");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.find("X-Keystead-Subject"), "key:" + principal.key().text());
  EXPECT_EQ(response.find("X-Keystead-Tenant"), keys_.tenant.text());
  EXPECT_EQ(response.find("X-Keystead-Scopes"), "read write");
  EXPECT_EQ(response.find("X-Envoy-Auth-Headers-To-Remove"), "authorization,x-api-key");
  EXPECT_EQ(counted_, "verify");
}

TEST_F(VerifyTest, AnEnvironmentIsThatOfTheKeysKind) {
  auto wanted = keys_.wanted();
  wanted.kind = "staged";
  wanted.environment = "test";
  auto response = answer(keys_.principal_of(keys_.create(wanted)), "/verify");
  EXPECT_EQ(response.find("X-Keystead-Environment"), "test");
}

TEST_F(VerifyTest, EveryScopeThatIsAskedForMustBeHeld) {
  auto reader = holder({"read"});
  EXPECT_EQ(status(reader, "/verify?scope=read"), 200);
  EXPECT_EQ(status(holder({"write"}), "/verify?scope=read&scope=write"), 200);
  auto refused = answer(reader, "/verify?scope=read&scope=write");
  EXPECT_EQ(refused.status, 403);
  EXPECT_TRUE(refused.find("WWW-Authenticate").contains("scope=\"write\""));
  EXPECT_EQ(denied_, "denied.insufficient_scope GET /verify");
  EXPECT_EQ(refused.find("X-Keystead-Subject"), "");
}

TEST_F(VerifyTest, AToolIsAskedOfTheSameDecisionAsACallOfIt) {
  auto reader = holder({"read"});
  EXPECT_EQ(status(reader, "/verify?tool=tasks_list"), 200);
  EXPECT_EQ(counted_, "tasks.list");
  EXPECT_EQ(status(reader, "/verify?tool=tasks_create"), 403);
}

TEST_F(VerifyTest, WhatTheGatewayAsksWronglyPassesNobody) {
  auto principal = holder({"write"});
  for (auto target :
       {"/verify?scope=wirte",
        "/verify?scope=",
        "/verify?tool=tasks_drop",
        "/verify?tool=tasks_list&tool=tasks_list",
        "/verify?tenant=all",
        "/verify?scopes=read",
        "/verify?scope=%zz",
        "/verify?x"}) {
    complaint_.clear();
    EXPECT_EQ(status(principal, target), 403) << target;
    EXPECT_NE(complaint_, "") << target;
  }
}

TEST_F(VerifyTest, ATenantIsNeededUnlessAnyWillDo) {
  auto principal = of_no_tenant();
  EXPECT_EQ(status(principal, "/verify"), 400);
  EXPECT_EQ(status(principal, "/verify?tenant=any&tool=tasks_list"), 400);
  EXPECT_EQ(status(principal, "/verify?tenant=any&scope=write"), 403);
  auto response = answer(principal, "/verify?tenant=any&scope=read");
  EXPECT_EQ(response.status, 200);
  EXPECT_TRUE(response.header_text().contains("X-Keystead-Tenant: \r\n"));
}

// Envoy puts /verify in front of what its client asked for, and others may hand its query on.
TEST_F(VerifyTest, TheQueryOfAClientAsksNothing) {
  EXPECT_EQ(status(of_no_tenant(), "/verify/?tenant=any"), 400);
  EXPECT_EQ(status(holder({"read"}), "/verify/tasks?scope=write"), 200);
  http::Header forwarded{"X-Forwarded-Uri", "/tasks?tenant=any"};
  EXPECT_EQ(answer(of_no_tenant(), "/verify?tenant=any", {&forwarded, 1}).status, 403);
  EXPECT_NE(complaint_, "");
}

TEST_F(VerifyTest, ANarrowedKeyPassesOnlyWhereItCanBeHeldToIt) {
  auto parent = keys_.create();
  auto child = [&](authn::Narrowing const& wanted) {
    return keys_.principal_of(keys_.authority->narrow(parent.record.id, wanted, {}).value());
  };
  auto of_a_tool = child({.name = "tool", .tools = {"tasks_list"}});
  EXPECT_EQ(status(of_a_tool, "/verify"), 403);
  EXPECT_EQ(status(of_a_tool, "/verify?tool=tasks_create"), 403);
  EXPECT_EQ(status(of_a_tool, "/verify?tool=tasks_list&scope=read"), 200);
  auto of_a_value = child({.name = "value", .arguments = {{"id", {"1"}}}});
  EXPECT_EQ(status(of_a_value, "/verify"), 403);
  EXPECT_EQ(status(of_a_value, "/verify?tool=tasks_list"), 403);
}

TEST_F(VerifyTest, ALimitThatIsReachedIsTold) {
  exhausted_ = true;
  auto response = answer(holder({"read"}), "/verify");
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(response.find("Retry-After"), "7");
  EXPECT_EQ(response.find("X-Keystead-Subject"), "");
}

TEST_F(VerifyTest, OnlyThisMachineMayAskUnlessConfigured) {
  for (auto peer : {"127.0.0.1", "127.8.0.1", "::1", "::ffff:127.0.0.1", "local"}) {
    EXPECT_TRUE(make().may_ask(peer)) << peer;
  }
  for (auto peer : {"10.0.0.1", "::2", "128.0.0.1", ""}) EXPECT_FALSE(make().may_ask(peer)) << peer;
  auto configured = make({domain::AddressRange::parse("10.0.0.0/8").value()});
  EXPECT_TRUE(configured.may_ask("10.0.0.1"));
  for (auto peer : {"127.0.0.1", "local", "11.0.0.1"}) EXPECT_FALSE(configured.may_ask(peer));
}

TEST_F(VerifyTest, Attack4RefusesACredentialInTheUrlThatTheClientAskedFor) {
  auto key = keys_.create();
  std::string with_key = "/tasks?page=2&k=" + std::string(key.key.reveal());
  for (auto name : {"X-Original-URI", "x-forwarded-uri", "X-Original-URL"}) {
    EXPECT_EQ(examine({{name, "/tasks?access_token=x"}}), 400) << name;
    EXPECT_EQ(examine({{name, with_key}}), 400) << name;
    EXPECT_EQ(examine({{name, "/tasks?page=2"}}), 200) << name;
    EXPECT_EQ(examine({{name, "/access_token=x"}}), 200) << name;
  }
  EXPECT_EQ(denied_, "denied.credential_conflict GET /verify");
}

TEST_F(VerifyTest, Attack115RefusesAnIdentityThatTheClientSent) {
  EXPECT_EQ(examine({{"X_Keystead_Tenant", "t"}}), 400);
  EXPECT_EQ(denied_, "denied.identity_header GET /verify");
  EXPECT_EQ(examine({{"X-Keystead-Tenant", "t"}}), 200);
}

}  // namespace
}  // namespace keystead::api

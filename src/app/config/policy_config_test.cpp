// Denials, rate limits, rules, and who may vouch, ask and report.
#include <algorithm>

#include <gtest/gtest.h>

#include "app/config/config.hpp"
#include "codec/json.hpp"

namespace keystead::app {
namespace {

using std::chrono::seconds;

Config read(std::string_view text, Environment const& environment = {}) {
  auto config = parse_config(text, "/etc/k.yaml", environment);
  if (!config) ADD_FAILURE() << config.error().public_text;
  return config ? std::move(*config) : Config{};
}

std::string mistakes(std::string_view text, Environment const& environment = {}) {
  auto config = parse_config(text, "k.yaml", environment);
  return config ? "none" : config.error().public_text;
}

std::string shown(api::DenialForm const& form) {
  std::string text = form.status ? std::to_string(*form.status) : "its own";
  if (form.body) text += " " + codec::to_text(*form.body);
  if (form.rpc) text += " " + std::to_string(form.rpc->code) + " " + form.rpc->message;
  return text;
}

std::string revealed(std::optional<Secret> const& secret) {
  return secret ? std::string(secret->reveal()) : "none";
}

TEST(PolicyConfig, ReadsHowDenialsAreWorded) {
  Config config = read(
      "denials:\n"
      "  unauthorized: { status: 401, body: { error: unauthorized, message: Missing. } }\n"
      "  forbidden:\n"
      "    body: { error: \"{detail}\", code: 7, ok: false, more: [\"{{}\", null, { n: \"8\" }] }\n"
      "    rpc: { code: -32001, message: \"Permission denied: {detail}\" }\n"
      "  error: {}\n"
  );
  ASSERT_EQ(config.denials.size(), 3U);
  EXPECT_EQ(
      shown(config.denials.at("unauthorized")),
      R"(401 {"error":"unauthorized","message":"Missing."})"
  );
  EXPECT_EQ(
      shown(config.denials.at("forbidden")),
      R"(its own {"error":"{detail}","code":7,"ok":false,"more":["{{}",null,{"n":"8"}]} )"
      "-32001 Permission denied: {detail}"
  );
  EXPECT_EQ(shown(config.denials.at("error")), "its own");
}

TEST(PolicyConfig, MistakesInDenialsAreNamed) {
  EXPECT_EQ(
      mistakes(
          "denials:\n"
          "  forbiden: { status: 403 }\n"
          "  forbidden:\n"
          "    status: 200\n"
          "    body: { a: \"{detial}\", b: [\"{zebra}\", \"{detail\"], c: {detail}, d: \"{{x}}\" "
          "}\n"
          "    rpc: { code: none }\n"
          "  conflict: { body: text, rpc: { code: 1, message: \"{a}\" } }\n"
          "  internal: { bdoy: {} }\n"
      ),
      "k.yaml:2: denials.forbiden: there is no refusal \"forbiden\"; did you mean \"forbidden\"?\n"
      "k.yaml:4: denials.forbidden.status: expected a whole number from 400 to 599\n"
      "k.yaml:5: denials.forbidden.body.a: there is no placeholder {detial}; did you mean "
      "{detail}?\n"
      "k.yaml:5: denials.forbidden.body.b[0]: there is no placeholder {zebra}; write {{ for a "
      "plain {\n"
      "k.yaml:5: denials.forbidden.body.b[1]: \"{\" without \"}\"; write {{ for a plain {\n"
      "k.yaml:5: denials.forbidden.body.c: a placeholder needs quotes: \"{detail}\"\n"
      "k.yaml:6: denials.forbidden.rpc.code: expected a whole number, found text\n"
      "k.yaml:6: denials.forbidden.rpc: \"message\" is missing\n"
      "k.yaml:7: denials.conflict.body: expected a map, found text\n"
      "k.yaml:7: denials.conflict.rpc.message: there is no placeholder {a}; write {{ for a plain "
      "{\n"
      "k.yaml:8: denials.internal.bdoy: unknown key; did you mean \"body\"?"
  );
}

TEST(PolicyConfig, ReadsRateLimits) {
  Config config = read(
      "rate_limits: { key: 600/1m, tenant: none, address: none,\n"
      "  tools: { \"supply_*\": 60/1m, whoami: 10/s } }\n"
  );
  EXPECT_EQ(config.rate_limits.key, (authz::RateLimit{600, seconds{60}}));
  EXPECT_FALSE(config.rate_limits.tenant);
  EXPECT_FALSE(config.rate_limits.address);
  ASSERT_EQ(config.rate_limits.tools.size(), 2U);
  EXPECT_EQ(config.rate_limits.tools[0].tools, "supply_*");
  EXPECT_EQ(config.rate_limits.tools[1].limit, (authz::RateLimit{10, seconds{1}}));
  EXPECT_EQ(read("{}").rate_limits.address, (authz::RateLimit{300, seconds{60}}));
  EXPECT_FALSE(read("{}").rate_limits.key);
}

TEST(PolicyConfig, MistakesInRateLimitsAreNamed) {
  EXPECT_EQ(
      mistakes(
          "rate_limits:\n"
          "  key: 600\n"
          "  tenant: 0/1m\n"
          "  adress: 1/s\n"
          "  tools:\n"
          "    \"a b\": 1/s\n"
          "    a: none\n"
      ),
      "k.yaml:2: rate_limits.key: this is not a rate limit such as 600/1m\n"
      "k.yaml:3: rate_limits.tenant: this allows no call at all\n"
      "k.yaml:4: rate_limits.adress: unknown key; did you mean \"address\"?\n"
      "k.yaml:6: rate_limits.tools.a b: a pattern is a name of tools, 1 to 128 of A-Z, a-z, 0-9, "
      "_, ., / and -, with * for any characters\n"
      "k.yaml:7: rate_limits.tools.a: this is not a rate limit such as 600/1m"
  );
}

constexpr char kRules[] = R"(
keys:
  format: "nk_{env:live|test}_{secret:32}"
  scopes: { "data:admin": Admin }
rules:
  no_deletes_in_test: { tools: ["*_delete"], environments: [test], deny: true }
  only_admins: { tools: [tasks_delete, notes.delete], unless: "data:admin", deny: true }
  tenants_may: { tools: [tasks_list], kinds: [tenant], allow: true }
  open_only: { tools: [tasks_create], arguments: { status: [open, "3", 3, true] } }
)";

TEST(PolicyConfig, ReadsRulesInTheirOrder) {
  using Verdict = domain::Rule::Verdict;
  auto rules = read(kRules).rules;
  ASSERT_EQ(rules.size(), 4U);
  EXPECT_EQ(rules[0].name, "no_deletes_in_test");
  EXPECT_EQ(rules[0].verdict, Verdict::deny);
  EXPECT_EQ(rules[0].patterns, std::vector<std::string>{"*_delete"});
  EXPECT_EQ(rules[0].environments, std::vector<std::string>{"test"});
  EXPECT_EQ(rules[1].unless_scope, "data:admin");
  EXPECT_EQ(rules[1].patterns.size(), 2U);
  EXPECT_EQ(rules[2].verdict, Verdict::allow);
  EXPECT_EQ(rules[2].kinds, std::vector<std::string>{"tenant"});
  EXPECT_EQ(rules[3].verdict, Verdict::limit);
  ASSERT_EQ(rules[3].arguments.size(), 1U);
  EXPECT_EQ(rules[3].arguments[0].name, "status");
  EXPECT_EQ(
      rules[3].arguments[0].values, (std::vector<std::string>{"\"open\"", "\"3\"", "3", "true"})
  );
}

TEST(PolicyConfig, MistakesInRulesAreNamed) {
  EXPECT_EQ(
      mistakes(
          "keys: { format: \"nk_{env:live|test}_{secret:32}\", scopes: { admin: Admin } }\n"
          "rules:\n"
          "  Bad: { tools: [a], deny: true }\n"
          "  b: { tools: [a], deny: true, allow: true }\n"
          "  c: { tools: [a] }\n"
          "  d: { deny: true }\n"
          "  e: { tools: [], deny: true }\n"
          "  f: { tools: [\"a b\"], deny: true }\n"
          "  g: { tools: [a], environments: [tset], kinds: [platform], unless: admn, deny: true }\n"
          "  h: { tools: [a], arguments: { x: [], y: open, z: [[1]] } }\n"
          "  i: { tools: [a], arguments: {} }\n"
          "  j: { tools: [a], deny: false }\n"
          "  k: text\n"
      ),
      "k.yaml:3: rules.Bad: a name is a-z, then up to 62 of a-z, 0-9 and _\n"
      "k.yaml:4: rules.b: expected one of \"deny: true\", \"allow: true\" and \"arguments\"\n"
      "k.yaml:5: rules.c: expected one of \"deny: true\", \"allow: true\" and \"arguments\"\n"
      "k.yaml:6: rules.d: \"tools\" is missing\n"
      "k.yaml:7: rules.e.tools: expected at least one tool\n"
      "k.yaml:8: rules.f.tools[0]: a pattern is a name of tools, 1 to 128 of A-Z, a-z, 0-9, _, ., "
      "/ and -, with * for any characters\n"
      "k.yaml:9: rules.g.environments[0]: there is no environment \"tset\"; did you mean "
      "\"test\"?\n"
      "k.yaml:9: rules.g.kinds[0]: there is no kind of keys \"platform\"\n"
      "k.yaml:9: rules.g.unless: scope \"admn\" is not in keys.scopes; did you mean \"admin\"?\n"
      "k.yaml:10: rules.h.arguments.x: expected at least one value\n"
      "k.yaml:10: rules.h.arguments.y: expected a list, found text\n"
      "k.yaml:10: rules.h.arguments.z[0]: expected a value, found a list\n"
      "k.yaml:11: rules.i.arguments: expected at least one argument\n"
      "k.yaml:12: rules.j: expected one of \"deny: true\", \"allow: true\" and \"arguments\"\n"
      "k.yaml:13: rules.k: expected a map, found text"
  );
}

constexpr char kRandom[] = "q7Jx0mVZr3nTg5YkLw8HcS2bEoD1uAfI6PXt9RvMzQs";

TEST(PolicyConfig, ReadsWhoMayAskAndReport) {
  Config config = read(
      "audit: { calls: true }\n"
      "verify: { secret: \"${S:-}\", from: [127.0.0.0/8, \"::1\"], lifetime: 2m }\n"
      "leak_reports: { public_keys: { abc123: keys/github.pem, \"4\": /k.pem } }\n"
      "trusted_proxies: [10.0.0.0/8]\n",
      {{"S", kRandom}}
  );
  EXPECT_TRUE(config.audit.calls);
  EXPECT_EQ(revealed(config.verify.secret), kRandom);
  ASSERT_EQ(config.verify.from.size(), 2U);
  EXPECT_EQ(config.verify.from[1].text(), "::1");
  EXPECT_EQ(config.verify.lifetime, seconds{120});
  ASSERT_EQ(config.leak_reports.public_keys.size(), 2U);
  EXPECT_EQ(config.leak_reports.public_keys[0].first, "abc123");
  EXPECT_EQ(config.leak_reports.public_keys[0].second, "/etc/keys/github.pem");
  EXPECT_EQ(config.leak_reports.public_keys[1].second, "/k.pem");
  EXPECT_EQ(config.trusted_proxies.at(0).text(), "10.0.0.0/8");
  Config silent = read("verify: { secret: \"${S:-}\" }");
  EXPECT_FALSE(silent.verify.secret) << "an empty secret is none";
  EXPECT_TRUE(silent.verify.from.empty());
  EXPECT_FALSE(silent.audit.calls);
}

TEST(PolicyConfig, MistakesAboutWhoMayAskAndReport) {
  EXPECT_EQ(
      mistakes(
          "verify: { from: [localhost, 10.0.0.1/8], lifetime: 2h }\n"
          "leak_reports: { public_keys: { \"\": a.pem, b: [c] } }\n"
          "trusted_proxies: 10.0.0.0/8\n"
      ),
      "k.yaml:1: verify.from[0]: this is not an address or a range such as 203.0.113.0/24\n"
      "k.yaml:1: verify.from[1]: this has bits set behind its prefix\n"
      "k.yaml:1: verify.lifetime: expected 1s to 1h\n"
      "k.yaml:2: leak_reports.public_keys.: an identifier has 1 to 128 bytes\n"
      "k.yaml:2: leak_reports.public_keys.b: expected text, found a list\n"
      "k.yaml:3: trusted_proxies: expected a list, found text"
  );
}

TEST(PolicyConfig, Attack11ASigningSecretIsNoDefaultAndNoPlaceholder) {
  EXPECT_EQ(
      mistakes("verify: { secret: q7Jx0mVZr3nTg5YkLw8HcS2bEoD1uAfI6PXt9RvMzQs }"),
      "k.yaml:1: verify.secret: a secret does not belong in this file: write ${NAME}"
  );
  EXPECT_EQ(
      mistakes("verify: { secret: \"${S:-q7Jx0mVZr3nTg5YkLw8HcS2bEoD1uAfI6PXt9RvMzQs}\" }"),
      "k.yaml:1: verify.secret: a secret does not belong in this file: write ${NAME}"
  );
  EXPECT_EQ(
      mistakes("verify: { secret: \"${S}\" }", {{"S", "short"}}),
      "k.yaml:1: verify.secret: the secret is shorter than 32 bytes"
  );
  EXPECT_EQ(
      mistakes("verify: { secret: \"${S}\" }", {{"S", "change-me-change-me-change-me-change-me"}}),
      "k.yaml:1: verify.secret: the secret is a placeholder: generate 32 random bytes instead"
  );
}

constexpr char kIssuers[] = R"(
issuers:
  sign_in: { issuer: "${ONE:-}", authorized_parties: ["https://app.example.com"] }
  web: { issuer: "${TWO:-}/auth/v1", audience: authenticated, secret: "${SECRET:-}" }
)";

TEST(PolicyConfig, RequestsArePushedWhereTheFileSaysSo) {
  auto pushing = [](std::string const& said) {
    return read("oauth: { pushed_requests: " + said + " }\n").oauth->pushed_requests;
  };
  EXPECT_EQ(read("oauth: {}\n").oauth->pushed_requests, oauth::Pushing::none);
  EXPECT_EQ(pushing("none"), oauth::Pushing::none);
  EXPECT_EQ(pushing("optional"), oauth::Pushing::optional);
  EXPECT_EQ(pushing("required"), oauth::Pushing::required);
  EXPECT_NE(mistakes("oauth: { pushed_requests: maybe }\n"), "none");
}

TEST(PolicyConfig, AnIssuerThatVouchesForClientsNeedsTokensAndKeysOfItsOwn) {
  std::string const issuer =
      "issuers:\n  acme: { issuer: https://idp.example, enterprise_authorization: true";
  EXPECT_TRUE(read("oauth: {}\n" + issuer + " }\n").issuers.front().enterprise_authorization);
  EXPECT_TRUE(mistakes(issuer + " }\n").contains("acme.enterprise_authorization: needs oauth"));
  auto shared = mistakes("oauth: {}\n" + issuer + ", algorithms: [HS256] }\n");
  EXPECT_TRUE(shared.contains("enterprise_authorization: needs an algorithm with public keys"));
}

TEST(PolicyConfig, AnIssuerWhoseVariableIsNotSetIsNone) {
  EXPECT_TRUE(read(kIssuers).issuers.empty());
  EXPECT_TRUE(read(kIssuers, {{"ONE", ""}, {"SECRET", kRandom}}).issuers.empty());
  auto issuers = read(kIssuers, {{"TWO", "https://x.example.co"}, {"SECRET", kRandom}}).issuers;
  ASSERT_EQ(issuers.size(), 1U);
  EXPECT_EQ(issuers[0].name, "web");
  EXPECT_EQ(issuers[0].issuer, "https://x.example.co/auth/v1");
  EXPECT_EQ(issuers[0].audience, "authenticated");
  EXPECT_EQ(revealed(issuers[0].secret), kRandom);
  auto both = read(kIssuers, {{"ONE", "https://a.example/"}, {"TWO", "https://b.example"}}).issuers;
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[0].issuer, "https://a.example/") << "tokens name it with its slash";
  EXPECT_EQ(both[0].authorized_parties, std::vector<std::string>{"https://app.example.com"});
}

std::string mistake_of(std::string const& issuer) {
  return mistakes("issuers: { a: { issuer: \"" + issuer + "\" } }");
}

TEST(PolicyConfig, AnIssuerSpeaksTlsUnlessItIsOnThisMachine) {
  for (auto issuer :
       {"https://a.example", "http://127.0.0.1:8080", "http://localhost/x", "http://[::1]:9/x"}) {
    EXPECT_EQ(mistake_of(issuer), "none") << issuer;
  }
  for (auto issuer :
       {"http://a.example",
        "http://127.evil.example",
        "http://localhost.example:80",
        "http://10.0.0.1"}) {
    EXPECT_EQ(
        mistake_of(issuer),
        "k.yaml:1: issuers.a.issuer: expected https: what it says over http could be anybody's"
    ) << issuer;
  }
  EXPECT_EQ(
      mistake_of("a.example"),
      "k.yaml:1: issuers.a.issuer: expected an absolute http or https URL such as "
      "https://mcp.example.com"
  );
}

TEST(PolicyConfig, MistakesAboutIssuersDoNotRepeatTheirValues) {
  EXPECT_EQ(
      mistakes(kIssuers, {{"TWO", "https://canary.example/"}, {"SECRET", "canary"}}),
      "k.yaml:4: issuers.web.secret: the secret is shorter than 32 bytes\n"
      "k.yaml:4: issuers.web.issuer: there is // in its path; what stands before must end without "
      "a /"
  );
  EXPECT_EQ(
      mistakes(
          kIssuers,
          {{"TWO", "https://x.example"},
           {"SECRET", "super-secret-jwt-token-with-at-least-32-characters-long"}}
      ),
      "k.yaml:4: issuers.web.secret: the secret is a placeholder: use the issuer's own"
  );
  EXPECT_EQ(
      mistakes(
          kIssuers,
          {{"TWO", "http://127.0.0.1:54321"},
           {"SECRET", "super-secret-jwt-token-with-at-least-32-characters-long"}}
      ),
      "none"
  ) << "on one's own machine it is what the issuer's tools come with";
  EXPECT_EQ(
      mistakes(
          "issuers:\n  a: { issuer: \"https://x.example\" }\n  b: { issuer: \"https://x.example\" "
          "}\n"
          "  c: {}\n  D: { issuer: \"https://y.example\" }\n"
      ),
      "k.yaml:3: issuers.b.issuer: this issuer comes twice\n"
      "k.yaml:4: issuers.c: \"issuer\" is missing\n"
      "k.yaml:5: issuers.D: a name is a-z, then up to 62 of a-z, 0-9 and _"
  );
}

TEST(PolicyConfig, TheMcpEndpointMayHaveSeveralPaths) {
  EXPECT_EQ(read("{}").mcp.paths, std::vector<std::string>{"/mcp"});
  EXPECT_EQ(
      read("mcp: { paths: [/mcp, /tools/v2-mcp] }").mcp.paths,
      (std::vector<std::string>{"/mcp", "/tools/v2-mcp"})
  );
  EXPECT_EQ(read("{ oauth: {}, mcp: { paths: [/t/mcp] } }").mcp.paths.front(), "/t/mcp");
  EXPECT_EQ(
      mistakes("{ oauth: { tenant_issuers: true }, mcp: { paths: [/t/mcp] } }"),
      "k.yaml:1: mcp.paths[0]: what is below /t is the tenants', see tenant_issuers"
  );
  EXPECT_EQ(mistakes("mcp: { paths: [] }"), "k.yaml:1: mcp.paths: at least one path is needed");
  EXPECT_EQ(
      mistakes("mcp: { paths: [mcp, /api/v1/mcp, /verify, /mcp, /mcp, /m/] }"),
      "k.yaml:1: mcp.paths[0]: expected a path such as /mcp, of letters, digits, - and _\n"
      "k.yaml:1: mcp.paths[1]: there is a route of this path already\n"
      "k.yaml:1: mcp.paths[2]: there is a route of this path already\n"
      "k.yaml:1: mcp.paths[4]: this path comes twice\n"
      "k.yaml:1: mcp.paths[5]: expected a path such as /mcp, of letters, digits, - and _"
  );
}

TEST(PolicyConfig, MailGoesToAServerThatIsNamedByItsUrl) {
  Environment const environment{{"SMTP_PASSWORD", "open sesame"}, {"NONE", ""}};
  auto mail =
      read(
          "mail: { url: \"smtps://mail.example\", from: Keys@Example.com, user: keys, password: "
          "\"${SMTP_PASSWORD}\" }",
          environment
      )
          .mail;
  EXPECT_EQ(mail.from, "keys@example.com");
  EXPECT_EQ(mail.password->reveal(), "open sesame");
  EXPECT_EQ(read("mail: { url: \"${NONE}\", from: keys@example.com }", environment).mail.url, "");
  EXPECT_EQ(
      mistakes("mail: { url: \"mail.example\", from: \"a@b, c@d\", user: keys }"),
      "k.yaml:1: mail.url: expected smtp://HOST or smtps://HOST, with or without a port\n"
      "k.yaml:1: mail.from: expected an e-mail address\n"
      "k.yaml:1: mail.password: user and password go together"
  );
  EXPECT_TRUE(
      mistakes("mail: { password: \"open sesame\" }").contains("does not belong in this file")
  );
}

TEST(PolicyConfig, Attack5NoValueOfTheEnvironmentIsRepeated) {
  Environment environment{{"S", "canary-{hunter2}"}};
  std::string text = mistakes(
      "keys: { kinds: { a: { format: \"${S}\" } }, path: \"${S}\", manage: \"${S}\", scopeless: "
      "\"${S}\", members: { id: \"${S}\" } }\n"
      "denials: { error: { body: { a: \"${S}\" }, rpc: { code: 1, message: \"${S}\" } } }\n"
      "rate_limits: { key: \"${S}\", tools: { a: \"${S}\" } }\n"
      "rules: { a: { tools: [\"${S}\"], kinds: [\"${S}\"], environments: [\"${S}\"], unless: "
      "\"${S}\", deny: true } }\n"
      "verify: { secret: \"${S}\", from: [\"${S}\"], lifetime: \"${S}\" }\n"
      "issuers: { a: { issuer: \"${S}\" } }\n"
      "mcp: { paths: [\"${S}\"] }\n"
      "mail: { url: \"${S}\", from: \"${S}\", user: \"${S}\" }\n"
      "trusted_proxies: [\"${S}\"]\n",
      environment
  );
  EXPECT_EQ(text.find("canary"), std::string::npos) << text;
  EXPECT_EQ(text.find("hunter2"), std::string::npos) << text;
  EXPECT_EQ(std::ranges::count(text, '\n') + 1, 22) << text;
}

TEST(PolicyConfig, TokensAreBoundToKeysWhereTheFileSaysSo) {
  EXPECT_FALSE(read("oauth: {}\n").oauth->dpop);
  EXPECT_EQ(read("oauth: { dpop: optional }\n").oauth->dpop, DpopUse::optional);
  auto required = read("oauth: { dpop: required, dpop_nonce: true }\n");
  EXPECT_EQ(required.oauth->dpop, DpopUse::required);
  EXPECT_TRUE(required.oauth->dpop_nonce);
  EXPECT_EQ(
      mistakes("oauth: { dpop: maybe }\n"),
      "k.yaml:1: oauth.dpop: expected one of optional, required"
  );
  EXPECT_EQ(
      mistakes("oauth: { dpop_nonce: true }\n"),
      "k.yaml:1: oauth.dpop_nonce: there are no proofs without oauth.dpop"
  );
}

}  // namespace
}  // namespace keystead::app

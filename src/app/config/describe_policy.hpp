// How calls are refused, limited, recorded and vouched for, as the configuration file says it; see
// describe.hpp.
#pragma once

#include "app/config/describe_provider.hpp"
#include "app/config/field_kinds.hpp"

namespace keystead::app {

template <class V>
void describe(V& v, api::RpcForm& c) {
  v.field(
      "code",
      c.code,
      "The JSON-RPC error code.",
      Rule{.min = -2147483648, .max = 2147483647, .required = true}
  );
  v.field("message", DenialText{c.message}, "Its message, a template.", Rule{.required = true});
}

template <class V>
void describe(V& v, api::DenialForm& c) {
  v.field(
      "status",
      c.status,
      "HTTP status; that of the refusal if absent.",
      Rule{.min = 400, .max = 599}
  );
  v.field(
      "body",
      DenialBody{c.body},
      "JSON body, whose texts may hold {detail}, {scope} and the like; application/problem+json "
      "if absent."
  );
  v.field("rpc", c.rpc, "JSON-RPC error that stands for it on the MCP path, instead of the body.");
}

template <class V>
void describe(V& v, RateLimitsConfig& c) {
  v.field("key", LimitOrNone{c.key}, "Of one key, such as 600/1m; none if absent.");
  v.field("tenant", LimitOrNone{c.tenant}, "Of all keys of a tenant together; none if absent.");
  v.field(
      "tools",
      ToolLimits{c.tools},
      "Of one key on each tool that a pattern names; the first that fits counts."
  );
  v.field(
      "address",
      LimitOrNone{c.address},
      "Failed authentications from one address, so that guessing is slow; none switches it off."
  );
}

template <class V>
void describe(V& v, RuleForm& c) {
  v.field(
      "tools",
      c.rule.patterns,
      "Tools or actions that it is about; * stands for any characters.",
      Rule{.min = 1, .max = 128, .required = true}
  );
  v.field(
      "environments",
      c.rule.environments,
      "Environments of keys that it is about; any if absent.",
      Rule{.min = 1, .max = 64}
  );
  v.field(
      "kinds",
      c.rule.kinds,
      "Kinds of keys that it is about; any if absent.",
      Rule{.min = 1, .max = 64}
  );
  v.field(
      "unless",
      c.rule.unless_scope,
      "Scope whose holders are exempt; nobody if absent.",
      Rule{.min = 1, .max = 128}
  );
  v.field("deny", c.deny, "Refuse the call: deny: true.");
  v.field("allow", c.allow, "Let it pass and ask no further rule: allow: true.");
  v.field(
      "arguments",
      ArgumentLimits{c.rule.arguments},
      "Arguments by name, each with the only values it may have."
  );
}

template <class V>
void describe(V& v, AuditConfig& c) {
  v.field(
      "calls", c.calls, "Whether each tool call is recorded, beside administration and denials."
  );
}

template <class V>
void describe(V& v, VerifyConfig& c) {
  v.field("enabled", c.enabled, "Whether there is /verify also without a secret.");
  v.field(
      "secret",
      SigningSecret{c.secret},
      "Secret that the answer is signed with (HS256), as ${NAME} from the environment; without it "
      "the headers are there, and no signed statement."
  );
  v.field("from", c.from, "Addresses of those who may ask; this machine if absent.");
  v.field("lifetime", c.lifetime, "How long a signed answer is good, 1s to 1h.");
}

template <class V>
void describe(V& v, OAuthConfig& c) {
  v.field(
      "scopes",
      c.scopes,
      "Scopes that clients are told to ask for; all that are declared if absent.",
      Rule{.min = 1, .max = 128}
  );
  v.field(
      "redirect_schemes",
      c.redirect_schemes,
      "Schemes of applications that clients may be sent back to, such as cursor, beyond those with "
      "a dot in them.",
      Rule{.min = 1, .max = 64}
  );
  v.field(
      "trusted_client_hosts",
      c.trusted_client_hosts,
      "Hosts whose client metadata documents are fetched although they are not public.",
      Rule{.min = 1, .max = 253}
  );
  v.field("registration", c.registration, "Whether clients may register by themselves.");
  v.field(
      "tenant_issuers",
      c.tenant_issuers,
      "Whether each tenant has an MCP endpoint and an authorization server of its own, below "
      "/t/{id of the tenant}, beside those of the service."
  );
  v.field(
      "pushed_requests",
      c.pushed_requests,
      "Whether clients may hand authorization requests in themselves (RFC 9126), or must."
  );
  v.field("algorithm", c.algorithm, "What access tokens are signed with.");
  v.field("access_token", c.access_token, "How long an access token lives, 1s to 1d.");
  v.field(
      "refresh_token", c.refresh_token, "How long a refresh token lives without a use, up to 400d."
  );
  v.field(
      "retry_window",
      c.retry_window,
      "How long a refresh token that was used is answered again with the same successor, 1s to 10m."
  );
  v.field(
      "dpop",
      c.dpop,
      "Whether clients may bind their tokens to a key of theirs (DPoP), or have to; if absent, "
      "they "
      "cannot."
  );
  v.field("dpop_nonce", c.dpop_nonce, "Whether their proofs must hold a nonce of this server.");
}

template <class V>
void describe(V& v, IssuerConfig& c) {
  v.field(
      "issuer",
      c.issuer,
      "What its tokens say in iss, an https URL; not configured if it is empty or begins with /, "
      "as ${NAME:-} makes it.",
      Rule{.max = 1'000, .required = true}
  );
  v.field("audience", c.audience, "What its tokens must say in aud.", Rule{.max = 1'000});
  v.field(
      "authorized_parties",
      c.authorized_parties,
      "What its tokens may say in azp; anything if absent.",
      Rule{.min = 1, .max = 1'000}
  );
  v.field(
      "secret",
      SigningSecret{c.secret},
      "Secret of an issuer that signs with HS256, as ${NAME} from the environment."
  );
  v.field(
      "jwks",
      c.jwks,
      "URL of the keys that it publishes; if absent, the one that its discovery document names.",
      Rule{.max = 1'000}
  );
  v.field(
      "algorithms",
      c.algorithms,
      "Algorithms that its tokens may be signed with; if absent, every one that fits its keys."
  );
  v.field(
      "tenant",
      c.tenant_claims,
      "Claims that say which tenant, such as org_id, or o.id for id in o. Only the issuer may be "
      "able to write them. If absent, the user's memberships say it.",
      Rule{.min = 1, .max = 100}
  );
  v.field(
      "role",
      c.role_claims,
      "Claims that say which role in that tenant.",
      Rule{.min = 1, .max = 100}
  );
  v.field(
      "enterprise_authorization",
      c.enterprise_authorization,
      "Whether clients get tokens for its people on its word, by identity assertions (ID-JAG)."
  );
  v.field(
      "webhook_secret",
      SigningSecret{c.webhook_secret},
      "Secret of its webhooks, as ${NAME} from the environment; without it they are not taken."
  );
}

template <class V>
void describe(V& v, SignInConfig& c) {
  v.field("idle", c.idle, "How long a session lasts without a request, 5m to 90d.");
  v.field("lifetime", c.lifetime, "How long a session lasts in all, idle to 366d.");
  v.field(
      "providers",
      ByName<ProviderConfig>{c.providers},
      "OpenID Providers at which people may sign in."
  );
}

template <class V>
void describe(V& v, MailConfig& c) {
  v.field(
      "url",
      c.url,
      "The mail server: smtp://HOST (with STARTTLS) or smtps://HOST, with a port or without; no "
      "mail is sent if it is absent or empty.",
      Rule{.max = 300}
  );
  v.field("from", c.from, "The address that mail comes from.", Rule{.max = 254});
  v.field("user", c.user, "Whom to sign in as on the mail server.", Rule{.max = 300});
  v.field(
      "password",
      ClientSecret{c.password},
      "The password for that, as ${NAME} from the environment."
  );
}

template <class V>
void describe(V& v, LeakReportsConfig& c) {
  v.field(
      "public_keys",
      PublicKeys{c.public_keys},
      "PEM files of the reporter's public keys by identifier; without one nobody may report."
  );
}

}  // namespace keystead::app

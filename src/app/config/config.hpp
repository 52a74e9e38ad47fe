// What an installation is told: one YAML file, read once into these structs, validated, and handed
// down by part. describe.hpp says the same once more as a list of fields, from which the reader,
// the unknown-key errors and the JSON Schema are made.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>

#include "api/denial_form.hpp"
#include "api/key_member.hpp"
#include "app/config/environment.hpp"
#include "app/config/text_form.hpp"
#include "authn/oidc_metadata.hpp"
#include "authz/rate_limit.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "domain/address_range.hpp"
#include "domain/collection.hpp"
#include "domain/key_kind.hpp"
#include "domain/rule.hpp"
#include "domain/scope.hpp"
#include "jose/algorithm.hpp"

namespace keystead::app {

struct ServiceConfig {
  std::string name = "keystead";
  std::string title;
  std::optional<Url> url;  // the public address; none: made from the listen address
  std::string instructions;

  std::string const& shown_name() const { return title.empty() ? name : title; }
};

struct TenantConfig {
  std::vector<std::string> nouns{"tenant"};  // one, or two from the outer level to the inner
};

using api::KeyMember;

struct KeysConfig {
  domain::KeyFormat format = domain::KeyFormat::parse("ks_{secret:40}{crc}").value();
  std::vector<std::string> headers{"authorization", "x-api-key"};  // lower case
  std::vector<domain::Scope> scopes;                               // ScopeCatalog::make takes them
  // What a key gets that names no scopes. After loading always set: where the file does not say,
  // all scopes, or none where that is as good.
  std::optional<std::vector<std::string>> default_scopes;
  std::vector<domain::KeyKind> kinds;     // beyond "tenant", whose format is `format`
  bool scopeless_is_full = false;         // whether a key without scopes has all of them
  std::optional<std::size_t> max_active;  // of one tenant
  std::string path = "/api/v1/keys";      // of the REST resource
  // The scope that managing keys over REST needs; none: all that are declared.
  std::optional<std::string> manage;
  std::optional<std::string> read;  // that looking at them needs; none: the same as manage
  std::vector<KeyMember> members;   // of a key in REST answers; empty: the default ones
  std::optional<Secret> pepper;  // store::parse_pepper takes it; none: the one in the data folder
  std::filesystem::path pepper_file;  // where it was read from; empty if it was not
};

struct TlsConfig {
  std::filesystem::path certificate;  // PEM, with the chain
  std::filesystem::path key;          // PEM
};

struct ListenConfig {
  ListenAddress address;
  std::optional<TlsConfig> tls;
};

struct DeadlinesConfig {
  std::chrono::seconds header{10};
  std::chrono::seconds body{30};
  std::chrono::seconds idle{75};
  std::chrono::seconds write{30};
  std::chrono::seconds drain{10};
};

struct RingConfig {
  std::size_t keys_max = 2'000'000;
  std::size_t negative_max = 65'536;
  std::chrono::seconds negative_ttl{5};
};

struct LimitsConfig {
  ByteSize body{1U << 20};
  ByteSize header{16U << 10};
  std::size_t header_count = 100;
  std::size_t connections = 10'000;
  std::size_t connections_per_address = 1'024;
  std::size_t io_threads = 0;  // 0: one for each core
  std::size_t workers = 8;
  std::size_t worker_queue = 1'024;
  std::size_t tenant_files = 128;
  DeadlinesConfig deadlines;
  RingConfig ring;
};

struct LogConfig {
  log::Level level = log::Level::info;
  RequestLog requests = RequestLog::denied;
};

struct McpConfig {
  std::vector<std::string> paths{"/mcp"};  // of the endpoint; the first is the one to tell
  std::size_t page_size = 100;
  bool open = false;               // whether introductions need no credential
  bool resource_metadata = false;  // whether there is a document of RFC 9728
};

struct ToolLimitConfig {
  std::string tools;  // a pattern
  authz::RateLimit limit;
};

struct RateLimitsConfig {
  std::optional<authz::RateLimit> key;
  std::optional<authz::RateLimit> tenant;
  std::vector<ToolLimitConfig> tools;
  // Failed authentications of one address. None: not limited.
  std::optional<authz::RateLimit> address = authz::RateLimit{300, std::chrono::seconds(60)};
};

struct AuditConfig {
  bool calls = false;  // whether each tool call is recorded, beside administrative acts and denials
};

// Who may ask /verify, and what the answer is signed with.
struct VerifyConfig {
  bool enabled = false;                    // there is /verify where there is a secret, too
  std::vector<domain::AddressRange> from;  // empty: this machine
  std::optional<Secret> secret;            // HS256; 32 bytes or more. None: not signed
  std::chrono::seconds lifetime{60};       // of the signed identity
};

// The authorization server of OAuth 2.1 for MCP clients.
struct OAuthConfig {
  std::vector<std::string> scopes;                // what clients are told to ask for; empty: all
  std::vector<std::string> redirect_schemes;      // of applications, beyond those with a dot
  std::vector<std::string> trusted_client_hosts;  // of client metadata documents: not public ones
  bool registration = true;                       // whether clients may register by themselves
  bool tenant_issuers = false;                    // whether each tenant has one: domain::Issuers
  oauth::Pushing pushed_requests = oauth::Pushing::none;
  jose::Algorithm algorithm = jose::Algorithm::es256;           // of access tokens
  std::chrono::seconds access_token{std::chrono::hours(1)};     // how long one lives
  std::chrono::seconds refresh_token{std::chrono::days(90)};    // the same, without a use
  std::chrono::seconds retry_window{std::chrono::seconds(60)};  // see oauth::GrantSurroundings
  std::optional<DpopUse> dpop;                                  // none: tokens are bound to no keys
  bool dpop_nonce = false;  // whether proofs need a nonce of ours
};

// A sign-in that the product has already. Not contacted at start.
struct IssuerConfig {
  std::string name;
  std::string issuer;  // as its tokens name it
  std::string audience;
  std::vector<std::string> authorized_parties;
  std::optional<Secret> secret;             // of issuers that sign with HS256
  std::string jwks;                         // URL of the keys; empty: found by discovery
  std::vector<jose::Algorithm> algorithms;  // empty: every one that fits the keys
  // Claims that only the issuer can write, a.b for b in a: which tenant, and the role in it. The
  // first that is there counts. Without any the user's memberships say it.
  std::vector<std::string> tenant_claims;
  std::vector<std::string> role_claims;
  // Whether clients are given tokens for its people on its word alone (ID-JAG).
  bool enterprise_authorization = false;
  // Of its webhooks, signed as Svix does it. None: they are not taken.
  std::optional<Secret> webhook_secret;
};

// An OpenID Provider at which people sign in. Not contacted at start.
struct ProviderConfig {
  std::string name;
  std::string title;  // for people; empty: the name
  std::string issuer;
  std::string client_id;
  std::optional<Secret> client_secret;  // none: a public client
  std::vector<std::string> scopes{"openid", "email", "profile"};
  std::optional<authn::ClientAuth> client_auth;  // none: what the provider supports
};

// How people sign in here, and for how long.
struct SignInConfig {
  std::chrono::seconds idle = std::chrono::hours(12);  // without a request, until a session is over
  std::chrono::seconds lifetime = std::chrono::days(30);  // of a session in all
  std::vector<ProviderConfig> providers;                  // as issuers: those that are configured
};

// Where mail is handed over; see net::MailServer. None is sent where there is no `url`.
struct MailConfig {
  std::string url;
  std::string from;  // as domain::parse_email gives it
  std::string user;  // empty: it is not signed in there
  std::optional<Secret> password;
};

struct LeakReportsConfig {
  // PEM files of the reporter's public keys, by their identifiers. Empty: there is no endpoint.
  std::vector<std::pair<std::string, std::filesystem::path>> public_keys;
};

struct CollectionConfig {
  domain::Collection collection;
  // Rows for the demo, each validated and in the order of collection.fields, defaults filled in.
  std::vector<std::vector<domain::FieldValue>> samples;
};

struct Config {
  ServiceConfig service;
  TenantConfig tenant;
  KeysConfig keys;
  ListenConfig listen;
  LimitsConfig limits;
  LogConfig log;
  std::optional<std::vector<Origin>> origins;  // none: that of service.url
  std::vector<CollectionConfig> collections;
  std::vector<std::string>
      tools;  // names of built-in tools; who has the tools knows which there are
  McpConfig mcp;
  api::DenialForms denials;
  RateLimitsConfig rate_limits;
  std::vector<domain::Rule> rules;
  AuditConfig audit;
  VerifyConfig verify;
  std::optional<OAuthConfig> oauth;   // none: API keys only
  std::vector<IssuerConfig> issuers;  // those that are configured: whose `issuer` is not empty
  SignInConfig sign_in;
  MailConfig mail;
  LeakReportsConfig leak_reports;
  // Proxies whose X-Forwarded-For is believed; nobody's, unless they are named.
  std::vector<domain::AddressRange> trusted_proxies;

  domain::ScopeCatalog scope_catalog;  // of keys.scopes
  domain::KeyKinds key_kinds;          // "tenant" and keys.kinds
};

// Code::invalid_request: the public text has one line FILE:LINE: KEY: WHAT for every mistake, in
// the order of the lines, and no value that came from the environment. Relative paths in the file
// begin at its folder.
Result<Config> parse_config(
    std::string_view text, std::string_view file_name, Environment const& environment
);

// The same for a file, with the environment of the process.
Result<Config> load_config(std::filesystem::path const& file);

// JSON Schema 2020-12 of the file.
json::object config_schema();

}  // namespace keystead::app

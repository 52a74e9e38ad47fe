// Clients, grants, codes and refresh tokens, for this room's tests.
#pragma once

#include <string>

#include "domain/client.hpp"
#include "domain/grant.hpp"
#include "store/test_keys.hpp"

namespace keystead::store {

inline domain::Client make_client(std::string id = "kc_1") {
  domain::Client client;
  client.id = domain::ClientId(std::move(id));
  client.name = "Claude";
  client.origin = domain::ClientOrigin::registered;
  client.redirect_uris = {"http://127.0.0.1/callback", "https://app.example/callback?a=b"};
  client.grant_types = {domain::GrantType::authorization_code, domain::GrantType::refresh_token};
  client.address = "203.0.113.7";
  client.created_at = at(1000);
  return client;
}

// Stands on nothing yet.
inline domain::Grant make_grant(std::string client = "kc_1") {
  domain::Grant grant;
  grant.id = domain::GrantId::mint(system_random());
  grant.client = domain::ClientId(std::move(client));
  grant.scopes = {"mcp:read", "mcp:write"};
  grant.resources = {"https://keystead.example/mcp"};
  grant.created_at = at(1000);
  grant.last_address = "203.0.113.7";
  return grant;
}

inline domain::Grant make_grant_of(
    domain::UserId const& user, std::optional<domain::TenantId> const& tenant
) {
  auto grant = make_grant();
  grant.user = user;
  grant.tenant = tenant;
  return grant;
}

inline domain::Grant make_grant_on(domain::ApiKey const& key) {
  auto grant = make_grant("my-script");
  grant.key = key.id;
  grant.tenant = key.tenant;
  return grant;
}

inline domain::GrantSecretDigest make_digest() {
  domain::GrantSecretDigest digest;
  system_random().fill(digest);
  return digest;
}

// Until 9000.
inline domain::AuthorizationCode make_code(domain::Grant const& grant) {
  domain::AuthorizationCode code;
  code.digest = make_digest();
  code.pepper_version = 3;
  code.grant = grant.id;
  code.client = grant.client;
  code.redirect_uri = "http://127.0.0.1:49152/callback";
  code.code_challenge = std::string(43, 'c');
  code.expires_at = at(9000);
  return code;
}

// The first of its grant, until 90 000.
inline domain::RefreshToken make_refresh_token(domain::Grant const& grant) {
  domain::RefreshToken token;
  token.digest = make_digest();
  token.pepper_version = 3;
  token.grant = grant.id;
  token.issued_at = at(1000);
  token.expires_at = at(90'000);
  return token;
}

}  // namespace keystead::store

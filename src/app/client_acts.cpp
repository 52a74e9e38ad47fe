#include "app/client_acts.hpp"

#include <algorithm>

#include <boost/json/array.hpp>

#include "app/log.hpp"
#include "codec/json.hpp"
#include "http/url.hpp"
#include "jose/jwk_set.hpp"
#include "oauth/client_event.hpp"
#include "oauth/issued_secret.hpp"
#include "oauth/redirect_uri.hpp"
#include "store/client_store.hpp"

namespace keystead::app {
namespace {

using domain::ClientAuth;
using domain::GrantType;

json::object describe(domain::Client const& client) {
  json::object out{
      {"id", client.id.text()},
      {"name", client.name},
      {"origin", name_of(client.origin)},
      {"auth", name_of(client.auth)},
      {"redirect_uris", json::array(client.redirect_uris.begin(), client.redirect_uris.end())},
  };
  auto& types = out["grant_types"].emplace_array();
  for (auto type : client.grant_types) types.emplace_back(name_of(type));
  out["tenant"] = client.tenant ? json::value(client.tenant->text()) : json::value();
  if (client.is_key_bound) out["dpop_bound"] = true;
  out["created_at"] = format_time(client.created_at);
  auto const& used_at = client.last_used_at;
  out["last_used_at"] = used_at ? json::value(format_time(*used_at)) : json::value();
  return out;
}

std::string text_of(json::object const& arguments, std::string_view name) {
  auto const* value = arguments.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

Result<std::vector<std::string>> redirect_uris_of(
    json::object const& arguments, OAuthConfig const& config
) {
  std::vector<std::string> uris;
  auto const* list = arguments.if_contains("redirect_uris");
  for (auto const& each : list && list->is_array() ? list->get_array() : json::array()) {
    auto text = each.is_string() ? std::string(each.get_string()) : std::string();
    auto uri = oauth::RedirectUri::parse(text, config.redirect_schemes);
    if (!uri) return fail(Code::invalid_request, text + ": " + uri.error().public_text);
    uris.push_back(std::move(text));
  }
  return uris;
}

// Of which there is one kind at most; empty for a client without keys.
Result<std::string> keys_of(json::object const& arguments) {
  auto jwks = text_of(arguments, "jwks"), uri = text_of(arguments, "jwks_uri");
  if (!jwks.empty() && !uri.empty()) {
    return fail(Code::invalid_request, "its keys are in a file or at an address, not both");
  }
  if (uri.empty()) {
    if (jwks.empty()) return jwks;
    auto keys = TRY(jose::JwkSet::parse(jwks));
    if (!keys.keys().empty()) return codec::to_text(keys.to_json());
    return fail(Code::invalid_request, "jwks: no key that can be used");
  }
  auto url = TRY(http::Url::parse(uri));
  if (url.scheme() == http::Url::Scheme::https || url.is_loopback()) return uri;
  return fail(Code::invalid_request, "jwks_uri: expected an https URL");
}

Result<ClientAuth> auth_of(json::object const& arguments, bool has_keys) {
  auto text = text_of(arguments, "auth");
  if (text.empty()) {
    return has_keys ? ClientAuth::private_key_jwt : ClientAuth::client_secret_basic;
  }
  auto auth = domain::parse_client_auth(text);
  if (!auth) return fail(Code::invalid_request, "auth: there is no such method");
  if ((*auth == ClientAuth::private_key_jwt) == has_keys) return *auth;
  return fail(Code::invalid_request, "private_key_jwt, and no other method, needs keys");
}

// How it comes to tokens.
Result<void> add_ways(
    domain::Client& client, json::object const& arguments, std::vector<IssuerConfig> const& issuers
) {
  if (auto tenant = text_of(arguments, "tenant"); !tenant.empty()) {
    client.tenant = domain::TenantId::parse(tenant);
    if (!client.tenant) return fail(Code::invalid_request, "tenant: that is not an id");
    if (client.is_public()) {
      return fail(Code::invalid_request, "a client that acts by itself needs a secret or keys");
    }
    client.grant_types.push_back(GrantType::client_credentials);
  }
  if (!client.redirect_uris.empty()) {
    client.grant_types.push_back(GrantType::authorization_code);
    client.grant_types.push_back(GrantType::refresh_token);
  }
  auto const* enterprise = arguments.if_contains("enterprise");
  if (enterprise && *enterprise == true) {
    if (std::ranges::none_of(issuers, &IssuerConfig::enterprise_authorization)) {
      return fail(Code::invalid_request, "no issuer has enterprise_authorization");
    }
    if (client.is_public()) {
      return fail(
          Code::invalid_request, "a client that an issuer vouches for needs a secret or keys"
      );
    }
    client.grant_types.push_back(GrantType::jwt_bearer);
  }
  if (!client.grant_types.empty()) return {};
  return fail(
      Code::invalid_request,
      "a client needs --redirect-uri or --enterprise to act for people, or --tenant to act by "
      "itself"
  );
}

Result<bool> is_key_bound(json::object const& arguments, OAuthConfig const& config) {
  auto const* value = arguments.if_contains("dpop_bound");
  bool is_bound = value && value->is_bool() && value->get_bool();
  if (!is_bound || config.dpop) return is_bound;
  return fail(Code::invalid_request, "the configuration binds no tokens to keys: oauth.dpop");
}

bool has_secret(ClientAuth auth) {
  return auth == ClientAuth::client_secret_basic || auth == ClientAuth::client_secret_post;
}

}  // namespace

Result<json::value> create_client(Installation& installation, json::object const& arguments) {
  auto const& config = installation.config().oauth;
  if (!config) return fail(Code::invalid_request, "the configuration has no oauth section");
  domain::Client client;
  client.name = text_of(arguments, "name");
  client.jwks = TRY(keys_of(arguments));
  client.auth = TRY(auth_of(arguments, !client.jwks.empty()));
  client.redirect_uris = TRY(redirect_uris_of(arguments, *config));
  client.is_key_bound = TRY(is_key_bound(arguments, *config));
  TRY(add_ways(client, arguments, installation.config().issuers));
  auto const& digester = installation.digester();
  client.id = oauth::make_client_id(installation.random());
  client.created_at = installation.clock().now();
  client.pepper_version = digester.current_version();
  Secret secret;
  if (has_secret(client.auth)) {
    secret = oauth::make_secret(installation.random());
    client.secret = oauth::digest_of(
        oauth::SecretPurpose::client_secret, secret.reveal(), digester, client.pepper_version
    );
  }
  TRY(installation.control().clients().add_client(
      client, oauth::client_event("client.create", client, {}, client.created_at)
  ));
  log::info("client.created", {{"client", client.id.text()}});
  auto out = describe(client);
  if (!secret.empty()) out["secret"] = secret.reveal();
  return out;
}

Result<json::value> list_clients(Installation& installation, json::object const&) {
  json::array out;
  for (auto const& client : installation.control().clients().list_clients()) {
    out.push_back(describe(client));
  }
  return out;
}

Result<json::value> delete_client(Installation& installation, json::object const& arguments) {
  domain::ClientId const id(text_of(arguments, "id"));
  auto& clients = installation.control().clients();
  auto client = clients.find_client(id);
  if (!client) return fail(Code::not_found, "there is no such client");
  Time now = installation.clock().now();
  auto ended =
      TRY(clients.remove_client(id, now, oauth::client_event("client.delete", *client, {}, now)));
  installation.ring().forget_grants(ended);
  log::info("client.deleted", {{"client", id.text()}});
  return json::object{{"id", id.text()}, {"deleted", true}};
}

}  // namespace keystead::app

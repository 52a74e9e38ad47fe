#include "domain/client.hpp"

#include <algorithm>
#include <array>

namespace keystead::domain {
namespace {

constexpr std::array kClientAuths{
    ClientAuth::none,
    ClientAuth::client_secret_basic,
    ClientAuth::client_secret_post,
    ClientAuth::private_key_jwt,
};
constexpr std::array kGrantTypes{
    GrantType::authorization_code,
    GrantType::refresh_token,
    GrantType::client_credentials,
    GrantType::token_exchange,
    GrantType::device_code,
    GrantType::jwt_bearer,
};
constexpr std::array kClientOrigins{
    ClientOrigin::registered, ClientOrigin::configured, ClientOrigin::metadata_document
};

template <class Names>
std::optional<typename Names::value_type> find_named(Names const& all, std::string_view name) {
  auto found = std::ranges::find_if(all, [&](auto each) { return name_of(each) == name; });
  if (found == all.end()) return std::nullopt;
  return *found;
}

}  // namespace

std::string_view name_of(ClientAuth method) {
  switch (method) {
    case ClientAuth::none: return "none";
    case ClientAuth::client_secret_basic: return "client_secret_basic";
    case ClientAuth::client_secret_post: return "client_secret_post";
    case ClientAuth::private_key_jwt: break;
  }
  return "private_key_jwt";
}

std::string_view name_of(GrantType type) {
  switch (type) {
    case GrantType::authorization_code: return "authorization_code";
    case GrantType::refresh_token: return "refresh_token";
    case GrantType::client_credentials: return "client_credentials";
    case GrantType::token_exchange: return "urn:ietf:params:oauth:grant-type:token-exchange";
    case GrantType::jwt_bearer: return "urn:ietf:params:oauth:grant-type:jwt-bearer";
    case GrantType::device_code: break;
  }
  return "urn:ietf:params:oauth:grant-type:device_code";
}

std::string_view name_of(ClientOrigin origin) {
  switch (origin) {
    case ClientOrigin::registered: return "registered";
    case ClientOrigin::configured: return "configured";
    case ClientOrigin::metadata_document: break;
  }
  return "metadata_document";
}

std::optional<ClientAuth> parse_client_auth(std::string_view name) {
  return find_named(kClientAuths, name);
}

std::optional<GrantType> parse_grant_type(std::string_view name) {
  return find_named(kGrantTypes, name);
}

std::optional<ClientOrigin> parse_client_origin(std::string_view name) {
  return find_named(kClientOrigins, name);
}

bool Client::may(GrantType type) const {
  return std::ranges::find(grant_types, type) != grant_types.end();
}

}  // namespace keystead::domain

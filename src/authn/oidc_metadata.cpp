#include "authn/oidc_metadata.hpp"

#include <string>
#include <utility>

#include <boost/json/array.hpp>

#include "codec/json.hpp"

namespace keystead::authn {
namespace {

namespace json = boost::json;

std::unexpected<Failure> refuse(std::string why) {
  return fail(Code::unavailable, "", "its discovery document " + std::move(why));
}

std::string_view text_at(json::object const& members, std::string_view name) {
  auto const* value = members.if_contains(name);
  return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

Result<http::Url> read_endpoint(
    json::object const& members, std::string_view name, http::Url const& issuer
) {
  auto url = http::Url::parse(text_at(members, name));
  if (!url) return refuse("has no usable " + std::string(name));
  bool is_local = issuer.is_loopback() && url->is_loopback();
  if (url->scheme() != http::Url::Scheme::https && !is_local) {
    return refuse("has a " + std::string(name) + " without TLS");
  }
  return url;
}

std::vector<ClientAuth> read_auth_methods(json::object const& members) {
  using enum ClientAuth;
  auto const* list = members.if_contains("token_endpoint_auth_methods_supported");
  if (!list) return {client_secret_basic};  // §3: what silence means
  std::vector<ClientAuth> methods;
  auto const* items = list->if_array();
  for (auto const& item : items ? *items : json::array()) {
    if (item == "client_secret_basic") methods.push_back(client_secret_basic);
    if (item == "client_secret_post") methods.push_back(client_secret_post);
    if (item == "none") methods.push_back(none);
  }
  return methods;
}

}  // namespace

Result<OidcMetadata> OidcMetadata::parse(std::string_view document, http::Url const& issuer) {
  auto parsed = codec::parse_json(document);
  auto const* members = parsed ? parsed->if_object() : nullptr;
  if (!members) return refuse("is no JSON object");
  if (text_at(*members, "issuer") != issuer.text()) return refuse("is another issuer's");
  auto const* names_issuer = members->if_contains("authorization_response_iss_parameter_supported");
  return OidcMetadata{
      .authorization_endpoint = TRY(read_endpoint(*members, "authorization_endpoint", issuer)),
      .token_endpoint = TRY(read_endpoint(*members, "token_endpoint", issuer)),
      .auth_methods = read_auth_methods(*members),
      .names_issuer = names_issuer && *names_issuer == true,
  };
}

}  // namespace keystead::authn

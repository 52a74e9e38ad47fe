#include "oauth/metadata.hpp"

#include <span>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "codec/json.hpp"
#include "jose/algorithm.hpp"

namespace keystead::oauth {
namespace {

namespace json = boost::json;

constexpr std::string_view kServer = "/.well-known/oauth-authorization-server";
constexpr std::string_view kOpenId = "/.well-known/openid-configuration";
constexpr std::string_view kResource = "/.well-known/oauth-protected-resource";

json::array list_of(std::vector<std::string> const& texts) {
  return json::array(texts.begin(), texts.end());
}

json::array names_of(std::span<jose::Algorithm const> algorithms) {
  json::array names;
  for (auto each : algorithms) names.emplace_back(name_of(each));
  return names;
}

json::object members_of(ServerMetadata const& server) {
  auto at = [&](std::string_view path) { return server.issuer + std::string(path); };
  json::array of_confidential{"client_secret_basic", "client_secret_post", "private_key_jwt"};
  json::array of_clients{"none", "client_secret_basic", "client_secret_post", "private_key_jwt"};
  auto of_assertions = names_of(jose::kPublicKeyAlgorithms);
  json::object out{
      {"issuer", server.issuer},
      {"authorization_endpoint", at(kAuthorizePath)},
      {"token_endpoint", at(kTokenPath)},
      {"device_authorization_endpoint", at(kDevicePath)},
      {"revocation_endpoint", at(kRevokePath)},
      {"introspection_endpoint", at(kIntrospectPath)},
      {"jwks_uri", at(kKeysPath)},
      {"scopes_supported", list_of(server.scopes)},
      {"response_types_supported", json::array{"code"}},
      {"response_modes_supported", json::array{"query"}},
      {"grant_types_supported", list_of(server.grant_types)},
      {"code_challenge_methods_supported", json::array{"S256"}},
      {"token_endpoint_auth_methods_supported", of_clients},
      {"token_endpoint_auth_signing_alg_values_supported", of_assertions},
      {"revocation_endpoint_auth_methods_supported", of_clients},
      {"revocation_endpoint_auth_signing_alg_values_supported", of_assertions},
      {"introspection_endpoint_auth_methods_supported", of_confidential},
      {"introspection_endpoint_auth_signing_alg_values_supported", of_assertions},
      {"authorization_response_iss_parameter_supported", true},
      {"client_id_metadata_document_supported", true},
      {"service_documentation", server.documentation},
  };
  if (server.pushing != Pushing::none) {
    out["pushed_authorization_request_endpoint"] = at(kPushPath);
    if (server.pushing == Pushing::required) out["require_pushed_authorization_requests"] = true;
  }
  if (server.takes_assertions) {
    out["authorization_grant_profiles_supported"] =
        json::array{"urn:ietf:params:oauth:grant-profile:id-jag"};
  }
  if (server.takes_registrations) out["registration_endpoint"] = at(kRegisterPath);
  if (!server.dpop_algorithms.empty()) {
    out["dpop_signing_alg_values_supported"] = list_of(server.dpop_algorithms);
  }
  return out;
}

// The path of an absolute URL, without a slash at its end.
std::string_view path_of(std::string_view url) {
  url.remove_prefix(url.find("://") + 3);
  url.remove_prefix(std::min(url.find('/'), url.size()));
  return url.ends_with('/') ? url.substr(0, url.size() - 1) : url;
}

// What may stand in front of a path below the service.
std::vector<std::string> bases_of(std::string_view url) {
  std::vector<std::string> bases{{}};
  if (auto path = path_of(url); !path.empty()) bases.emplace_back(path);
  return bases;
}

std::vector<std::string> places_of(
    std::string_view well_known, std::string_view url, std::string_view below
) {
  std::vector<std::string> places;
  for (auto const& base : bases_of(url)) {
    places.push_back(std::string(well_known).append(base).append(below));
  }
  return places;
}

}  // namespace

std::string authorization_server_metadata(ServerMetadata const& server) {
  return codec::to_text(members_of(server));
}

std::string openid_configuration(ServerMetadata const& server) {
  auto out = members_of(server);
  out["subject_types_supported"] = json::array{"public"};
  out["id_token_signing_alg_values_supported"] = json::array{"ES256"};
  return codec::to_text(out);
}

std::vector<std::string> authorization_server_paths(std::string_view url, std::string_view below) {
  return places_of(kServer, url, below);
}

std::vector<std::string> openid_configuration_paths(std::string_view url, std::string_view below) {
  auto places = places_of(kOpenId, url, below);
  for (auto const& base : bases_of(url)) {
    auto path = base + std::string(below);
    if (!path.empty()) places.push_back(path.append(kOpenId));
  }
  return places;
}

std::vector<std::string> protected_resource_paths(std::string_view url, std::string_view below) {
  return places_of(kResource, url, below);
}

std::string protected_resource_documents(std::string_view url) {
  auto path = path_of(url);
  auto origin = url.substr(0, url.find('/', url.find("://") + 3));
  return std::string(origin).append(kResource).append(path);
}

}  // namespace keystead::oauth

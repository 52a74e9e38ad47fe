#include "oauth/metadata.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <gmock/gmock.h>

#include "codec/json.hpp"

namespace keystead::oauth {
namespace {

namespace json = boost::json;
using testing::ElementsAre;

ServerMetadata server() {
  return {
      .issuer = "https://ops.example",
      .scopes = {"mcp:read"},
      .grant_types = {"authorization_code", "refresh_token"},
      .documentation = "https://ops.example/llms.txt",
  };
}

// What clients insist on before they begin; see the requirements of MCP 2026-07-28.
TEST(Metadata, SaysWhatClientsInsistOn) {
  auto text = authorization_server_metadata(server());
  auto document = codec::parse_json(text).value().as_object();
  EXPECT_EQ(document["issuer"], "https://ops.example");
  EXPECT_EQ(document["authorization_endpoint"], "https://ops.example/oauth/authorize");
  EXPECT_EQ(document["token_endpoint"], "https://ops.example/oauth/token");
  EXPECT_EQ(document["registration_endpoint"], "https://ops.example/oauth/register");
  EXPECT_EQ(document["code_challenge_methods_supported"], (json::array{"S256"}));
  EXPECT_EQ(document["response_types_supported"], (json::array{"code"}));
  EXPECT_EQ(document["scopes_supported"], (json::array{"mcp:read"}));
  EXPECT_EQ(document["authorization_response_iss_parameter_supported"], true);
  EXPECT_EQ(document["client_id_metadata_document_supported"], true);
  EXPECT_EQ(document["token_endpoint_auth_methods_supported"].at(0), "none");
}

// RFC 8414 §2: where an assertion is taken, the algorithms are named; and so does the extension of
// MCP for client credentials ask.
TEST(Metadata, NamesTheAlgorithmsOfAssertionsWhereverTheyAreTaken) {
  auto document = codec::parse_json(authorization_server_metadata(server())).value().as_object();
  for (auto const* endpoint : {"token", "revocation", "introspection"}) {
    auto const prefix = std::string(endpoint) + "_endpoint_auth_";
    auto methods = codec::to_text(document[prefix + "methods_supported"]);
    EXPECT_TRUE(methods.contains("private_key_jwt")) << endpoint;
    auto algorithms = codec::to_text(document[prefix + "signing_alg_values_supported"]);
    EXPECT_TRUE(algorithms.contains("ES256") && algorithms.contains("RS256")) << algorithms;
    EXPECT_FALSE(algorithms.contains("none") || algorithms.contains("HS")) << algorithms;
  }
}

// RFC 9126 §5.
TEST(Metadata, NamesWherePushedRequestsGo) {
  auto pushing = server();
  EXPECT_FALSE(authorization_server_metadata(pushing).contains("pushed"));
  pushing.pushing = Pushing::optional;
  auto text = authorization_server_metadata(pushing);
  auto document = codec::parse_json(text).value().as_object();
  EXPECT_EQ(document["pushed_authorization_request_endpoint"], "https://ops.example/oauth/par");
  EXPECT_FALSE(text.contains("require_pushed"));
  pushing.pushing = Pushing::required;
  document = codec::parse_json(openid_configuration(pushing)).value().as_object();
  EXPECT_EQ(document["require_pushed_authorization_requests"], true);
}

// §7.2 of draft-ietf-oauth-identity-assertion-authz-grant.
TEST(Metadata, NamesIdentityAssertionsWhereTheyAreTaken) {
  auto taking = server();
  EXPECT_FALSE(authorization_server_metadata(taking).contains("authorization_grant_profiles"));
  taking.takes_assertions = true;
  auto document = codec::parse_json(authorization_server_metadata(taking)).value().as_object();
  EXPECT_EQ(
      document["authorization_grant_profiles_supported"],
      (json::array{"urn:ietf:params:oauth:grant-profile:id-jag"})
  );
}

// A null where a URL is expected ends the discovery of the official SDK.
TEST(Metadata, WhatIsNotOfferedIsNotNamed) {
  auto closed = server();
  closed.takes_registrations = false;
  for (auto const& text : {authorization_server_metadata(closed), openid_configuration(closed)}) {
    EXPECT_FALSE(text.contains("registration_endpoint"));
    EXPECT_FALSE(text.contains("null"));
    EXPECT_FALSE(text.contains("offline_access"));
  }
}

TEST(Metadata, BoundTokensAreNamedWhereThereAreAny) {
  EXPECT_FALSE(authorization_server_metadata(server()).contains("dpop"));
  auto binding = server();
  binding.dpop_algorithms = {"ES256", "EdDSA"};
  auto text = authorization_server_metadata(binding);
  auto document = codec::parse_json(text).value().as_object();
  EXPECT_EQ(document["dpop_signing_alg_values_supported"], (json::array{"ES256", "EdDSA"}));
}

TEST(Metadata, StandsAtEveryAddressThatClientsTry) {
  EXPECT_THAT(
      authorization_server_paths("https://ops.example"),
      ElementsAre("/.well-known/oauth-authorization-server")
  );
  EXPECT_THAT(
      authorization_server_paths("https://ops.example/t1"),
      ElementsAre(
          "/.well-known/oauth-authorization-server", "/.well-known/oauth-authorization-server/t1"
      )
  );
  EXPECT_THAT(
      openid_configuration_paths("https://ops.example/t1"),
      ElementsAre(
          "/.well-known/openid-configuration",
          "/.well-known/openid-configuration/t1",
          "/t1/.well-known/openid-configuration"
      )
  );
  EXPECT_THAT(
      protected_resource_paths("https://ops.example", "/mcp"),
      ElementsAre("/.well-known/oauth-protected-resource/mcp")
  );
  EXPECT_THAT(
      protected_resource_paths("https://ops.example/t1", "/mcp"),
      ElementsAre(
          "/.well-known/oauth-protected-resource/mcp",
          "/.well-known/oauth-protected-resource/t1/mcp"
      )
  );
}

}  // namespace
}  // namespace keystead::oauth

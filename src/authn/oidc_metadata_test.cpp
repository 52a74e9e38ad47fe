#include "authn/oidc_metadata.hpp"

#include <gtest/gtest.h>

namespace keystead::authn {
namespace {

// What is wrong with a document of the issuer; empty if nothing is.
std::string fault(std::string const& document, std::string_view issuer = "https://issuer.example") {
  auto metadata = OidcMetadata::parse(document, http::Url::parse(issuer).value());
  return metadata ? "" : metadata.error().private_detail;
}

std::string document_of(
    std::string const& authorization,
    std::string const& token = "https://issuer.example/token",
    std::string const& issuer = "https://issuer.example"
) {
  return R"({"issuer":")" + issuer + R"(","authorization_endpoint":")" + authorization +
         R"(","token_endpoint":")" + token + R"("})";
}

TEST(OidcMetadata, SaysWhereAndHow) {
  auto metadata = OidcMetadata::parse(
                      document_of("https://issuer.example/authorize"),
                      http::Url::parse("https://issuer.example").value()
  )
                      .value();
  EXPECT_EQ(metadata.authorization_endpoint.text(), "https://issuer.example/authorize");
  EXPECT_EQ(metadata.auth_methods, std::vector{ClientAuth::client_secret_basic});
  EXPECT_FALSE(metadata.names_issuer);
}

TEST(OidcMetadata, Attack28ThatOfAnotherIssuerIsRefused) {
  auto document = document_of(
      "https://issuer.example/authorize", "https://issuer.example/token", "https://issuer.example/"
  );
  EXPECT_EQ(fault(document), "its discovery document is another issuer's");
}

TEST(OidcMetadata, EndpointsAreHttpsUnlessAllIsOnThisMachine) {
  auto plain = "http://issuer.example/a";
  auto local = "http://127.0.0.1:4000/a";
  EXPECT_TRUE(fault(document_of(plain)).contains("without TLS"));
  EXPECT_TRUE(fault(document_of("https://issuer.example/a", plain)).contains("without TLS"));
  EXPECT_TRUE(fault(document_of(local)).contains("without TLS"));
  EXPECT_EQ(fault(document_of(local, local, "http://localhost:4000"), "http://localhost:4000"), "");
}

TEST(OidcMetadata, WhatIsNoSuchDocumentIsRefused) {
  EXPECT_TRUE(fault("<html>").contains("no JSON object"));
  EXPECT_TRUE(fault("{}").contains("another issuer's"));
  EXPECT_TRUE(fault(document_of("javascript:alert(1)")).contains("authorization_endpoint"));
}

}  // namespace
}  // namespace keystead::authn

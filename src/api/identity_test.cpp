#include "api/identity.hpp"

#include <gtest/gtest.h>

#include "api/identity_headers.hpp"
#include "codec/base64url.hpp"

namespace keystead::api {
namespace {

constexpr std::string_view kSecret = "0123456789abcdef0123456789abcdef";
constexpr Time kNow{std::chrono::milliseconds{1'800'000'000'999}};

IdentitySigner signer() {
  return IdentitySigner(
      "https://gate.example", Secret(std::string(kSecret)), std::chrono::seconds(60)
  );
}

std::string claims_of(std::string_view jws) {
  auto first = jws.find('.') + 1;
  return codec::base64url_decode(jws.substr(first, jws.rfind('.') - first)).value_or("");
}

TEST(Identity, AStatementSaysWhoAndUntilWhen) {
  auto jws = signer().sign(
      {.subject = "key:k", .tenant = "t", .environment = "live", .scopes = "read write"}, kNow
  );
  EXPECT_EQ(
      codec::base64url_decode(jws.substr(0, jws.find('.'))),
      R"({"alg":"HS256","typ":"identity+jwt"})"
  );
  EXPECT_EQ(
      claims_of(jws),
      R"({"iss":"https://gate.example","sub":"key:k","tenant":"t","env":"live",)"
      R"("scope":"read write","iat":1800000000,"exp":1800000060})"
  );
}

TEST(Identity, AStatementLeavesOutWhatThereIsNot) {
  EXPECT_EQ(
      claims_of(signer().sign({.subject = "key:k"}, kNow)),
      R"({"iss":"https://gate.example","sub":"key:k","scope":"","iat":1800000000,"exp":1800000060})"
  );
}

TEST(Identity, AStatementDoesNotOutliveItsCredential) {
  Identity identity{.subject = "key:k", .until = kNow + std::chrono::seconds(5)};
  EXPECT_TRUE(claims_of(signer().sign(identity, kNow)).ends_with(R"("exp":1800000005})"));
}

TEST(Identity, TheSignatureIsHmacOfWhatStandsBeforeIt) {
  auto jws = signer().sign({.subject = "key:k"}, kNow);
  auto dot = jws.rfind('.');
  auto mac = crypto::HmacSha256(kSecret)(std::string_view(jws).substr(0, dot));
  EXPECT_EQ(
      codec::base64url_decode(jws.substr(dot + 1)),
      std::string(reinterpret_cast<char const*>(mac.data()), mac.size())
  );
}

TEST(Identity, EveryHeaderIsThereAlsoWhenItIsEmpty) {
  http::Response response;
  write_identity({.subject = "key:k", .scopes = "read"}, "h.c.s", response);
  EXPECT_EQ(
      response.header_text(),
      "X-Keystead-Subject: key:k\r\n"
      "X-Keystead-Tenant: \r\n"
      "X-Keystead-Environment: \r\n"
      "X-Keystead-Scopes: read\r\n"
      "X-Keystead-Identity: h.c.s\r\n"
  );
}

bool is_refused(std::string_view name, std::string_view value = "x") {
  http::Header header{name, value};
  http::Request request;
  request.headers = {&header, 1};
  return !refuse_identity_headers(request);
}

TEST(IdentityHeaders, Attack115RefusesEverySpellingButTheExactOne) {
  for (auto name :
       {"X_Keystead_Tenant",
        "x.keystead.tenant",
        "X-Keystead_Tenant",
        "X_KEYSTEAD-IDENTITY",
        "x-keystead.scopes",
        "X_Keystead_"}) {
    EXPECT_TRUE(is_refused(name)) << name;
  }
  for (auto name :
       {"X-Keystead-Tenant",
        "x-keystead-identity",
        "X_Tenant",
        "X-Keystead",
        "X_Keystead",
        "Key_X"}) {
    EXPECT_FALSE(is_refused(name)) << name;
  }
}

TEST(IdentityHeaders, Attack114RefusesAConnectionHeaderThatNamesOne) {
  for (auto value :
       {"X-Keystead-Tenant", "close, x-keystead-identity", "close,\tX_Keystead_Tenant ,x"}) {
    EXPECT_TRUE(is_refused("Connection", value)) << value;
    EXPECT_TRUE(is_refused("connection", value)) << value;
  }
  for (auto value : {"close", "keep-alive, Upgrade", "", ",", "not-x-keystead-tenant"}) {
    EXPECT_FALSE(is_refused("Connection", value)) << value;
  }
  EXPECT_FALSE(is_refused("Vary", "X-Keystead-Tenant"));
}

}  // namespace
}  // namespace keystead::api

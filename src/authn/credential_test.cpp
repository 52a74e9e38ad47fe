#include "authn/credential.hpp"

#include <gtest/gtest.h>

namespace keystead::authn {
namespace {

std::string read(std::vector<http::Header> headers, std::string_view query = {}) {
  http::Request request;
  request.headers = headers;
  request.query = query;
  auto credential = read_credential(request, CredentialHeaders{});
  if (!credential) return credential.error().code == Code::invalid_request ? "400" : "401";
  auto const* key = std::get_if<PresentedKey>(&*credential);
  return key ? std::string(key->text) : "none";
}

TEST(Credential, IsReadFromEitherHeaderInAnyCase) {
  EXPECT_EQ(read({{"Authorization", "Bearer abc"}}), "abc");
  EXPECT_EQ(read({{"authorization", "bearer abc"}}), "abc");
  EXPECT_EQ(read({{"X-API-Key", "abc"}}), "abc");
  EXPECT_EQ(read({{"x-api-key", "abc"}}), "abc");
  EXPECT_EQ(read({{"X-Other", "abc"}}), "none");
  EXPECT_EQ(read({}), "none");
}

TEST(Credential, Attack3TwoCredentialsThatDisagreeAreRefused) {
  EXPECT_EQ(read({{"Authorization", "Bearer abc"}, {"X-API-Key", "abc"}}), "abc") << "they agree";
  EXPECT_EQ(read({{"Authorization", "Bearer abc"}, {"X-API-Key", "abd"}}), "400");
  EXPECT_EQ(read({{"Authorization", "Bearer abc"}, {"X-API-Key", ""}}), "400");
  EXPECT_EQ(read({{"Authorization", "Bearer abc"}, {"Authorization", "Bearer abc"}}), "400");
  EXPECT_EQ(read({{"X-API-Key", "abc"}, {"X-API-Key", "abd"}}), "400");
  EXPECT_EQ(read({{"Authorization", "Bearer abc, Bearer abd"}}), "400");
  EXPECT_EQ(read({{"Authorization", "Bearer abc,abd"}}), "400");
  EXPECT_EQ(read({{"X-API-Key", "abc, abd"}}), "400");
}

TEST(Credential, AMalformedAuthorizationNeverFallsThrough) {
  for (auto value :
       {"",
        "Bearer",
        "Bearer ",
        "Bearer  abc",
        "Basic YTpi",
        "Bearer abc def",
        "Bearer abc\"",
        "Bearerabc"}) {
    EXPECT_EQ(read({{"Authorization", value}}), "401") << value;
    EXPECT_EQ(read({{"Authorization", value}, {"X-API-Key", "abc"}}), "401") << value;
  }
}

TEST(Credential, Attack4ACredentialInTheQueryIsRefused) {
  for (auto query :
       {"api_key=abc", "a=1&access_token=abc", "API_KEY=abc", "api%5Fkey=abc", "x-api-key=abc"}) {
    EXPECT_EQ(read({{"X-API-Key", "abc"}}, query), "400") << query;
    EXPECT_EQ(read({}, query), "400") << query;
  }
  EXPECT_EQ(read({{"X-API-Key", "abc"}}, "status=open&sort=-due"), "abc");
}

TEST(Credential, Attack4AKeyInTheQueryIsKnownByItsFormWhateverItsName) {
  auto kinds = domain::KeyKinds::make(
                   {{.format = domain::KeyFormat::parse("ks_{secret:22}").value()}}
  ).value();
  std::string key = "ks_0123456789abcdefABCDEF";
  http::Request request;
  for (std::string const& query :
       {"key=" + key, "a=1&title=" + key, "k%65y=%6bs_" + key.substr(3)}) {
    request.query = query;
    auto credential = read_credential(request, {.kinds = &kinds});
    ASSERT_FALSE(credential) << query;
    EXPECT_EQ(credential.error().code, Code::invalid_request);
  }
  request.query = "key=ks_short&title=ks_0123456789abcdefABCDEF0";
  EXPECT_TRUE(read_credential(request, {.kinds = &kinds}));
}

// "dpop TEXT" for a token that came as bound to a key.
std::string read_bound(std::vector<http::Header> headers, bool dpop = true) {
  http::Request request;
  request.headers = headers;
  CredentialHeaders names;
  names.tokens = true;
  names.dpop = dpop;
  auto credential = read_credential(request, names);
  if (!credential) return credential.error().code == Code::invalid_request ? "400" : "401";
  auto const* token = std::get_if<PresentedToken>(&*credential);
  if (!token) return "no token";
  return (token->is_dpop ? "dpop " : "bearer ") + std::string(token->text);
}

TEST(Credential, ABoundTokenHasASchemeOfItsOwn) {
  EXPECT_EQ(read_bound({{"Authorization", "DPoP a.b.c"}}), "dpop a.b.c");
  EXPECT_EQ(read_bound({{"Authorization", "dpop a.b.c"}}), "dpop a.b.c");
  EXPECT_EQ(read_bound({{"Authorization", "Bearer a.b.c"}}), "bearer a.b.c");
  EXPECT_EQ(read_bound({{"Authorization", "DPoP a.b.c"}}, false), "401") << "it is off";
  EXPECT_EQ(read_bound({{"Authorization", "DPoP key"}}), "401") << "no key is bound to another";
  for (auto const* value : {"DPoP", "DPoP ", "DPoP  a.b.c", "DPoPa.b.c", "DPoP a.b.c d"}) {
    EXPECT_EQ(read_bound({{"Authorization", value}}), "401") << value;
  }
  EXPECT_EQ(read_bound({{"Authorization", "DPoP a.b.c, Bearer a.b.c"}}), "400");
}

TEST(Credential, Attack3ABoundTokenComesInOneHeader) {
  EXPECT_EQ(
      read_bound({{"Authorization", "DPoP a.b.c"}, {"Authorization", "Bearer a.b.c"}}), "400"
  );
  EXPECT_EQ(read_bound({{"Authorization", "DPoP a.b.c"}, {"X-API-Key", "a.b.c"}}), "400");
  EXPECT_EQ(read_bound({{"X-API-Key", "a.b.c"}, {"Authorization", "DPoP a.b.c"}}), "400");
}

}  // namespace
}  // namespace keystead::authn

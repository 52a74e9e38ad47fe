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

}  // namespace
}  // namespace keystead::authn

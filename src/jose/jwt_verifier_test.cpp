// The claims of a genuine token, and the profile that they are held against.
#include "jose/jwt_verifier.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include "jose/test_token.hpp"

namespace keystead::jose {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Jwt, AGoodTokenSaysWhoAndUntilWhen) {
  auto claims = good_claims();
  claims["nbf"] = kNowSeconds - 5;
  claims["jti"] = "one";
  claims["org_id"] = "org_1";
  auto jwt = JwtVerifier::make(profile_of())
                 .value()
                 .verify(token_of(good_header(), claims), set_of(es256_key()), kNow);
  ASSERT_TRUE(jwt) << jwt.error().detail;
  EXPECT_EQ(jwt->issuer(), kIssuer);
  EXPECT_EQ(jwt->subject(), "user_1");
  EXPECT_EQ(jwt->audiences(), std::vector{std::string(kAudience)});
  EXPECT_EQ(jwt->expires_at(), kNow + seconds(300));
  EXPECT_EQ(jwt->issued_at(), kNow);
  EXPECT_EQ(jwt->not_before(), kNow - seconds(5));
  EXPECT_EQ(jwt->jwt_id(), "one");
  EXPECT_EQ(jwt->claims().at("org_id").as_string(), "org_1");
}

TEST(Jwt, Attack26RefusesTokensWithoutAClaimThatIsRequired) {
  for (auto const* name : {"exp", "iss", "aud", "sub"}) {
    EXPECT_EQ(verdict(token_without(name)), "missing_claim") << name;
  }
  EXPECT_EQ(verdict(token_without("iat")), "ok");
  auto strict = profile_of();
  strict.issued_at_required = true;
  EXPECT_EQ(verdict(token_without("iat"), set_of(es256_key()), strict), "missing_claim");
}

TEST(Jwt, Attack26AnEmptySubjectIsNobody) {
  EXPECT_EQ(verdict(token_with("sub", "")), "missing_claim");
  EXPECT_EQ(verdict(token_with("sub", 17)), "malformed");
  EXPECT_EQ(verdict(token_with("sub", nullptr)), "malformed");
}

TEST(Jwt, Attack27TheAudienceIsAMemberExactly) {
  using json::array;
  EXPECT_EQ(verdict(token_with("aud", array{"https://other.example", kAudience})), "ok");
  for (json::value const& audience : json::array{
           "https://other.example",
           "https://api.example/",
           "https://api.example.evil.example",
           "https://api",
           "HTTPS://API.EXAMPLE",
           "",
           array{},
           array{"https://other.example"},
           array{kAudience, 1},
           array{array{kAudience}},
           json::object{{kAudience, true}},
           1,
           true,
           nullptr,
       }) {
    EXPECT_EQ(verdict(token_with("aud", audience)), "audience") << codec::to_text(audience);
  }
}

TEST(Jwt, Attack27WithoutAnAudienceConfiguredATokenForAnotherIsRefused) {
  auto profile = profile_of();
  profile.audience_required = false;
  profile.audiences.clear();
  auto keys = set_of(es256_key());
  EXPECT_EQ(verdict(token_without("aud"), keys, profile), "ok");
  EXPECT_EQ(verdict(token_with("aud", kAudience), keys, profile), "audience");
}

TEST(Jwt, Attack28TheIssuerIsTheStringExactly) {
  for (json::value const& issuer : json::array{
           "https://issuer.example/",
           "https://issuer.exampl",
           "https://issuer.example.evil.example",
           "https://ISSUER.example",
           " https://issuer.example",
           "",
       }) {
    EXPECT_EQ(verdict(token_with("iss", issuer)), "issuer") << codec::to_text(issuer);
  }
  EXPECT_EQ(verdict(token_with("iss", json::array{kIssuer})), "malformed");
}

TEST(Jwt, Attack29TimesHaveSixtySecondsOfSkewAndNoMore) {
  auto at = [](std::string_view token, Time now) {
    return verdict(token, set_of(es256_key()), profile_of(), now);
  };
  auto token = token_of(good_header(), good_claims());
  Time end = kNow + seconds(300);
  EXPECT_EQ(at(token, end + seconds(60) - milliseconds(1)), "ok");
  EXPECT_EQ(at(token, end + seconds(60)), "expired");
  EXPECT_EQ(at(token, kNow - seconds(60)), "ok");
  EXPECT_EQ(at(token, kNow - seconds(60) - milliseconds(1)), "not_yet");
  EXPECT_EQ(verdict(token_with("nbf", kNowSeconds + 60)), "ok");
  EXPECT_EQ(verdict(token_with("nbf", kNowSeconds + 61)), "not_yet");
  EXPECT_EQ(verdict(token_with("iat", kNowSeconds + 61)), "not_yet");
}

TEST(Jwt, Attack29TimesAreNumbersThatCanBeTimes) {
  for (auto const* name : {"exp", "nbf", "iat"}) {
    for (json::value const& time : json::array{
             -1,
             std::to_string(kNowSeconds),
             true,
             nullptr,
             json::array{kNowSeconds},
             std::int64_t{1} << 53,
             std::uint64_t{1} << 63,
             1e300,
             -0.5,
         }) {
      EXPECT_EQ(verdict(token_with(name, time)), "malformed") << name << codec::to_text(time);
    }
  }
  auto claims = R"({"iss":"https://issuer.example","sub":"u","aud":"https://api.example","exp":)";
  for (std::string exp : {"1e400}", "NaN}", "0x7fffffff}", "1800000300.}", "+1800000300}"}) {
    EXPECT_EQ(verdict(raw_token(codec::to_text(good_header()), claims + exp)), "malformed") << exp;
  }
  EXPECT_EQ(verdict(token_with("exp", (std::int64_t{1} << 53) - 1)), "ok");
}

TEST(Jwt, AFractionOfASecondCounts) {
  auto exact = profile_of();
  exact.clock_skew = seconds(0);
  auto keys = set_of(es256_key());
  auto token = token_with("exp", static_cast<double>(kNowSeconds) + 1.75);
  EXPECT_EQ(verdict(token, keys, exact, kNow + milliseconds(1749)), "ok");
  EXPECT_EQ(verdict(token, keys, exact, kNow + milliseconds(1750)), "expired");
  token = token_with("nbf", static_cast<double>(kNowSeconds) + 0.5);
  EXPECT_EQ(verdict(token, keys, exact, kNow + milliseconds(499)), "not_yet");
  EXPECT_EQ(verdict(token, keys, exact, kNow + milliseconds(500)), "ok");
}

TEST(Jwt, Attack30ATokenOfAnotherTypeIsRefused) {
  auto header = good_header();
  header.erase("typ");
  EXPECT_EQ(verdict(token_of(header, good_claims())), "ok");
  EXPECT_EQ(verdict(token_with_header("typ", "jwt")), "ok");
  EXPECT_EQ(verdict(token_with_header("typ", "application/JWT")), "ok");
  for (auto const* type :
       {"at+jwt", "logout+jwt", "dpop+jwt", "text/jwt", "application/x/jwt", ""}) {
    EXPECT_EQ(verdict(token_with_header("typ", type)), "type") << type;
  }
  EXPECT_EQ(verdict(token_with_header("typ", 1)), "malformed");
}

TEST(Jwt, Attack30AccessTokensOfOurOwnMustSaySo) {
  auto profile = profile_of();
  profile.types = {"at+jwt"};
  auto keys = set_of(es256_key());
  EXPECT_EQ(verdict(token_with_header("typ", "at+jwt"), keys, profile), "ok");
  EXPECT_EQ(verdict(token_with_header("typ", "application/AT+JWT"), keys, profile), "ok");
  EXPECT_EQ(verdict(token_with_header("typ", "JWT"), keys, profile), "type");
  auto header = good_header();
  header.erase("typ");
  EXPECT_EQ(verdict(token_of(header, good_claims()), keys, profile), "type");
}

TEST(Jwt, AProfileThatLetsTooMuchThroughMakesNoVerifier) {
  EXPECT_TRUE(JwtVerifier::make(profile_of()));
  auto refused = [](auto change) {
    auto profile = profile_of();
    change(profile);
    return !JwtVerifier::make(profile);
  };
  EXPECT_TRUE(refused([](JwtProfile& profile) { profile.issuer.clear(); }));
  EXPECT_TRUE(refused([](JwtProfile& profile) { profile.algorithms.clear(); }));
  EXPECT_TRUE(refused([](JwtProfile& profile) { profile.audiences.clear(); }));
  EXPECT_TRUE(refused([](JwtProfile& profile) { profile.clock_skew = seconds(61); }));
  EXPECT_TRUE(refused([](JwtProfile& profile) { profile.clock_skew = seconds(-1); }));
}

TEST(Jwt, ARefusalRepeatsNothingOfTheToken) {
  auto verifier = JwtVerifier::make(profile_of()).value();
  for (auto const& token :
       {token_with("iss", "https://canary.example"),
        token_with("aud", "https://canary.example"),
        token_with_header("kid", "canary"),
        token_with_header("alg", "canary")}) {
    auto jwt = verifier.verify(token, set_of(es256_key()), kNow);
    ASSERT_FALSE(jwt);
    EXPECT_EQ(jwt.error().detail.find("canary"), std::string::npos) << jwt.error().detail;
  }
}

}  // namespace
}  // namespace keystead::jose

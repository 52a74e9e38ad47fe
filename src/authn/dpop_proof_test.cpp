// Each rule of RFC 9449 §4.3, broken alone.
#include "authn/dpop_proof.hpp"

#include <functional>

#include <boost/json/array.hpp>
#include <gtest/gtest.h>

#include "authn/test_proof.hpp"

namespace keystead::authn {
namespace {

namespace json = boost::json;
using jose::kNow;
using jose::kNowSeconds;

constexpr std::string_view kUri = "https://ops.example/mcp";
constexpr std::string_view kToken = "header.payload.signature";

TestProof good(jose::SigningKey const& key = jose::es256_key()) {
  return {key, "POST", kUri, kNow, kToken};
}

std::string verdict(
    std::string_view text, DpopTarget const& target = {"POST", std::string(kUri), kToken, {}}
) {
  auto proof = read_dpop_proof(text, target, kNow);
  if (proof) return "good";
  return proof.error() == DpopFault::use_nonce ? "nonce" : "invalid";
}

// A rule, and what breaks it.
struct Breach {
  char const* name;
  std::function<void(TestProof&)> make;
};

class BrokenProof : public testing::TestWithParam<Breach> {};

TEST_P(BrokenProof, IsNone) {
  auto proof = good();
  ASSERT_EQ(verdict(proof.text()), "good");
  GetParam().make(proof);
  EXPECT_EQ(verdict(proof.text()), "invalid");
}

template <class T>
std::function<void(TestProof&)> claim(char const* name, T value) {
  return [=](TestProof& proof) { proof.claims[name] = json::value_from(value); };
}
template <class T>
std::function<void(TestProof&)> header(char const* name, T value) {
  return [=](TestProof& proof) { proof.header[name] = json::value_from(value); };
}
std::function<void(TestProof&)> without(char const* name) {
  return [=](TestProof& proof) {
    proof.claims.erase(name);
    proof.header.erase(name);
  };
}
template <class T>
std::function<void(TestProof&)> jwk(char const* name, T value) {
  return [=](TestProof& proof) { proof.header["jwk"].as_object()[name] = json::value_from(value); };
}
std::function<void(TestProof&)> signed_by(jose::SigningKey const& key) {
  return [key](TestProof& proof) { proof.key = key; };
}

Breach const kBreaches[] = {
    {"NoType", without("typ")},
    {"ATypeOfAccessTokens", header("typ", "at+jwt")},
    {"ATypeOfAnyToken", header("typ", "JWT")},
    {"ATypeInOtherLetters", header("typ", "DPOP+JWT")},
    {"ATypeThatIsNoText", header("typ", 1)},
    {"NoAlgorithm", without("alg")},
    {"AlgorithmNone", header("alg", "none")},
    {"ASharedSecret", header("alg", "HS256")},
    {"AnAlgorithmOfAnotherKey", header("alg", "RS256")},
    {"AnAlgorithmOfAnotherCurve", header("alg", "ES384")},
    {"ACriticalMember", header("crit", std::vector<std::string>{"exp"})},
    {"NoKey", without("jwk")},
    {"AKeyThatIsText", header("jwk", "key")},
    {"APrivateKey", jwk("d", std::string(43, 'A'))},
    {"ASecretKey",
     header(
         "jwk", std::map<std::string, std::string>{{"kty", "oct"}, {"k", std::string(43, 'A')}}
     )},
    {"AKeyForEncryption", jwk("use", "enc")},
    {"AKeyThatIsOnNoCurve", jwk("x", std::string(43, 'A'))},
    {"AnotherKeysSignature", signed_by(jose::make_key(jose::Algorithm::es256))},
    {"NoMethod", without("htm")},
    {"AnotherMethod", claim("htm", "GET")},
    {"AMethodInOtherLetters", claim("htm", "post")},
    {"NoUri", without("htu")},
    {"AnotherPath", claim("htu", "https://ops.example/mcp2")},
    {"APathBelow", claim("htu", "https://ops.example/mcp/")},
    {"AnotherHost", claim("htu", "https://evil.example/mcp")},
    {"AnotherScheme", claim("htu", "http://ops.example/mcp")},
    {"AnotherPort", claim("htu", "https://ops.example:8443/mcp")},
    {"APathAlone", claim("htu", "/mcp")},
    {"AUriThatIsNoText", claim("htu", 1)},
    {"NoTime", without("iat")},
    {"ATimeThatIsText", claim("iat", "1800000000")},
    {"ATimeLongAgo", claim("iat", kNowSeconds - 301)},
    {"ATimeFarAhead", claim("iat", kNowSeconds + 301)},
    {"NoId", without("jti")},
    {"AnEmptyId", claim("jti", "")},
    {"AnIdThatIsNoText", claim("jti", 7)},
    {"AnIdWithoutEnd", claim("jti", std::string(257, 'a'))},
    {"NoToken", without("ath")},
    {"AnotherToken", claim("ath", base64url_sha256("another.access.token"))},
    {"TheTokenItself", claim("ath", std::string(kToken))},
};

INSTANTIATE_TEST_SUITE_P(
    DpopProof, BrokenProof, testing::ValuesIn(kBreaches), [](auto const& each) {
      return each.param.name;
    }
);

TEST(DpopProof, AGoodOneTellsItsKey) {
  for (auto algorithm : {jose::Algorithm::es256, jose::Algorithm::eddsa, jose::Algorithm::rs256}) {
    auto key = jose::make_key(algorithm);
    auto proof = read_dpop_proof(good(key).text(), {"POST", std::string(kUri), kToken, {}}, kNow);
    ASSERT_TRUE(proof) << name_of(algorithm);
    EXPECT_EQ(proof->key, key.verifying_key().thumbprint());
  }
}

TEST(DpopProof, WhatMeansTheSameIsTheSame) {
  for (auto const* uri :
       {"https://ops.example/mcp?tenant=a",
        "https://ops.example/mcp#here",
        "HTTPS://OPS.example:443/mcp",
        "https://ops.example/%6Dcp"}) {
    auto proof = good();
    proof.claims["htu"] = uri;
    EXPECT_EQ(verdict(proof.text()), "good") << uri;
  }
  for (auto seconds : {-300, 300}) {
    auto proof = good();
    proof.claims["iat"] = kNowSeconds + seconds;
    EXPECT_EQ(verdict(proof.text()), "good") << seconds;
  }
  auto proof = good();
  proof.claims["jti"] = std::string(256, 'a');
  proof.header["kid"] = "says nothing";
  EXPECT_EQ(verdict(proof.text()), "good");
}

TEST(DpopProof, WithoutATokenNothingIsSaidOfOne) {
  TestProof proof(jose::es256_key(), "POST", "https://ops.example/oauth/token", kNow);
  DpopTarget target{"POST", "https://ops.example/oauth/token"};
  EXPECT_EQ(verdict(proof.text(), target), "good");
  proof.claims["ath"] = "of no matter";
  EXPECT_EQ(verdict(proof.text(), target), "good");
}

TEST(DpopProof, ANonceIsOneOfThoseThatCount) {
  DpopTarget target{"POST", std::string(kUri), kToken, {"now", "before"}};
  auto proof = good();
  EXPECT_EQ(verdict(proof.text(), target), "nonce");
  for (auto const& [nonce, expected] :
       {std::pair{"now", "good"}, {"before", "good"}, {"long ago", "nonce"}, {"", "nonce"}}) {
    proof.claims["nonce"] = nonce;
    EXPECT_EQ(verdict(proof.text(), target), expected) << nonce;
  }
  proof.claims["nonce"] = "whatever";
  EXPECT_EQ(verdict(proof.text()), "good") << "none is asked for";
  proof.claims["htm"] = "GET";
  EXPECT_EQ(verdict(proof.text(), target), "invalid") << "a nonce would not help";
}

TEST(DpopProof, IsKnownAgainByItsKeyAndId) {
  auto id_of = [](TestProof const& proof) {
    return read_dpop_proof(proof.text(), {"POST", std::string(kUri), kToken, {}}, kNow).value().id;
  };
  auto first = good(), later = good(), others = good(jose::make_key(jose::Algorithm::es256));
  later.claims["jti"] = first.claims["jti"];
  later.claims["iat"] = kNowSeconds + 1;
  others.claims["jti"] = first.claims["jti"];
  EXPECT_EQ(id_of(first), id_of(later));
  EXPECT_NE(id_of(first), id_of(others)) << "nobody uses up the ids of somebody else";
  EXPECT_NE(id_of(first), id_of(good()));
}

TEST(DpopProof, IsReadFromOneHeader) {
  auto shown = [](std::vector<http::Header> headers) {
    http::Request request;
    request.headers = headers;
    request.method_text = "POST";
    request.path = "/mcp";
    return shown_proof(request);
  };
  EXPECT_FALSE(shown({{"X-Other", "a"}}));
  EXPECT_EQ(shown({{"dpop", "a.b.c"}})->text, "a.b.c");
  EXPECT_EQ(shown({{"DPoP", "a.b.c"}, {"DPoP", "a.b.c"}})->text, "") << "which of them counts?";
  EXPECT_EQ(verdict(""), "invalid");
}

}  // namespace
}  // namespace keystead::authn

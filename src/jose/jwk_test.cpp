#include "jose/jwk.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include "codec/base64url.hpp"
#include "jose/test_token.hpp"

namespace keystead::jose {
namespace {

// "ok", or why not.
std::string import(json::object const& members, SecretKeys secret_keys = SecretKeys::refused) {
  auto key = Jwk::import(members, secret_keys);
  return key ? "ok" : key.error().public_text;
}

json::object rsa() {
  return rs256_key().verifying_key().to_json();
}
json::object ec() {
  return es256_key().verifying_key().to_json();
}
json::object okp() {
  return {{"kty", "OKP"}, {"crv", "Ed25519"}, {"x", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}};
}

json::object with(json::object members, std::string_view name, json::value value) {
  members[name] = std::move(value);
  return members;
}

std::string bytes_at(json::object const& members, std::string_view name) {
  return decoded(members.at(name).as_string());
}

std::string encoded(std::string_view bytes) {
  return codec::base64url_encode(bytes);
}

json::object with_bytes(json::object members, std::string_view name, std::string_view bytes) {
  members[name] = encoded(bytes);
  return members;
}

TEST(Jwk, ReadsWhatItWrites) {
  for (auto const& key : {rsa(), ec(), okp()}) {
    auto jwk = Jwk::import(key, SecretKeys::refused);
    ASSERT_TRUE(jwk) << jwk.error().public_text;
    auto again = jwk->to_json();
    again.erase("use");
    auto before = key;
    before.erase("use");
    EXPECT_EQ(again, before);
  }
}

TEST(Jwk, Rfc7638Thumbprints) {
  constexpr std::string_view kModulus =
      "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECP"
      "ebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY"
      "368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0f"
      "M4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
  json::object example{
      {"kty", "RSA"}, {"n", kModulus}, {"e", "AQAB"}, {"alg", "RS256"}, {"kid", "2011-04-29"}
  };
  EXPECT_EQ(
      Jwk::import(example, SecretKeys::refused)->thumbprint(),
      "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
  );
  EXPECT_EQ(  // RFC 8037 A.3
      Jwk::import(okp(), SecretKeys::refused)->thumbprint(),
      "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
  );
  EXPECT_EQ(es256_key().verifying_key().thumbprint(), es256_key().kid());
}

TEST(Jwk, Attack37RsaNumbersAreSound) {
  std::string n = bytes_at(rsa(), "n");
  EXPECT_EQ(n.size(), 256);
  EXPECT_EQ(import(rsa()), "ok");
  auto refused = [](json::object const& key) {
    return import(key).find("RSA") != std::string::npos;
  };
  EXPECT_TRUE(refused(with_bytes(rsa(), "n", n.substr(128))));         // 1024 bits
  EXPECT_TRUE(refused(with_bytes(rsa(), "n", '\x7f' + n.substr(1))));  // 2047 bits
  EXPECT_TRUE(refused(with_bytes(rsa(), "n", '\0' + n)));
  EXPECT_TRUE(refused(with_bytes(rsa(), "n", n.substr(0, 255) + '\0')));  // even
  EXPECT_TRUE(refused(with_bytes(rsa(), "n", n + n + n + n + "\1")));     // 8200 bits
  for (auto const* e : {"", "\1", "\3", "\x11", "\xff\xff", "\1\1", "\1\1\1\1\1\1\1\1\1"}) {
    EXPECT_TRUE(refused(with_bytes(rsa(), "e", e))) << encoded(e);
  }
  for (std::string const& e :
       {std::string("\0", 1), std::string("\1\0\0", 3), std::string("\0\1\0\1", 4)}) {
    EXPECT_TRUE(refused(with_bytes(rsa(), "e", e))) << encoded(e);
  }
  EXPECT_EQ(import(with_bytes(rsa(), "n", std::string(2000, '\xff'))), "the key's n is too long");
}

TEST(Jwk, Attack37PointsAreOnTheirCurve) {
  std::string x = bytes_at(ec(), "x");
  std::string y = bytes_at(ec(), "y");
  std::string off = y;
  off.back() = static_cast<char>(off.back() ^ 1);
  for (auto const& key : {
           with_bytes(ec(), "y", off),
           with_bytes(ec(), "y", x),
           with_bytes(ec(), "y", y + '\0'),
           with_bytes(ec(), "y", '\0' + y),
           with_bytes(ec(), "x", x.substr(1)),
           with_bytes(ec(), "x", ""),
           with_bytes(with_bytes(ec(), "x", std::string(32, '\0')), "y", std::string(32, '\0')),
           with_bytes(with_bytes(ec(), "x", std::string(32, '\xff')), "y", std::string(32, '\xff')),
           with(ec(), "crv", "P-384"),
           with(ec(), "crv", "P-521"),
           with(ec(), "crv", "secp256k1"),
           with(ec(), "crv", "p-256"),
           with(ec(), "crv", "Ed25519"),
       }) {
    EXPECT_NE(import(key), "ok") << codec::to_text(key);
  }
}

TEST(Jwk, Attack37OnlyEd25519OfTheOkpCurvesAndNoPointOfSmallOrder) {
  EXPECT_EQ(import(okp()), "ok");
  for (auto const* curve : {"X25519", "Ed448", "P-256", "ed25519"}) {
    EXPECT_EQ(import(with(okp(), "crv", curve)), "the key's curve is not Ed25519");
  }
  std::string zero(32, '\0');
  std::string one = '\1' + std::string(31, '\0');
  std::string prime = '\xed' + std::string(30, '\xff') + '\x7f';
  std::string above = '\xee' + std::string(30, '\xff') + '\xff';
  for (auto const& x : {zero, one, prime, above, zero.substr(1), zero + zero}) {
    EXPECT_EQ(import(with_bytes(okp(), "x", x)), "not a public key of Ed25519") << encoded(x);
  }
  auto bytes = decoded("JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AU");
  EXPECT_EQ(import(with_bytes(okp(), "x", bytes)), "not a public key of Ed25519");
}

TEST(Jwk, SecretsAreReadOnlyWhereTheyAreAskedForAndNotBelow32Bytes) {
  auto secret = [](std::size_t size) {
    return json::object{{"kty", "oct"}, {"k", encoded(std::string(size, 's'))}};
  };
  EXPECT_EQ(import(secret(32)), "a secret key is published");
  EXPECT_EQ(import(secret(32), SecretKeys::accepted), "ok");
  EXPECT_EQ(import(secret(31), SecretKeys::accepted), "the secret is shorter than 32 bytes");
  EXPECT_EQ(import(secret(0), SecretKeys::accepted), "the secret is shorter than 32 bytes");
  EXPECT_EQ(import(secret(1024), SecretKeys::accepted), "ok");
  EXPECT_EQ(import(secret(1025), SecretKeys::accepted), "the secret is longer than 1024 bytes");
  // RFC 7518 §3.2: as long as the hash.
  EXPECT_EQ(
      import(with(secret(47), "alg", "HS384"), SecretKeys::accepted),
      "the key does not fit its own alg"
  );
  EXPECT_EQ(import(with(secret(64), "alg", "HS512"), SecretKeys::accepted), "ok");
  EXPECT_FALSE(Jwk::shared_secret(Secret(std::string(31, 's')), Algorithm::hs256));
  EXPECT_FALSE(Jwk::shared_secret(Secret(std::string(32, 's')), Algorithm::hs512));
  EXPECT_FALSE(Jwk::shared_secret(Secret(std::string(64, 's')), Algorithm::rs256));
}

TEST(Jwk, AKeyThatIsPublishedWithItsPrivateHalfIsRefused) {
  for (auto const* name : {"d", "p", "q", "dp", "dq", "qi", "oth"}) {
    EXPECT_EQ(import(with(rsa(), name, "AQAB")), "the key is published with its private half");
    EXPECT_NE(import(with(ec(), name, nullptr), SecretKeys::accepted), "ok");
  }
  EXPECT_EQ(import(with(ec(), "k", "AQAB")), "a secret is published with the key");
}

TEST(Jwk, UseAndKeyOpsAreHonoured) {
  using json::array;
  EXPECT_EQ(import(with(ec(), "use", "enc")), "the key's use is not sig");
  EXPECT_NE(import(with(ec(), "use", "SIG")), "ok");
  EXPECT_NE(import(with(ec(), "use", nullptr)), "ok");
  EXPECT_EQ(import(with(ec(), "key_ops", array{"verify"})), "ok");
  EXPECT_EQ(import(with(ec(), "key_ops", array{"sign", "verify"})), "ok");
  for (json::value const& operations : array{
           array{},
           array{"sign"},
           array{"encrypt"},
           array{"verify", "verify"},
           array{"verify", 1},
           "verify"
       }) {
    EXPECT_NE(import(with(ec(), "key_ops", operations)), "ok") << codec::to_text(operations);
  }
}

TEST(Jwk, Attack16AlgOfTheKeyIsHonoured) {
  for (auto const* name : {"ES384", "RS256", "HS256", "EdDSA"}) {
    EXPECT_EQ(import(with(ec(), "alg", name)), "the key does not fit its own alg") << name;
  }
  for (auto const* name : {"none", "es256", "ES256K", "ECDH-ES", ""}) {
    EXPECT_EQ(import(with(ec(), "alg", name)), "the key's alg is not one that is done here")
        << name;
  }
  auto pss_only = Jwk::import(with(rsa(), "alg", "PS256"), SecretKeys::refused).value();
  EXPECT_TRUE(pss_only.fits(Algorithm::ps256));
  EXPECT_FALSE(pss_only.fits(Algorithm::rs256));
  auto any = rsa();
  any.erase("alg");
  auto free = Jwk::import(any, SecretKeys::refused).value();
  EXPECT_TRUE(free.fits(Algorithm::ps512));
  EXPECT_FALSE(free.fits(Algorithm::hs256));
  EXPECT_FALSE(free.fits(Algorithm::es256));
}

TEST(Jwk, MembersAreOfTheirType) {
  EXPECT_EQ(import({}), "the key has no kty");
  EXPECT_EQ(import({{"kty", 1}}), "the key's kty is not a string");
  EXPECT_EQ(import({{"kty", "LWE"}}), "the key's kty is not one that is done here");
  EXPECT_EQ(import(with(ec(), "kty", "RSA")), "the key has no n");
  EXPECT_EQ(import(with(rsa(), "n", 5)), "the key's n is not a string");
  EXPECT_EQ(import(with(rsa(), "e", "AQAB=")), "the key's e is not base64url");
  EXPECT_EQ(import(with(ec(), "kid", 5)), "the key's kid is not a string");
  EXPECT_EQ(
      import(with_bytes(ec(), "kid", std::string(200, 'k'))),
      "the key's kid is longer than 256 bytes"
  );
  EXPECT_EQ(import(with(ec(), "x5c", 5)), "ok") << "what is not used is not read";
}

}  // namespace
}  // namespace keystead::jose

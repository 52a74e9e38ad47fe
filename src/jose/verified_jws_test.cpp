// Header, key and signature of a token.
#include "jose/verified_jws.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include "crypto/hmac.hpp"
#include "jose/test_token.hpp"
#include "jose/test_vectors.hpp"

namespace keystead::jose {
namespace {

using codec::base64url_encode;

std::string good_token() {
  return token_of(good_header(), good_claims());
}

// header.payload of a good token, and its signature.
std::pair<std::string, std::string> halves(std::string const& token) {
  auto dot = token.rfind('.');
  return {token.substr(0, dot), token.substr(dot + 1)};
}

TEST(Jws, TheExamplesOfTheRfcsAreVerifiedAndNothingNearThemIs) {
  std::ifstream file(KEYSTEAD_SOURCE_DIR "/tests/vectors/jose_examples.json");
  std::string text{std::istreambuf_iterator<char>(file), {}};
  auto examples = codec::parse_json(text).value().as_object().at("examples").as_array();
  EXPECT_EQ(examples.size(), 9);
  for (auto const& each : examples) {
    auto const& example = each.as_object();
    std::string source = text_at(example, "source");
    auto key = Jwk::import(example.at("jwk").as_object(), SecretKeys::accepted);
    ASSERT_TRUE(key) << source << key.error().public_text;
    auto keys = set_of({*key});
    std::array algorithms{find_algorithm(text_at(example, "alg")).value_or(Algorithm::hs512)};
    std::string token = text_at(example, "token");
    EXPECT_TRUE(VerifiedJws::verify(token, keys, algorithms)) << source;
    for (std::size_t i = 0; i < token.size(); i += 7) {
      std::string changed = token;
      changed[i] = changed[i] == 'A' ? 'B' : 'A';
      EXPECT_FALSE(VerifiedJws::verify(changed, keys, algorithms)) << source << " at " << i;
    }
  }
}

TEST(Jws, Attack15NoneIsNoAlgorithm) {
  auto claims = base64url_encode(codec::to_text(good_claims()));
  for (auto const* name : {"none", "None", "nOnE", "NONE", "", "null"}) {
    auto header = good_header();
    header["alg"] = name;
    auto bare = base64url_encode(codec::to_text(header)) + '.' + claims + '.';
    EXPECT_EQ(verdict(bare), "algorithm") << name;
    EXPECT_EQ(verdict(token_of(header, good_claims())), "algorithm") << name;
  }
  auto header = good_header();
  header.erase("alg");
  EXPECT_EQ(verdict(token_of(header, good_claims())), "algorithm");
  header["alg"] = nullptr;
  EXPECT_EQ(verdict(token_of(header, good_claims())), "malformed");
}

TEST(Jws, Attack15AnEmptySignatureIsNone) {
  auto token = good_token();
  EXPECT_EQ(verdict(token), "ok");
  EXPECT_EQ(verdict(halves(token).first + '.'), "bad_signature");
}

TEST(Jws, Attack16ThePublicKeyIsNoSecret) {
  auto const& key = rs256_key();
  auto public_key = key.verifying_key();
  auto header = good_header(key);
  header["alg"] = "HS256";
  auto text = base64url_encode(codec::to_text(header)) + '.' +
              base64url_encode(codec::to_text(good_claims()));
  json::object bare = public_key.to_json();
  bare.erase("alg");  // CVE-2026-44699: without alg, an HMAC with an empty key
  bare.erase("use");
  auto without_alg = Jwk::import(bare, SecretKeys::accepted);
  ASSERT_TRUE(without_alg);
  auto generous = profile_of({Algorithm::rs256, Algorithm::hs256, Algorithm::es256});
  for (auto const& secret :
       {std::string(),
        json::serialize(public_key.to_json()),
        text_at(bare, "n"),
        decoded(text_at(bare, "n"))}) {
    auto mac = base64url_encode(crypto::hmac(crypto::Hash::sha256, secret, text));
    auto token = text + '.' + mac;
    EXPECT_EQ(verdict(token, set_of(key), profile_of({Algorithm::rs256})), "algorithm");
    EXPECT_EQ(verdict(token, set_of(key), generous), "algorithm");
    EXPECT_EQ(verdict(token, set_of({*without_alg}), generous), "algorithm");
  }
}

TEST(Jws, Attack16TheKeysTypeDecidesWhateverTheTokenSays) {
  auto all = profile_of({Algorithm::rs256, Algorithm::ps256, Algorithm::es256, Algorithm::es384});
  for (auto const* name : {"RS256", "ES384", "PS256"}) {
    EXPECT_EQ(verdict(token_with_header("alg", name), set_of(es256_key()), all), "algorithm");
  }
  // Genuine, but by an algorithm that the issuer is not configured with.
  EXPECT_EQ(
      verdict(good_token(), set_of(es256_key()), profile_of({Algorithm::rs256})), "algorithm"
  );
}

TEST(Jws, Attack17OnlyTheCompactFormIsRead) {
  auto token = good_token();
  auto [text, signature] = halves(token);
  auto dot = text.find('.');
  json::object flat{
      {"protected", text.substr(0, dot)},
      {"payload", text.substr(dot + 1)},
      {"signature", signature},
      {"header", json::object{{"alg", "none"}}},
  };
  EXPECT_EQ(verdict(json::serialize(flat)), "malformed");
  json::object general{{"payload", flat["payload"]}, {"signatures", json::array{flat}}};
  EXPECT_EQ(verdict(json::serialize(general)), "malformed");
}

TEST(Jws, Attack18KidIsAnOpaqueString) {
  for (std::string const& kid :
       {std::string("../../../../dev/null"),
        std::string("' OR 1=1 --"),
        std::string("a\0b", 3),
        std::string("\r\nX: y"),
        std::string(256, 'k'),
        std::string()}) {
    EXPECT_EQ(verdict(token_with_header("kid", kid)), "unknown_key") << kid;
  }
  EXPECT_EQ(verdict(token_with_header("kid", std::string(257, 'k'))), "malformed");
  EXPECT_EQ(verdict(token_with_header("kid", std::string(64 * 1024, 'k'))), "malformed");
  for (json::value const& kid :
       json::array{1, true, nullptr, json::array{es256_key().kid()}, json::object{}}) {
    EXPECT_EQ(verdict(token_with_header("kid", kid)), "malformed");
  }
}

TEST(Jws, Attack19AnUnknownKidIsAnsweredByNoOtherKey) {
  auto token = token_with_header("kid", "another");
  EXPECT_EQ(verdict(token), "unknown_key");
  EXPECT_EQ(verdict(token_with_header("kid", es256_key().kid() + "x")), "unknown_key");
  EXPECT_EQ(verdict(good_token(), JwkSet()), "unknown_key");
  // Nor by a key that has none.
  auto bare = es256_key().verifying_key().to_json();
  bare.erase("kid");
  EXPECT_EQ(
      verdict(token, set_of({Jwk::import(bare, SecretKeys::refused).value()})), "unknown_key"
  );
}

TEST(Jws, Attack19WithoutKidExactlyOneKeyMustFit) {
  auto header = good_header();
  header.erase("kid");
  auto token = token_of(header, good_claims());
  auto ours = es256_key().verifying_key();
  auto other = make_key(Algorithm::es256).verifying_key();
  EXPECT_EQ(verdict(token, set_of({ours})), "ok");
  EXPECT_EQ(verdict(token, set_of({rs256_key().verifying_key(), ours})), "ok");
  EXPECT_EQ(verdict(token, set_of({ours, other})), "ambiguous_key");
  EXPECT_EQ(verdict(token, set_of({other, ours})), "ambiguous_key");
  EXPECT_EQ(verdict(token, set_of(rs256_key())), "unknown_key");
}

TEST(Jws, Attack20KeysAndAddressesInTheTokenAreIgnored) {
  auto thief = make_key(Algorithm::es256);
  for (auto const& [name, value] : std::initializer_list<std::pair<char const*, json::value>>{
           {"jwk", thief.verifying_key().to_json()},
           {"jku", "http://127.0.0.1:1/jwks"},
           {"x5u", "http://127.0.0.1:1/chain"},
           {"x5c", json::array{"MIIB"}},
       }) {
    auto header = good_header(thief);
    header[name] = value;
    EXPECT_EQ(verdict(token_of(header, good_claims(), thief)), "unknown_key") << name;
    header["kid"] = es256_key().kid();
    EXPECT_EQ(verdict(token_of(header, good_claims(), thief)), "bad_signature") << name;
    EXPECT_EQ(verdict(token_with_header(name, value)), "ok") << name;
  }
}

TEST(Jws, Attack31EcdsaNumbersOutOfRangeAreNoSignature) {
  std::string order = decoded("_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE");
  std::string zero(32, '\0');
  std::string one = std::string(31, '\0') + '\1';
  std::string most(32, '\xff');
  auto [text, signature] = halves(good_token());
  std::string good = decoded(signature);
  std::string r = good.substr(0, 32);
  std::string s = good.substr(32);
  for (auto const& bad :
       {zero + zero,
        zero + s,
        r + zero,
        order + s,
        r + order,
        order + order,
        most + most,
        order + one,
        one + one,
        s + r,
        r,
        good + zero,
        '\0' + good,
        '\0' + r + '\0' + s,
        "\x30\x44\x02\x20" + r + "\x02\x20" + s,
        std::string()}) {
    EXPECT_EQ(verdict(text + '.' + base64url_encode(bad)), "bad_signature");
  }
}

TEST(Jws, Attack32OneTextForOneToken) {
  std::string token = good_token();
  auto first = token.find('.');
  auto second = token.rfind('.');
  // 64 bytes leave four bits over in their last letter: of its 16 forms one is right.
  std::string loose = token;
  loose.back() = token.back() == 'A' ? 'B' : static_cast<char>(token.back() + 1);
  std::vector<std::string> wrong{
      loose,
      token + "=",
      token + "==",
      token + " ",
      " " + token,
      token + "\n",
      token + ".",
      "." + token,
      token + ".x",
      "",
      ".",
      "..",
      "...",
      token + '\0',
      "Bearer " + token,
  };
  for (auto const* letter : {"=", "+", "/", " ", "\n", "\t", "?", "#", "\xc3\xa9"}) {
    for (std::size_t at : {std::size_t{0}, first, second, token.size()}) {
      wrong.push_back(std::string(token).insert(at, letter));
    }
  }
  for (auto const& each : wrong) EXPECT_EQ(verdict(each), "malformed") << each;
  // Signed as they are, so that only their form is wrong.
  auto header = base64url_encode(codec::to_text(good_header()));
  auto claims = base64url_encode(codec::to_text(good_claims()));
  for (auto const* end : {"=", "==", " ", "."}) {
    EXPECT_EQ(verdict(signed_parts(header + end, claims, es256_key())), "malformed");
    EXPECT_EQ(verdict(signed_parts(header, claims + end, es256_key())), "malformed");
  }
}

TEST(Jws, Attack33JsonThatTwoReadersMayReadDifferentlyIsRefused) {
  std::string header = codec::to_text(good_header());
  std::string claims = codec::to_text(good_claims());
  EXPECT_EQ(verdict(raw_token(header, claims)), "ok");
  for (std::string const& more :
       {std::string(R"("alg":"none",)"),
        std::string(R"("a":1,"a":2,)"),
        std::string("\"a\":\"\xff\","),
        std::string("\"a\":\"\0\",", 8),
        std::string(R"("a":"\ud800",)"),
        std::string("//\n"),
        std::string(R"("iss":"x",)"),
        std::string(R"("\u0061lg":"x","\u0069ss":"x",)")}) {
    auto with = [&](std::string const& text) { return '{' + more + text.substr(1); };
    EXPECT_TRUE(
        verdict(raw_token(with(header), claims)) == "malformed" ||
        more.find("alg") == std::string::npos
    ) << more;
    EXPECT_TRUE(
        verdict(raw_token(header, with(claims))) == "malformed" ||
        more.find("iss") == std::string::npos
    ) << more;
    bool is_broken_anywhere =
        more.find("alg") == std::string::npos && more.find("iss") == std::string::npos;
    if (!is_broken_anywhere) continue;
    EXPECT_EQ(verdict(raw_token(with(header), claims)), "malformed") << more;
    EXPECT_EQ(verdict(raw_token(header, with(claims))), "malformed") << more;
  }
  for (auto const* text : {"", "[]", "null", "\"x\"", "{} {}", "\xef\xbb\xbf{}", "{'a':1}"}) {
    EXPECT_EQ(verdict(raw_token(text, claims)), "malformed") << text;
    EXPECT_EQ(verdict(raw_token(header, text)), "malformed") << text;
  }
}

TEST(Jws, Attack34WhatCritNamesIsNotDoneHere) {
  for (json::value const& crit : json::array{
           json::array{}, json::array{"exp"}, json::array{"b64"}, json::array{"x"}, "b64", nullptr
       }) {
    EXPECT_EQ(verdict(token_with_header("crit", crit)), "unsupported") << json::serialize(crit);
  }
  EXPECT_EQ(verdict(token_with_header("b64", false)), "unsupported");
  EXPECT_EQ(verdict(token_with_header("b64", true)), "unsupported");
}

TEST(Jws, Attack35ATokenOfMoreThanEightKilobytesIsNotEvenSplit) {
  auto with_size = [](std::size_t size) { return token_with("x", std::string(size, 'x')); };
  std::string longest;
  for (std::size_t size = 5'600; longest.size() < kTokenMax - 2; ++size) longest = with_size(size);
  ASSERT_LE(longest.size(), kTokenMax);
  EXPECT_EQ(verdict(longest), "ok");
  EXPECT_EQ(verdict(with_size(6'200)), "malformed");
  EXPECT_EQ(verdict(std::string(10'000, '.')), "malformed");
  EXPECT_EQ(verdict(std::string(8'000, '.')), "malformed");
  EXPECT_EQ(verdict(std::string(1 << 20, 'e')), "malformed");
  std::string deep = std::string(2'000, '[') + std::string(2'000, ']');
  EXPECT_EQ(verdict(raw_token(codec::to_text(good_header()), deep)), "malformed");
  EXPECT_EQ(verdict(raw_token(deep, codec::to_text(good_claims()))), "malformed");
}

TEST(Jws, Attack36EncryptedAndCompressedTokensAreRefused) {
  EXPECT_EQ(verdict("eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.a.b.c.d"), "unsupported");
  EXPECT_EQ(verdict("a.b.c.d.e"), "unsupported");
  EXPECT_EQ(verdict("...."), "unsupported");
  EXPECT_EQ(verdict(token_with_header("zip", "DEF")), "unsupported");
}

TEST(Jws, AConfiguredSecretAnswersAnyKidButOnlyForItsAlgorithm) {
  Secret const secret(std::string(40, 's'));
  auto shared = Jwk::shared_secret(secret, Algorithm::hs256).value();
  auto keys = set_of({shared, es256_key().verifying_key()});
  auto both = profile_of({Algorithm::hs256, Algorithm::es256});
  for (auto const& header :
       {json::object{{"alg", "HS256"}},
        json::object{{"alg", "HS256"}, {"kid", "of the provider"}}}) {
    auto text = base64url_encode(codec::to_text(header)) + '.' +
                base64url_encode(codec::to_text(good_claims()));
    auto mac = crypto::hmac(crypto::Hash::sha256, secret.reveal(), text);
    EXPECT_EQ(verdict(text + '.' + base64url_encode(mac), keys, both), "ok");
    EXPECT_EQ(verdict(text + '.' + base64url_encode(mac), keys), "algorithm");
    mac.back() = static_cast<char>(mac.back() ^ 1);
    EXPECT_EQ(verdict(text + '.' + base64url_encode(mac), keys, both), "bad_signature");
  }
  EXPECT_EQ(verdict(good_token(), keys, both), "ok");
  EXPECT_EQ(verdict(token_with_header("kid", "other"), keys, both), "unknown_key");
}

std::string verdict_by_own_key(std::string_view token) {
  auto read = VerifiedJws::verify_by_own_key(token, kPublicKeyAlgorithms);
  return std::string(read ? "ok" : name_of(read.error().fault));
}

json::object header_with(json::value const& jwk) {
  return {{"alg", "ES256"}, {"jwk", jwk}};
}

TEST(Jws, AKeyOfItsOwnProvesThatItsMakerHasIt) {
  auto key = make_key(Algorithm::es256);
  auto token = token_of(header_with(key.verifying_key().to_json()), good_claims(), key);
  auto read = VerifiedJws::verify_by_own_key(token, kPublicKeyAlgorithms);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->second.thumbprint(), key.verifying_key().thumbprint());
  EXPECT_EQ(read->first.payload(), codec::to_text(good_claims()));
  EXPECT_NE(verdict(token), "ok") << "it is no key of an issuer (attack 20)";
  auto shows_other = token_of(header_with(es256_key().verifying_key().to_json()), {}, key);
  EXPECT_EQ(verdict_by_own_key(shows_other), "bad_signature");
}

TEST(Jws, Attack16AnOwnKeyIsAPublicOne) {
  auto with = [](std::string_view name, std::string_view value) {
    auto jwk = es256_key().verifying_key().to_json();
    jwk[name] = value;
    return token_of(header_with(jwk), good_claims());
  };
  EXPECT_EQ(verdict_by_own_key(with("d", std::string(43, 'A'))), "unknown_key");
  EXPECT_EQ(verdict_by_own_key(with("k", std::string(43, 'A'))), "unknown_key");
  EXPECT_EQ(verdict_by_own_key(with("use", "enc")), "unknown_key");
  EXPECT_EQ(verdict_by_own_key(with("alg", "ES384")), "unknown_key");
  json::object secret{{"kty", "oct"}, {"k", base64url_encode(std::string(32, 's'))}};
  json::object header{{"alg", "HS256"}, {"jwk", secret}};
  auto text = base64url_encode(codec::to_text(header)) + '.' + base64url_encode("{}");
  auto mac = crypto::hmac(crypto::Hash::sha256, std::string(32, 's'), text);
  EXPECT_EQ(verdict_by_own_key(text + '.' + base64url_encode(mac)), "algorithm");
  for (json::value const& jwk : {json::value(), json::value("key"), json::value(json::array())}) {
    EXPECT_EQ(verdict_by_own_key(token_of(header_with(jwk), good_claims())), "unknown_key");
  }
  EXPECT_EQ(verdict_by_own_key(token_of({{"alg", "ES256"}}, good_claims())), "unknown_key");
}

}  // namespace
}  // namespace keystead::jose

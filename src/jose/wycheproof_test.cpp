// Project Wycheproof's vectors: what it says is valid is accepted, and nothing else is, but for
// those below, each with its reason.
#include <array>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <map>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include "codec/base64url.hpp"
#include "jose/jwk.hpp"
#include "jose/test_vectors.hpp"
#include "jose/verified_jws.hpp"

namespace keystead::jose {
namespace {

constexpr std::array kAllAlgorithms{
    Algorithm::rs256,
    Algorithm::rs384,
    Algorithm::rs512,
    Algorithm::ps256,
    Algorithm::ps384,
    Algorithm::ps512,
    Algorithm::es256,
    Algorithm::es384,
    Algorithm::es512,
    Algorithm::eddsa,
    Algorithm::hs256,
    Algorithm::hs384,
    Algorithm::hs512,
};

// By number of the vector: what it expects of us that we do not do, and why.
using Differences = std::map<std::int64_t, std::string_view>;

std::string bytes_of_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

// Integers of the vectors are signed: shorter or longer than the field by zero bytes.
std::string coordinate(std::string bytes, std::size_t size) {
  bytes.erase(0, std::min(bytes.find_first_not_of('\0'), bytes.size()));
  return codec::base64url_encode(std::string(size - bytes.size(), '\0') + bytes);
}

// The key of a group; where it is not given as a JWK, one is made of its coordinates.
json::object key_of(json::object const& group) {
  for (auto const* name : {"publicKeyJwk", "keyJwk"}) {
    if (auto const* jwk = group.if_contains(name)) return jwk->as_object();
  }
  auto const& key = group.at("publicKey").as_object();
  std::size_t size = (static_cast<std::size_t>(key.at("keySize").as_int64()) + 7) / 8;
  std::string curve = "P-" + std::to_string(key.at("keySize").as_int64());
  return {
      {"kty", "EC"},
      {"crv", curve},
      {"x", coordinate(bytes_of_hex(text_at(key, "wx")), size)},
      {"y", coordinate(bytes_of_hex(text_at(key, "wy")), size)},
  };
}

// The key set of a group: its public keys, where they stand apart from the private ones.
std::string set_of(json::object const& group) {
  auto const* keys = group.if_contains("public");
  if (!keys) keys = &group.at("private");
  if (keys->as_object().contains("keys")) return json::serialize(*keys);
  return json::serialize(json::object{{"keys", json::array{*keys}}});
}

// Counts the vectors of a file as they come, and says at the end which differed.
class Tally {
 public:
  Tally(std::string_view file, Differences differences)
      : file_(file), differences_(std::move(differences)) {}

  void count(json::object const& vector, bool is_accepted) {
    auto id = vector.at("tcId").as_int64();
    std::string expected = text_at(vector, "result");
    ++counts_[expected + (is_accepted ? " accepted" : " refused")];
    // What may be accepted is refused: there is one way to write a signature.
    bool is_as_expected = is_accepted == (expected == "valid");
    auto listed = differences_.extract(id);
    bool is_listed = !listed.empty();
    if (is_listed) differed_ += line_of(id, expected, listed.mapped());
    EXPECT_NE(is_as_expected, is_listed)
        << file_ << " #" << id << " (" << text_at(vector, "comment") << ") is " << expected
        << " and was " << (is_accepted ? "accepted" : "refused")
        << (is_listed ? ", but is listed as different" : "");
  }

  void print() const {
    std::cout << file_ << ':';
    for (auto const& [what, count] : counts_) std::cout << ' ' << count << ' ' << what << ';';
    std::cout << '\n' << differed_;
    EXPECT_TRUE(differences_.empty()) << "a listed difference was not among the vectors";
  }

 private:
  static std::string line_of(
      std::int64_t id, std::string const& expected, std::string_view reason
  ) {
    return "  #" + std::to_string(id) + ", " + expected + ", differs: " + std::string(reason) +
           '\n';
  }

  std::string file_;
  Differences differences_;
  std::map<std::string, int> counts_;
  std::string differed_;
};

void run_signatures(std::string_view file, Algorithm algorithm, Differences differences = {}) {
  auto vectors = read_vectors("wycheproof/" + std::string(file));
  if (!vectors) GTEST_SKIP() << "no vectors in " << vectors_folder() << ": see KEYSTEAD_TESTDATA";
  Tally tally(file, std::move(differences));
  for (auto const& each : vectors->at("testGroups").as_array()) {
    auto const& group = each.as_object();
    auto key = Jwk::import(key_of(group), SecretKeys::refused);
    for (auto const& test : group.at("tests").as_array()) {
      auto const& vector = test.as_object();
      auto message = bytes_of_hex(text_at(vector, "msg"));
      auto signature = bytes_of_hex(text_at(vector, "sig"));
      tally.count(vector, key && key->verify(algorithm, message, signature));
    }
  }
  tally.print();
}

void run_tokens(std::string_view file, Differences differences) {
  auto vectors = read_vectors("wycheproof/" + std::string(file));
  if (!vectors) GTEST_SKIP() << "no vectors in " << vectors_folder() << ": see KEYSTEAD_TESTDATA";
  Tally tally(file, std::move(differences));
  for (auto const& each : vectors->at("testGroups").as_array()) {
    auto const& group = each.as_object();
    // A set that is refused leaves none of its keys.
    auto keys = JwkSet::parse(set_of(group), SecretKeys::accepted).value_or(JwkSet());
    for (auto const& test : group.at("tests").as_array()) {
      auto const& vector = test.as_object();
      auto const* token = vector.if_contains("jws");
      if (!token) token = &vector.at("jwe");
      // Some are objects: JWS in its JSON serialisation.
      std::string text =
          token->is_string() ? std::string(token->get_string()) : json::serialize(*token);
      tally.count(vector, VerifiedJws::verify(text, keys, kAllAlgorithms).has_value());
    }
  }
  tally.print();
}

TEST(Wycheproof, Attack31EcdsaP256) {
  run_signatures("ecdsa_secp256r1_sha256_p1363_test.json", Algorithm::es256);
}

TEST(Wycheproof, Attack31EcdsaP384) {
  run_signatures("ecdsa_secp384r1_sha384_p1363_test.json", Algorithm::es384);
}

TEST(Wycheproof, Attack31EcdsaP521) {
  run_signatures("ecdsa_secp521r1_sha512_p1363_test.json", Algorithm::es512);
}

TEST(Wycheproof, Ed25519) {
  run_signatures("ed25519_test.json", Algorithm::eddsa);
}

TEST(Wycheproof, RsaPss) {
  run_signatures("rsa_pss_2048_sha256_mgf1_32_test.json", Algorithm::ps256);
}

TEST(Wycheproof, RsaPkcs1) {
  std::string_view small = "the key's exponent is 3, with which it is no key here (attack 37)";
  run_signatures(
      "rsa_signature_2048_sha256_test.json", Algorithm::rs256, {{258, small}, {259, small}}
  );
}

constexpr std::string_view kSameAsValid =
    "its token is, byte for byte, the one that is valid as #357: the padding it names is not there";
constexpr std::string_view kWrongLetter = "has a letter outside base64url's alphabet (attack 32)";
constexpr std::string_view kOtherAlgorithm =
    "the key's alg is another than the token's, or none that exists (RFC 7517 §4.4)";

TEST(Wycheproof, JsonWebSignature) {
  run_tokens(
      "json_web_signature_test.json",
      {
          {346, kOtherAlgorithm},
          {347, kOtherAlgorithm},
          {350, kOtherAlgorithm},
          {351, kOtherAlgorithm},
          {367, kSameAsValid},
          {370, kSameAsValid},
          {372, kWrongLetter},
          {373, kWrongLetter},
      }
  );
}

TEST(Wycheproof, Attack37JsonWebKey) {
  run_tokens("json_web_key_test.json", {});
}

TEST(Wycheproof, Attack36JsonWebCrypto) {
  run_tokens(
      "json_web_crypto_test.json",
      {{50, "a JWE, none of which is read"}, {67, "a JWE, none of which is read"}}
  );
}

}  // namespace
}  // namespace keystead::jose

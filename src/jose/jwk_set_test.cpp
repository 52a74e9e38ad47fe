#include "jose/jwk_set.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include "jose/test_token.hpp"

namespace keystead::jose {
namespace {

json::object key(std::string_view kid, SigningKey const& from = es256_key()) {
  auto members = from.verifying_key().to_json();
  members["kid"] = kid;
  return members;
}

Result<JwkSet> parse(json::array keys, SecretKeys secret_keys = SecretKeys::refused) {
  return JwkSet::parse(codec::to_text(json::object{{"keys", std::move(keys)}}), secret_keys);
}

std::vector<std::string> kids(JwkSet const& set) {
  std::vector<std::string> out;
  for (auto const& each : set.keys()) out.push_back(each.kid().value_or("none"));
  return out;
}

TEST(JwkSet, SkipsWhatItCannotUseAndSaysWhy) {
  auto enc = key("enc");
  enc["use"] = "enc";
  auto set = parse({key("a"), enc, 5, json::object{{"kty", "LWE"}}, key("b", rs256_key())});
  ASSERT_TRUE(set);
  EXPECT_EQ(kids(*set), (std::vector<std::string>{"a", "b"}));
  ASSERT_EQ(set->skipped().size(), 3);
  EXPECT_EQ(set->skipped()[0].index, 1);
  EXPECT_EQ(set->skipped()[0].reason, "the key's use is not sig");
  EXPECT_EQ(set->skipped()[1].reason, "the key is not an object");
  EXPECT_EQ(set->skipped()[2].reason, "the key's kty is not one that is done here");
}

TEST(JwkSet, Attack24KeysOfOneKidAreAllDropped) {
  auto const other = make_key(Algorithm::es256);
  auto set = parse({key("twice"), key("twice", other), key("once")}).value();
  EXPECT_EQ(kids(set), std::vector<std::string>{"once"});
  EXPECT_EQ(set.skipped().size(), 2);
  EXPECT_EQ(set.skipped()[0].reason, "its kid is also that of another key");

  auto broken = key("twice", other);
  broken["x"] = broken["y"];
  EXPECT_TRUE(parse({key("twice"), broken}).value().keys().empty());
  EXPECT_TRUE(parse({broken, key("twice")}).value().keys().empty());

  auto same = parse({key("twice"), key("twice")}).value();
  EXPECT_EQ(kids(same), std::vector<std::string>{"twice"});
  EXPECT_EQ(same.skipped()[0].reason, "the key is given twice");

  auto enc = key("twice", other);
  enc["use"] = "enc";
  EXPECT_EQ(kids(parse({key("twice"), enc}).value()), std::vector<std::string>{"twice"});
}

TEST(JwkSet, Attack24NotMoreThan64KeysAnd256Kilobytes) {
  json::array keys;
  for (int i = 0; i < 64; ++i) keys.push_back(key(std::to_string(i)));
  EXPECT_EQ(parse(keys)->keys().size(), 64);
  keys.push_back(key("64"));
  EXPECT_EQ(parse(keys).error().code, Code::payload_too_large);
  json::array many(10'000, json::value(json::object{}));
  EXPECT_EQ(parse(many).error().code, Code::payload_too_large);

  std::string text = codec::to_text(json::object{{"keys", json::array{key("a")}}});
  text.resize(kJwkSetBytesMax, ' ');
  EXPECT_TRUE(JwkSet::parse(text));
  text += ' ';
  EXPECT_EQ(JwkSet::parse(text).error().code, Code::payload_too_large);
}

TEST(JwkSet, RefusesWhatIsNoKeySet) {
  for (auto const* text :
       {"",
        "[]",
        "{}",
        "null",
        "<html>",
        R"({"keys":{}})",
        R"({"keys":null})",
        R"({"keys":[],"keys":[]})",
        R"({"keys":[]} x)"}) {
    EXPECT_FALSE(JwkSet::parse(text)) << text;
  }
  EXPECT_TRUE(JwkSet::parse(R"({"keys":[]})")->keys().empty());
}

TEST(JwkSet, Attack16APublishedSecretIsNoKey) {
  json::object secret{{"kty", "oct"}, {"k", codec::base64url_encode(std::string(32, 's'))}};
  EXPECT_EQ(kids(parse({secret, key("a")}).value()), std::vector<std::string>{"a"});
  EXPECT_EQ(parse({secret}, SecretKeys::accepted)->keys().size(), 1);
  EXPECT_FALSE(parse({secret, key("a")}, SecretKeys::accepted));
}

TEST(JwkSet, WhatIsWrittenHoldsPublicMembersOnly) {
  auto set = set_of({
      es256_key().verifying_key(),
      rs256_key().verifying_key(),
      make_key(Algorithm::eddsa).verifying_key(),
      make_key(Algorithm::hs256).verifying_key(),
  });
  auto written = set.to_json();
  ASSERT_EQ(written.at("keys").as_array().size(), 3);
  for (auto const& each : written.at("keys").as_array()) {
    for (auto const* name : {"d", "p", "q", "dp", "dq", "qi", "k"}) {
      EXPECT_FALSE(each.as_object().contains(name));
    }
  }
  EXPECT_EQ(JwkSet::parse(codec::to_text(written))->keys().size(), 3);
}

}  // namespace
}  // namespace keystead::jose

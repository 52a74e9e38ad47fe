#include "authn/webauthn/ceremony.hpp"

#include <gtest/gtest.h>

#include "authn/webauthn/cose_key.hpp"
#include "authn/webauthn/test_authenticator.hpp"

namespace keystead::authn::webauthn {
namespace {

RelyingParty const kParty{"keys.example", "https://keys.example", "Keys"};

std::string why(auto const& result) {
  return result ? "accepted" : result.error().public_text;
}

class Ceremonies : public testing::TestWithParam<crypto::KeyType> {};

TEST_P(Ceremonies, WhatIsMadeIsProven) {
  TestAuthenticator authenticator(GetParam());
  authenticator.sign_count = 0x01020304;
  auto made = verify_attestation(authenticator.attest("abc"), kParty);
  ASSERT_TRUE(made) << why(made);
  EXPECT_EQ(made->challenge, "abc");
  EXPECT_EQ(made->id, authenticator.credential);
  EXPECT_EQ(made->sign_count, 0x01020304u);
  EXPECT_EQ(made->public_key, cose_key(authenticator.key.public_key()));

  ++authenticator.sign_count;
  auto proven = verify_assertion(authenticator.assert_presence("def"), made->public_key, kParty);
  ASSERT_TRUE(proven) << why(proven);
  EXPECT_EQ(proven->challenge, "def");
  EXPECT_EQ(proven->sign_count, 0x01020305u);
}

TEST_P(Ceremonies, ASignatureIsOfThisKeyAndThisText) {
  TestAuthenticator authenticator(GetParam()), other(GetParam());
  auto key = cose_key(authenticator.key.public_key());
  auto refused = [&](Assertion const& assertion) {
    return why(verify_assertion(assertion, key, kParty));
  };
  auto const no = "the signature is not one of this passkey";
  EXPECT_EQ(refused(other.assert_presence("abc")), no);
  auto good = authenticator.assert_presence("abc");
  ASSERT_EQ(refused(good), "accepted");
  auto changed = good;
  changed.client_data = authenticator.client_data("get", "abd");
  EXPECT_EQ(refused(changed), no);
  changed = good;
  changed.authenticator_data.back() = '\x01';
  EXPECT_EQ(refused(changed), no);
  changed = good;
  changed.signature += '\0';
  EXPECT_EQ(refused(changed), no);
  changed.signature.clear();
  EXPECT_EQ(refused(changed), no);
}

INSTANTIATE_TEST_SUITE_P(
    All,
    Ceremonies,
    testing::Values(crypto::KeyType::p256, crypto::KeyType::ed25519, crypto::KeyType::rsa)
);

class Ceremony : public testing::Test {
 protected:
  std::string attested() { return why(verify_attestation(authenticator.attest("abc"), kParty)); }
  std::string asserted(std::string client_data) {
    auto assertion =
        authenticator.sign(std::move(client_data), authenticator.data(authenticator.flags));
    return why(verify_assertion(assertion, key, kParty));
  }
  std::string asserted() { return asserted(authenticator.client_data("get", "abc")); }
  std::string data_refused(std::string data) {
    auto assertion = authenticator.sign(authenticator.client_data("get", "abc"), std::move(data));
    return why(verify_assertion(assertion, key, kParty));
  }

  TestAuthenticator authenticator{crypto::KeyType::ed25519};
  std::string key = cose_key(authenticator.key.public_key());
};

TEST_F(Ceremony, IsOfOurOriginExactly) {
  for (auto origin :
       {"http://keys.example",
        "https://keys.example:8443",
        "https://keys.example/",
        "https://KEYS.example",
        "https://evil.keys.example",
        "https://keys.example.evil.example",
        ""}) {
    authenticator.origin = origin;
    EXPECT_EQ(asserted(), "the client data are of another origin") << origin;
    EXPECT_EQ(attested(), "the client data are of another origin") << origin;
  }
}

TEST_F(Ceremony, IsForOurPartyAndSomebodyVerified) {
  authenticator.party = "evil.example";
  EXPECT_EQ(asserted(), "the authenticator data are for another party");
  EXPECT_EQ(attested(), "the authenticator data are for another party");
  authenticator.party = "keys.example";
  authenticator.flags = TestAuthenticator::kVerified;
  EXPECT_EQ(asserted(), "nobody was there");
  authenticator.flags = TestAuthenticator::kPresent;
  EXPECT_EQ(asserted(), "it was not verified who was there");
  EXPECT_EQ(attested(), "it was not verified who was there");
}

TEST_F(Ceremony, IsNotTheOtherOne) {
  auto const other = "the client data are of another ceremony";
  EXPECT_EQ(asserted(authenticator.client_data("create", "abc")), other);
  auto attestation = authenticator.attest("abc");
  attestation.client_data = authenticator.client_data("get", "abc");
  EXPECT_EQ(why(verify_attestation(attestation, kParty)), other);
}

TEST_F(Ceremony, TakesPlaceInNoFrameOfAnother) {
  auto with = [&](std::string_view more) {
    auto text = authenticator.client_data("get", "abc");
    text.pop_back();
    return asserted(text + "," + std::string(more) + "}");
  };
  EXPECT_EQ(with(R"("crossOrigin":false)"), "accepted");
  EXPECT_EQ(with(R"("other":{"a":[1]})"), "accepted");
  auto const framed = "the page was in a frame of another origin";
  EXPECT_EQ(with(R"("crossOrigin":true)"), framed);
  EXPECT_EQ(with(R"("crossOrigin":"false")"), framed);
  EXPECT_EQ(with(R"("topOrigin":"https://evil.example")"), framed);
  EXPECT_NE(with(R"("type":"webauthn.get")"), "accepted") << "attack 84";
}

TEST_F(Ceremony, ClientDataThatAreNoneAreRefused) {
  EXPECT_EQ(asserted("[]"), "the client data are no object");
  EXPECT_NE(asserted(""), "accepted");
  EXPECT_NE(asserted(R"({"type":1,"challenge":"abc"})"), "accepted");
  EXPECT_EQ(asserted(std::string(9000, ' ')), "the client data are too long");
}

TEST_F(Ceremony, AuthenticatorDataAreReadToTheirEnd) {
  auto good = authenticator.data(authenticator.flags);
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_NE(data_refused(good.substr(0, size)), "accepted") << size;
  }
  EXPECT_EQ(data_refused(good + '\0'), "the authenticator data have something behind them");
  auto extended = authenticator.data(authenticator.flags | 128);
  EXPECT_EQ(data_refused(extended + '\xa0'), "accepted");
  EXPECT_EQ(data_refused(extended + '\x01'), "the extensions are no map");
  EXPECT_NE(data_refused(extended), "accepted");
  auto backed_up = authenticator.data(authenticator.flags | 16);
  EXPECT_EQ(data_refused(backed_up), "the credential is backed up, and cannot be");
}

TEST_F(Ceremony, AnAttestationObjectHasOneSoundCredential) {
  authenticator.credential.clear();
  EXPECT_EQ(attested(), "the credential id has no such length");
  authenticator.credential = std::string(1024, 'c');
  EXPECT_EQ(attested(), "the credential id has no such length");
  authenticator.credential = std::string(1023, 'c');
  EXPECT_EQ(attested(), "accepted");

  auto object = [&](std::string const& data) {
    return cbor_head(5, 1) + cbor_text("authData") + cbor_bytes(data);
  };
  auto attest = [&](std::string bytes) {
    return why(
        verify_attestation({authenticator.client_data("create", "abc"), std::move(bytes)}, kParty)
    );
  };
  auto good = authenticator.data_with_credential();
  EXPECT_EQ(attest(object(good)), "accepted") << "no statement was asked for";
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_NE(attest(object(good.substr(0, size))), "accepted") << size;
  }
  EXPECT_EQ(
      attest(object(authenticator.data(authenticator.flags))),
      "the authenticator data have no credential"
  );
  EXPECT_EQ(attest("\xa0"), "the attestation object has no authenticator data");
  EXPECT_NE(attest(object(good) + '\0'), "accepted");
  EXPECT_EQ(attest(std::string(17'000, 'a')), "the attestation object is too long");
}

TEST(CoseKeys, Attack37KeysOfOtherKindsAreRefused) {
  auto key = [](crypto::KeyType type) {
    return cose_key(crypto::PrivateKey::generate(type).public_key());
  };
  auto curve = key(crypto::KeyType::p256);
  ASSERT_TRUE(CoseKey::parse(curve));
  auto changed = [&](std::size_t place, char byte) {
    auto other = curve;
    other[place] = byte;
    return CoseKey::parse(other).has_value();
  };
  EXPECT_FALSE(changed(2, '\x01')) << "the type of another algorithm";
  EXPECT_FALSE(changed(4, '\x27')) << "the algorithm of another type";
  EXPECT_FALSE(changed(4, '\x05')) << "HMAC";
  EXPECT_FALSE(changed(6, '\x02')) << "another curve";
  EXPECT_FALSE(changed(20, static_cast<char>(curve[20] ^ 1))) << "not on the curve";
  EXPECT_FALSE(CoseKey::parse(curve + '\0'));
  EXPECT_FALSE(CoseKey::parse("\xa0"));
  EXPECT_FALSE(CoseKey::parse("\x01"));
}

TEST(RelyingParties, AreHostsAtAnOrigin) {
  auto of = [](std::string_view url) {
    auto party = relying_party_of(http::Url::parse(url).value(), "Keys");
    return party ? party->id + " " + party->origin : "none";
  };
  EXPECT_EQ(of("https://keys.example/"), "keys.example https://keys.example");
  EXPECT_EQ(of("https://keys.example:443"), "keys.example https://keys.example");
  EXPECT_EQ(of("https://keys.example:8443/a"), "keys.example https://keys.example:8443");
  EXPECT_EQ(of("http://localhost:8080"), "localhost http://localhost:8080");
  EXPECT_EQ(of("http://127.0.0.1:8080"), "none");
  EXPECT_EQ(of("http://[::1]:8080"), "none");
}

}  // namespace
}  // namespace keystead::authn::webauthn

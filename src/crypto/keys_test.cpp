// Keys that verify and keys that sign, and what is refused as either.
#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "crypto/hmac.hpp"
#include "crypto/private_key.hpp"
#include "crypto/public_key.hpp"

namespace keystead::crypto {
namespace {

std::string bytes(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return out;
}

TEST(Hmac, VectorsOfRfc4231) {
  std::string key(20, '\x0b');
  EXPECT_EQ(
      hmac(Hash::sha256, key, "Hi There"),
      bytes("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
  );
  EXPECT_EQ(
      hmac(Hash::sha384, key, "Hi There"),
      bytes(
          "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59c"
          "faea9ea9076ede7f4af152e8b2fa9cb6"
      )
  );
  EXPECT_EQ(
      hmac(Hash::sha512, key, "Hi There"),
      bytes(
          "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
          "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854"
      )
  );
  EXPECT_NE(hmac(Hash::sha256, "", "x"), hmac(Hash::sha256, "key", "x"));
}

TEST(Hmac, Sha1VectorOfRfc2202) {
  EXPECT_EQ(
      hmac_sha1(std::string(20, '\x0b'), "Hi There"),
      bytes("b617318655057264e28bc0b6fb378c8ef146be00")
  );
}

class Pairs : public testing::TestWithParam<SignatureScheme> {};

TEST_P(Pairs, SignWhatTheirPublicHalfVerifiesAndNothingElse) {
  auto key = PrivateKey::generate(key_type_of(GetParam()));
  auto signature = key.sign(GetParam(), "message");
  EXPECT_TRUE(key.public_key().verify(GetParam(), "message", signature));
  EXPECT_FALSE(key.public_key().verify(GetParam(), "messagf", signature));
  EXPECT_FALSE(key.public_key().verify(GetParam(), "message", signature.substr(1)));
  EXPECT_FALSE(key.public_key().verify(GetParam(), "message", signature + '\0'));
  for (auto other :
       {SignatureScheme::rsa_pkcs1_sha256,
        SignatureScheme::rsa_pss_sha384,
        SignatureScheme::ecdsa_p256_sha256,
        SignatureScheme::ecdsa_p521_sha512,
        SignatureScheme::ed25519}) {
    if (other == GetParam()) continue;
    EXPECT_FALSE(key.public_key().verify(other, "message", signature));
  }
}

TEST_P(Pairs, AreReadAgainFromWhatIsStored) {
  auto key = PrivateKey::generate(key_type_of(GetParam()));
  auto again = PrivateKey::parse_pem(key.pem());
  ASSERT_TRUE(again) << again.error().public_text;
  EXPECT_EQ(again->type(), key.type());
  EXPECT_TRUE(key.public_key().verify(GetParam(), "message", again->sign(GetParam(), "message")));
}

INSTANTIATE_TEST_SUITE_P(
    All,
    Pairs,
    testing::Values(
        SignatureScheme::rsa_pkcs1_sha256,
        SignatureScheme::rsa_pss_sha384,
        SignatureScheme::ecdsa_p256_sha256,
        SignatureScheme::ecdsa_p384_sha384,
        SignatureScheme::ecdsa_p521_sha512,
        SignatureScheme::ed25519
    )
);

TEST(PublicKey, OneKeyServesManyThreads) {
  auto key = PrivateKey::generate(KeyType::p256);
  auto signature = key.sign(SignatureScheme::ecdsa_p256_sha256, "message");
  std::vector<std::thread> threads;
  threads.reserve(4);
  std::atomic<int> good = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 50; ++n) {
        good += key.public_key().verify(SignatureScheme::ecdsa_p256_sha256, "message", signature);
        good += key.public_key().verify(SignatureScheme::ecdsa_p256_sha256, "messagf", signature);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 200);
}

TEST(PublicKey, Attack37NumbersThatAreNoKeyAreRefused) {
  EXPECT_FALSE(PublicKey::from_rsa({}));
  EXPECT_FALSE(PublicKey::from_rsa({std::string(256, '\xff'), "\3"}));
  EXPECT_FALSE(PublicKey::from_rsa({std::string(127, '\xff'), bytes("010001")}));
  EXPECT_FALSE(PublicKey::from_point(KeyType::p256, {}));
  EXPECT_FALSE(
      PublicKey::from_point(KeyType::p256, {std::string(32, '\1'), std::string(32, '\1')})
  );
  EXPECT_FALSE(PublicKey::from_ed25519(""));
  EXPECT_FALSE(PublicKey::from_ed25519(std::string(32, '\0')));
}

TEST(PrivateKey, WhatIsNoKeyIsRefused) {
  auto pem = PrivateKey::generate(KeyType::p256).pem();
  std::string text(pem.reveal());
  EXPECT_FALSE(PrivateKey::parse_pem(Secret()));
  EXPECT_FALSE(PrivateKey::parse_pem(Secret(text.substr(0, text.size() - 40))));
  EXPECT_FALSE(PrivateKey::parse_pem(Secret(std::string(40'000, 'x'))));
  // secp256k1, which is no curve of ours.
  EXPECT_FALSE(
      PrivateKey::parse_pem(Secret(
          "-----BEGIN EC PRIVATE KEY-----\n"
          "MC4CAQEEIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBoAcGBSuBBAAK\n"
          "-----END EC PRIVATE KEY-----\n"
      ))
  );
}

}  // namespace
}  // namespace keystead::crypto

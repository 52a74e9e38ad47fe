#include <gtest/gtest.h>

#include "crypto/digest.hpp"
#include "crypto/password.hpp"

namespace keystead::crypto {
namespace {

std::string hex(Digest const& digest) {
  std::string out;
  char pair[3];
  for (unsigned char byte : digest) {
    std::snprintf(pair, sizeof pair, "%02x", byte);
    out += pair;
  }
  return out;
}

TEST(Digest, Sha256OfAbc) {
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, HmacVectorsOfRfc4231) {
  HmacSha256 first(std::string(20, '\x0b'));
  EXPECT_EQ(
      hex(first("Hi There")), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
  );
  HmacSha256 second("Jefe");
  std::string expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
  EXPECT_EQ(hex(second("what do ya want for nothing?")), expected);
  HmacSha256 copy(second);
  EXPECT_EQ(hex(copy("what do ya want for nothing?")), expected);
  EXPECT_EQ(hex(second("what do ya want for nothing?")), expected) << "a context serves again";
}

TEST(Digest, EqualConstantTime) {
  EXPECT_TRUE(equal_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_constant_time("abc", "ab"));
}

TEST(Password, VerifiesOnlyTheRightOne) {
  SystemRandom random;
  auto phc = hash_password(Secret("correct horse"), random);
  EXPECT_TRUE(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
  EXPECT_TRUE(verify_password(Secret("correct horse"), phc));
  EXPECT_FALSE(verify_password(Secret("correct horsf"), phc));
  EXPECT_FALSE(verify_password(Secret("x"), "not a hash"));
}

}  // namespace
}  // namespace keystead::crypto

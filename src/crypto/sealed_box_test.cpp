#include "crypto/sealed_box.hpp"

#include <gtest/gtest.h>

namespace keystead::crypto {
namespace {

class SealedBoxes : public testing::Test {
 protected:
  std::string seal(std::string text) { return box.seal(Secret(std::move(text)), "ada", random); }

  SystemRandom random;
  SealedBox box{sha256("a")};
};

TEST_F(SealedBoxes, AreOpenedInTheirContext) {
  auto sealed = seal("secret");
  EXPECT_FALSE(sealed.contains("secret"));
  EXPECT_NE(sealed, seal("secret")) << "each has a nonce of its own";
  auto opened = box.open(sealed, "ada");
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->reveal(), "secret");
  EXPECT_EQ(box.open(seal(""), "ada")->reveal(), "");
}

TEST_F(SealedBoxes, DoNotOpenElsewhereOrChanged) {
  auto sealed = seal("secret");
  EXPECT_FALSE(box.open(sealed, "grace"));
  EXPECT_FALSE(SealedBox(sha256("b")).open(sealed, "ada"));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    auto changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(box.open(changed, "ada")) << i;
    EXPECT_FALSE(box.open(sealed.substr(0, i), "ada")) << i;
  }
}

// Test case 14 of the specification of GCM, of which the nonce is twelve zero bytes.
TEST(SealedBox, OpensTheVectorOfGcm) {
  SealedBox box(Digest{});
  std::string vector(12, '\0');
  for (int byte : {0xce, 0xa7, 0x40, 0x3d, 0x4d, 0x60, 0x6b, 0x6e, 0x07, 0x4e, 0xc5,
                   0xd3, 0xba, 0xf3, 0x9d, 0x18, 0xd0, 0xd1, 0xc8, 0xa7, 0x99, 0x99,
                   0x6b, 0xf0, 0x26, 0x5b, 0x98, 0xb5, 0xd4, 0x8a, 0xb9, 0x19}) {
    vector += static_cast<char>(byte);
  }
  auto opened = box.open(vector, "");
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->reveal(), std::string(16, '\0'));
}

}  // namespace
}  // namespace keystead::crypto

#include "store/pepper.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "codec/base64url.hpp"
#include "store/test_folder.hpp"

namespace keystead::store {
namespace {

std::string bytes_from(unsigned char first, std::size_t count = 32) {
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>(first + i * 7);
  return bytes;
}

std::string value_from(unsigned char first, std::size_t count = 32) {
  return codec::base64url_encode(bytes_from(first, count));
}

std::string refusal(std::string const& text) {
  auto peppers = parse_pepper(Secret(text));
  return peppers ? "accepted" : peppers.error().public_text;
}

class PepperFile : public testing::Test {
 protected:
  Result<std::vector<Pepper>> load(StoredKeys keys = StoredKeys::some) {
    return load_pepper(folder.path(), keys, random);
  }

  TestFolder folder;
  std::filesystem::path file = folder.path() / "pepper";
  SystemRandom random;
};

TEST_F(PepperFile, TheFirstStartMakesOneThatStays) {
  auto made = load(StoredKeys::none);
  ASSERT_TRUE(made);
  ASSERT_EQ(made->size(), 1u);
  EXPECT_EQ((*made)[0].version, 1);
  EXPECT_EQ((*made)[0].bytes.reveal().size(), 32u);
  EXPECT_EQ(mode_of(file), 0600u);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "pepper.new"));
  auto again = load();
  ASSERT_TRUE(again);
  EXPECT_EQ((*again)[0].bytes.reveal(), (*made)[0].bytes.reveal());
}

TEST_F(PepperFile, TwoInstallationsHaveDifferentOnes) {
  TestFolder other;
  auto a = load(StoredKeys::none);
  auto b = load_pepper(other.path(), StoredKeys::none, random);
  EXPECT_NE((*a)[0].bytes.reveal(), (*b)[0].bytes.reveal());
}

TEST_F(PepperFile, AllVersionsAreReadNewestFirst) {
  write_file(
      file, "2:" + value_from(2) + "\n10:" + value_from(10) + "\n1:" + value_from(1, 40) + "\n"
  );
  auto peppers = load();
  ASSERT_TRUE(peppers);
  ASSERT_EQ(peppers->size(), 3u);
  EXPECT_EQ((*peppers)[0].version, 10);
  EXPECT_EQ((*peppers)[0].bytes.reveal(), bytes_from(10));
  EXPECT_EQ((*peppers)[1].version, 2);
  EXPECT_EQ((*peppers)[2].bytes.reveal(), bytes_from(1, 40));
}

TEST_F(PepperFile, Attack11AMissingOneIsNotReplacedWhileKeysDependOnIt) {
  auto refused = load(StoredKeys::some);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().public_text, testing::HasSubstr("missing"));
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(PepperFile, Attack11OneThatOthersMayReadIsRefused) {
  for (mode_t mode : {0640u, 0604u, 0620u, 0644u}) {
    write_file(file, "1:" + value_from(1) + "\n");
    ::chmod(file.c_str(), mode);
    auto refused = load();
    ASSERT_FALSE(refused) << mode;
    EXPECT_THAT(refused.error().public_text, testing::HasSubstr("chmod 600"));
  }
}

TEST_F(PepperFile, Attack11ALinkOrAPipeInItsPlaceIsRefused) {
  write_file(folder.path() / "elsewhere", "1:" + value_from(1) + "\n");
  std::filesystem::create_symlink(folder.path() / "elsewhere", file);
  EXPECT_FALSE(load(StoredKeys::none));
  std::filesystem::remove(file);
  ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
  EXPECT_FALSE(load(StoredKeys::none));
}

TEST_F(PepperFile, Attack11AnEmptyOrCutOffFileIsRefused) {
  std::string whole = "1:" + value_from(1);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    write_file(file, whole.substr(0, size));
    EXPECT_FALSE(load(StoredKeys::none)) << size;
  }
  write_file(file, std::string(100'000, 'A'));
  EXPECT_FALSE(load(StoredKeys::none));
}

TEST_F(PepperFile, AFailedStartLeavesNothingHalfWritten) {
  write_file(folder.path() / "pepper.new", "1:rest of a start that was interrupted");
  auto made = load(StoredKeys::none);
  ASSERT_TRUE(made);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "pepper.new"));
}

TEST(Pepper, FromConfigurationIsOneValueOrLines) {
  auto one = parse_pepper(Secret(value_from(1) + "\n"));
  ASSERT_TRUE(one);
  EXPECT_EQ((*one)[0].version, 1);
  EXPECT_EQ((*one)[0].bytes.reveal(), bytes_from(1));
  auto two = parse_pepper(Secret("1:" + value_from(1) + "\n3:" + value_from(3)));
  ASSERT_TRUE(two);
  EXPECT_EQ((*two)[0].version, 3);
}

TEST(Pepper, Attack11PlaceholdersAreRefused) {
  using testing::HasSubstr;
  for (auto text :
       {"changeme",
        "CHANGE_ME",
        "change-me-change-me-change-me-change-me-change-me-1234",
        "secret",
        "1:changeme",
        "default",
        "ReplaceMeReplaceMeReplaceMeReplaceMe1234567890abcdef"}) {
    EXPECT_THAT(refusal(text), HasSubstr("placeholder")) << text;
  }
  EXPECT_THAT(refusal(std::string(43, 'A')), HasSubstr("not random")) << "all zero";
  EXPECT_THAT(refusal(codec::base64url_encode(std::string(32, 'x'))), HasSubstr("not random"));
  EXPECT_THAT(refusal(value_from(1, 31)), HasSubstr("shorter than 32"));
  EXPECT_THAT(refusal(""), HasSubstr("empty"));
}

TEST(Pepper, MalformedLinesAreRefused) {
  std::string value = value_from(1);
  for (auto const& text :
       {":" + value,
        "0:" + value,
        "-1:" + value,
        "01:" + value,
        "1 :" + value,
        "x:" + value,
        "99999999999:" + value,
        "1:" + value + "=",
        "1:" + value + "\n1:" + value_from(2),
        "1:" + value + "\nnonsense",
        "1: " + value,
        std::string("1:")}) {
    EXPECT_NE(refusal(text), "accepted") << text;
  }
}

TEST(Pepper, AFailureNeverHoldsTheValue) {
  std::string value = value_from(1);
  for (auto const& text : {"1:" + value + "=", "x:" + value, "1:" + value + "\n1:" + value}) {
    EXPECT_THAT(refusal(text), testing::Not(testing::HasSubstr(value.substr(0, 12))));
  }
}

}  // namespace
}  // namespace keystead::store

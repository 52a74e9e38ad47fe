#include "crypto/ecdsa_form.hpp"

#include <gtest/gtest.h>

namespace keystead::crypto {
namespace {

std::optional<std::string> read(std::string_view der) {
  return p1363_of_der(KeyType::p256, der);
}

TEST(EcdsaForm, NumbersAreFilledUpToTheField) {
  std::string der("\x30\x07\x02\x01\x05\x02\x02\x00\x80", 9);
  auto zeros = std::string(31, '\0');
  EXPECT_EQ(read(der), zeros + "\x05" + zeros + "\x80");
}

TEST(EcdsaForm, Attack31OnlyTheOneDerIsRead) {
  using namespace std::string_literals;
  EXPECT_TRUE(read("\x30\x06\x02\x01\x05\x02\x01\x06"s));
  for (auto const& other : {
           ""s,
           "\x30"s,
           "\x30\x06\x02\x01\x05\x02\x01\x06\x00"s,         // something behind it
           "\x30\x81\x06\x02\x01\x05\x02\x01\x06"s,         // a longer length
           "\x30\x80\x02\x01\x05\x02\x01\x06\x00\x00"s,     // an indefinite one
           "\x30\x07\x02\x02\x00\x05\x02\x01\x06"s,         // a zero before the number
           "\x30\x06\x02\x01\x85\x02\x01\x06"s,             // a negative number
           "\x30\x09\x02\x01\x05\x02\x01\x06\x02\x01\x07"s  // a third number
       }) {
    EXPECT_FALSE(read(other));
  }
  EXPECT_FALSE(read("\x30\x26\x02\x21\x01"s + std::string(32, '\0') + "\x02\x01\x06"s))
      << "longer than the field";
}

}  // namespace
}  // namespace keystead::crypto

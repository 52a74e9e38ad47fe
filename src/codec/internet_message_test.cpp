#include "codec/internet_message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace keystead::codec {
namespace {

using testing::HasSubstr;

InternetMessage make_message() {
  return {
      .from = "keystead@example.com",
      .to = "ada@example.com",
      .subject = "Your invitation",
      .text = "Hello,\nhere is a link.\n",
      .date = *parse_time("2026-11-05T07:08:09Z"),
      .id = "0b6c",
  };
}

TEST(InternetMessage, IsWrittenAsRfc5322Says) {
  EXPECT_EQ(
      write_message(make_message()).value(),
      "From: <keystead@example.com>\r\n"
      "To: <ada@example.com>\r\n"
      "Subject: Your invitation\r\n"
      "Date: Thu, 05 Nov 2026 07:08:09 +0000\r\n"
      "Message-ID: <0b6c@example.com>\r\n"
      "Auto-Submitted: auto-generated\r\n"
      "MIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=utf-8\r\n"
      "Content-Transfer-Encoding: quoted-printable\r\n"
      "\r\n"
      "Hello,\r\nhere is a link.\r\n\r\n"
  );
}

TEST(InternetMessage, Attack112NoNameBeginsAHeader) {
  auto message = make_message();
  message.subject = "Join\r\nBcc: eve@example.com";
  message.from_name = "A\"<eve@example.com>,\nB";
  auto text = write_message(message).value();
  EXPECT_THAT(text, HasSubstr("Subject: =?UTF-8?B?Sm9pbg0KQmNjOiBldmVAZXhhbXBsZS5jb20=?=\r\n"));
  EXPECT_THAT(text, HasSubstr("From: =?UTF-8?B?QSI8ZXZlQGV4YW1wbGUuY29tPiwKQg==?= <keystead@"));
  EXPECT_FALSE(text.contains("eve@example.com"));
}

TEST(InternetMessage, Attack112AnAddressThatIsMoreThanOneIsRefused) {
  for (std::string const address :
       {"",
        "ada",
        "@example.com",
        "ada@",
        "a@b@c",
        "a@b\r\nBcc: e@f",
        "a@b,e@f",
        "<a@b>",
        "a b@c",
        "ad\xc3\xa4@example.com",
        "a@b>",
        "a@b\n"}) {
    auto message = make_message();
    message.to = address;
    EXPECT_FALSE(write_message(message)) << address;
    message = make_message();
    message.from = address;
    EXPECT_FALSE(write_message(message)) << address;
  }
}

TEST(InternetMessage, LongWordsAreCutBetweenCharacters) {
  auto message = make_message();
  message.subject.clear();
  for (int i = 0; i < 30; ++i) message.subject += "\xe2\x82\xac";  // 90 bytes, 3 a character
  message.subject.insert(0, "a");
  std::string first =
      "=?UTF-8?B?YeKCrOKCrOKCrOKCrOKCrOKCrOKCrOKCrOKCrOKCrOKCrOKCrOKCrOKCrA==?=\r\n =?";
  EXPECT_THAT(write_message(message).value(), HasSubstr("Subject: " + first));
}

TEST(InternetMessage, TextIsQuotedPrintable) {
  auto body_of = [](std::string text) {
    auto message = make_message();
    message.text = std::move(text);
    auto written = write_message(message).value();
    return written.substr(written.find("\r\n\r\n") + 4);
  };
  EXPECT_EQ(body_of("a=b \r\n\xc3\xa4"), "a=3Db =0D\r\n=C3=A4\r\n");
  EXPECT_EQ(body_of("end \nx"), "end=20\r\nx\r\n");
  EXPECT_EQ(body_of(std::string(80, 'x')), std::string(75, 'x') + "=\r\nxxxxx\r\n");
}

}  // namespace
}  // namespace keystead::codec

#include "net/smtp_client.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "net/testing/fake_network.hpp"
#include "net/testing/mail_host.hpp"

namespace keystead::net {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::MailHost;

constexpr char kMessage[] = "Subject: Hello\r\n\r\n.one\r\n..\r\nend\r\n";

// The name mail.example leads to a public address, and that to the test's server on loopback.
class SmtpClientTest : public ::testing::Test {
 protected:
  SmtpClientTest() {
    authority_.write(ca_file_);
    network_.names["mail.example"] = {{"93.184.215.14"}};
    network_.names["localhost"] = {{"127.0.0.1"}};
  }
  ~SmtpClientTest() override { ::unlink(ca_file_.c_str()); }

  testing::ServerTls certificate(std::string const& names = "DNS:mail.example") {
    return authority_.issue("anything", names);
  }

  // What came of it: nothing, or the reason in the log.
  std::string send(MailHost const& host, std::string const& url, std::string user = "") {
    network_.server_port = host.port();
    auto client = SmtpClient::open(
        {.server = MailServer::parse(url).value(),
         .user = std::move(user),
         .password = Secret("open sesame"),
         .ca_file = ca_file_,
         .timeout = timeout_},
        std::make_unique<testing::FakeNetwork>(network_)
    );
    auto sent = client.value()->send({"keystead@mail.example", "ada@example.com"}, kMessage);
    if (sent) return "";
    code_ = sent.error().code;
    return sent.error().private_detail;
  }

  std::string ca_file_ = ::testing::TempDir() + "keystead_smtp_" + std::to_string(::getpid());
  testing::TestAuthority authority_;
  testing::FakeNetwork::Log network_;
  std::chrono::milliseconds timeout_{10'000};
  Code code_{};
};

TEST_F(SmtpClientTest, HandsAMessageOverBehindStartTls) {
  MailHost host({.tls = certificate()});
  EXPECT_EQ(send(host, "smtp://mail.example", "keystead"), "");
  EXPECT_THAT(network_.connections, ElementsAre("93.184.215.14 587"));
  auto told = host.told();
  if (!told.empty() && told.back() == "QUIT") told.pop_back();  // it may come later
  EXPECT_THAT(
      told,
      ElementsAre(
          "EHLO [127.0.0.1]",
          "STARTTLS",
          "TLS",
          "EHLO [127.0.0.1]",
          "AUTH PLAIN AGtleXN0ZWFkAG9wZW4gc2VzYW1l",
          "MAIL FROM:<keystead@mail.example>",
          "RCPT TO:<ada@example.com>",
          "DATA",
          "Subject: Hello\r\n\r\n..one\r\n...\r\nend"
      )
  );
}

TEST_F(SmtpClientTest, OrInTlsFromTheStart) {
  MailHost host(
      {.tls = certificate(), .tls_at_once = true, .replies = {{"EHLO", "250 AUTH LOGIN"}}}
  );
  EXPECT_EQ(send(host, "smtps://mail.example:4650", "keystead"), "");
  EXPECT_THAT(network_.connections, ElementsAre("93.184.215.14 4650"));
  auto told = host.told();
  ASSERT_GT(told.size(), 4u);
  EXPECT_EQ(told[0], "TLS");
  EXPECT_EQ(told[2], "AUTH LOGIN");
  EXPECT_EQ(told[4], "b3BlbiBzZXNhbWU=");
}

TEST_F(SmtpClientTest, GoesWithoutTlsOnlyWithinThisMachine) {
  auto plain = [] { return MailHost::Options{.replies = {{"EHLO", "250 mail.example"}}}; };
  MailHost host(plain());
  EXPECT_EQ(send(host, "smtp://127.0.0.1:25"), "");
  EXPECT_EQ(send(host, "smtp://localhost:25"), "");
  MailHost stripped(plain());
  EXPECT_EQ(send(stripped, "smtp://mail.example"), "the server: offers no STARTTLS");
  EXPECT_EQ(stripped.told().size(), 1u) << "and no mail was told";
  network_.names["localhost"] = {{"127.0.0.1", "93.184.215.14"}};
  EXPECT_EQ(send(host, "smtp://localhost:25"), "93.184.215.14 is not loopback");
}

TEST_F(SmtpClientTest, BelievesOnlyTheRightCertificate) {
  MailHost other({.tls = certificate("DNS:other.example")});
  EXPECT_EQ(send(other, "smtp://mail.example"), "certificate: hostname mismatch");
  EXPECT_EQ(code_, Code::unavailable);
  MailHost stranger({.tls = testing::TestAuthority().issue("x", "DNS:mail.example")});
  EXPECT_THAT(send(stranger, "smtp://mail.example"), HasSubstr("certificate: "));
  for (auto const& line : stranger.told()) EXPECT_FALSE(line.starts_with("AUTH")) << line;
}

TEST_F(SmtpClientTest, WhatWasSaidBeforeTlsDoesNotCountBehindIt) {
  MailHost host({.tls = certificate(), .replies = {{"STARTTLS", "220 go on\r\n250 AUTH PLAIN"}}});
  EXPECT_EQ(send(host, "smtp://mail.example"), "the server: says more than it was asked");
}

TEST_F(SmtpClientTest, ARefusalForGoodIsToldFromOneForNow) {
  auto refused = [&](std::string const& step, std::string const& reply) {
    MailHost host({.replies = {{"EHLO", "250 AUTH PLAIN"}, {step, reply}}});
    return send(host, "smtp://127.0.0.1:25", "keystead");
  };
  EXPECT_EQ(refused("RCPT", "450 later"), "RCPT: 450 later");
  EXPECT_EQ(code_, Code::unavailable);
  EXPECT_EQ(refused("RCPT", "550-no\r\n550 such user"), "RCPT: 550 no");
  EXPECT_EQ(code_, Code::invalid_request);
  EXPECT_EQ(refused(".", "554 spam"), "the message: 554 spam");
  EXPECT_EQ(refused("AUTH PLAIN", "535 who?"), "AUTH: 535 who?");
  EXPECT_EQ(refused("", "554 no service"), "the greeting: 554 no service");
}

TEST_F(SmtpClientTest, AServerThatTalksNonsenseOrNothingIsLeft) {
  auto greeted = [&](std::string const& greeting) {
    MailHost host({.replies = {{"", greeting}}});
    return send(host, "smtp://127.0.0.1:25");
  };
  constexpr char kNonsense[] = "the server: does not speak SMTP";
  EXPECT_EQ(greeted("HTTP/1.1 200 OK"), kNonsense);
  EXPECT_EQ(greeted("220x"), kNonsense);
  EXPECT_EQ(greeted("220-a\r\n221 b"), kNonsense);
  EXPECT_EQ(greeted("220 " + std::string(2'000, 'x')), kNonsense);
  std::string lines;
  for (int i = 0; i < 200; ++i) lines += "220-x\r\n";
  EXPECT_EQ(greeted(lines + "220 x"), kNonsense);
  timeout_ = std::chrono::milliseconds(100);
  EXPECT_THAT(greeted(""), HasSubstr("receiving: "));
}

TEST_F(SmtpClientTest, Attack112NoAddressIsACommand) {
  MailHost host({});
  auto client = SmtpClient::open({.server = MailServer::parse("smtp://127.0.0.1:25").value()});
  for (std::string const to : {"a@b>\r\nRCPT TO:<e@f", "a@b\n", "a@b> SIZE=1", "", "\xc3\xa4@b"}) {
    EXPECT_FALSE(client.value()->send({"keystead@mail.example", to}, kMessage)) << to;
  }
  EXPECT_TRUE(host.told().empty());
}

TEST(MailServer, IsNamedByItsUrl) {
  auto port = [](std::string_view text) { return MailServer::parse(text).value().url().port(); };
  EXPECT_EQ(port("smtps://mail.example"), 465);
  EXPECT_EQ(port("smtp://mail.example"), 587);
  EXPECT_EQ(port("smtp://[::1]:2525"), 2525);
  EXPECT_EQ(port("smtp://[::1]"), 587);
  for (auto const* text :
       {"",
        "mail.example",
        "https://mail.example",
        "smtp://",
        "smtp://a/b",
        "smtp://u:p@a",
        "smtp://a:b",
        "smtp://a?x",
        "smtp://A",
        "smtp://a/"}) {
    EXPECT_FALSE(MailServer::parse(text)) << text;
  }
}

}  // namespace
}  // namespace keystead::net

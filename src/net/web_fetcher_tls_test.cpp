#include <string>

#include <gtest/gtest.h>

#include "net/testing/fetching.hpp"
#include "net/web_fetcher.hpp"

namespace keystead::net {
namespace {

using testing::Caller;
using testing::Fetching;
using testing::kGood;
using testing::kPublic;
using testing::ScriptedServer;
using testing::TestAuthority;

TEST_F(Fetching, ABodyWithoutLengthEndsWithTlsGoodbyeAndNotWithACut) {
  std::string answer = "HTTP/1.1 200 OK\r\n\r\nbody";
  EXPECT_EQ(fetch_from(ScriptedServer(answer, certificate())), "200 body");
  auto cut = [&](Caller& caller) {
    caller.send(answer);
    caller.cut();
  };
  EXPECT_EQ(fetch_from(ScriptedServer(cut, certificate())), "receiving: stream truncated");
}

TEST_F(Fetching, BelievesOnlyTheRightCertificate) {
  auto from = [this](testing::ServerTls tls) {
    return fetch_from(ScriptedServer(kGood, std::move(tls)));
  };
  EXPECT_EQ(from(certificate("DNS:other.example,DNS:good.example")), "200 body");
  EXPECT_EQ(from(certificate("DNS:*.example")), "certificate: hostname mismatch")
      << "nobody is certified for a whole top-level domain";
  network_.names["www.good.example"] = {{kPublic}};
  ScriptedServer wildcard(kGood, certificate("DNS:*.good.example"));
  network_.server_port = wildcard.port();
  EXPECT_EQ(fetch("https://www.good.example/"), "200 body");

  EXPECT_EQ(from(certificate("DNS:other.example")), "certificate: hostname mismatch");
  EXPECT_EQ(from(certificate("DNS:sub.good.example")), "certificate: hostname mismatch");
  EXPECT_EQ(from(certificate("DNS:go*.example")), "certificate: hostname mismatch");
  EXPECT_EQ(from(certificate("IP:93.184.215.14")), "certificate: hostname mismatch");
  EXPECT_EQ(from(authority_.issue("good.example", "")), "certificate: hostname mismatch")
      << "the common name is not a name of the host";
  EXPECT_EQ(
      from(authority_.issue("x", "DNS:good.example", {.from = -7200, .until = -3600})),
      "certificate: certificate has expired"
  );
  EXPECT_EQ(from(TestAuthority().issue("x", "DNS:good.example")).substr(0, 13), "certificate: ")
      << "of another authority";
}

TEST_F(Fetching, SpeaksNoOldTls) {
  auto tls = certificate();
  SSL_CTX_set_max_proto_version(tls.get(), TLS1_1_VERSION);
  SSL_CTX_set_cipher_list(tls.get(), "DEFAULT:@SECLEVEL=0");
  EXPECT_TRUE(fetch_from(ScriptedServer(kGood, std::move(tls))).starts_with("TLS: "));
}

TEST_F(Fetching, AnAddressIsProvenAsAnAddress) {
  ScriptedServer right(kGood, certificate("IP:93.184.215.14"));
  network_.server_port = right.port();
  EXPECT_EQ(fetch("https://93.184.215.14/"), "200 body");
  EXPECT_TRUE(network_.questions.empty());
  ScriptedServer wrong(kGood, certificate("DNS:93.184.215.14"));
  network_.server_port = wrong.port();
  EXPECT_EQ(fetch("https://93.184.215.14/"), "certificate: IP address mismatch");
}

TEST_F(Fetching, ACaFileThatCannotBeUsedIsNamed) {
  auto opened = WebFetcher::open({.ca_file = "/nowhere.crt"});
  ASSERT_FALSE(opened);
  EXPECT_TRUE(opened.error().public_text.contains("/nowhere.crt"));
}

}  // namespace
}  // namespace keystead::net

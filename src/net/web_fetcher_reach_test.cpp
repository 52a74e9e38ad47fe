#include <set>
#include <string>

#include <gtest/gtest.h>

#include "net/testing/fetching.hpp"
#include "net/web_fetcher.hpp"

namespace keystead::net {
namespace {

using http::Reach;
using testing::Fetching;
using testing::kGood;
using testing::kPublic;
using testing::ScriptedServer;

TEST_F(Fetching, Attack66OnlyPublicAddressesAreReached) {
  ScriptedServer server(kGood, certificate());
  network_.server_port = server.port();
  for (std::string address :
       {"127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "100.100.100.200",
        "0.0.0.0",
        "::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "fd00:ec2::254",
        "fe80::1"}) {
    network_.names["bad.example"] = {{address}};
    EXPECT_TRUE(fetch("https://bad.example/").contains(" is not public: ")) << address;
    network_.names["bad.example"] = {{kPublic, address}};
    EXPECT_TRUE(fetch("https://bad.example/").contains(" is not public: "))
        << address << " beside a public one";
    bool v6 = address.contains(':');
    std::string literal = v6 ? "[" + address + "]" : address;
    EXPECT_TRUE(fetch("https://" + literal + "/").contains(" is not public: ")) << literal;
  }
  EXPECT_EQ(fetch("http://good.example/"), "the URL: is not https");
  EXPECT_TRUE(network_.connections.empty());
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(Fetching, Attack66ANameIsAskedForOnce) {
  ScriptedServer server(kGood, certificate("DNS:rebinding.example"));
  network_.server_port = server.port();
  network_.names["rebinding.example"] = {{kPublic}, {"127.0.0.1"}};
  EXPECT_EQ(fetch("https://rebinding.example/"), "200 body");
  EXPECT_EQ(network_.questions.size(), 1u);
  EXPECT_EQ(network_.connections, std::vector<std::string>{"93.184.215.14 443"});
  EXPECT_EQ(fetch("https://rebinding.example/"), "127.0.0.1 is not public: loopback")
      << "the next fetch asks again, and judges again";
  EXPECT_EQ(network_.connections.size(), 1u);
}

// The private text, which differs, is for the log.
TEST_F(Fetching, Attack66EveryFailureLooksTheSame) {
  std::set<std::string> reasons;
  std::uint16_t closed_port = 0;
  {
    ScriptedServer gone(kGood);
    closed_port = gone.port();
  }
  network_.server_port = closed_port;
  reasons.insert(fetch("https://good.example/"));
  EXPECT_TRUE(reasons.contains("connecting: Connection refused"));
  reasons.insert(fetch("https://unknown.example/"));
  reasons.insert(fetch("https://127.0.0.1/"));
  reasons.insert(fetch("http://good.example/"));
  network_.names["empty.example"] = {{}};
  reasons.insert(fetch("https://empty.example/"));
  reasons.insert(fetch_from(ScriptedServer(kGood, certificate("DNS:other.example"))));
  reasons.insert(fetch_from(ScriptedServer("SSH-2.0-x\r\n", certificate())));
  reasons.insert(
      fetch_from(ScriptedServer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", certificate()))
  );
  reasons.insert(fetch_from(ScriptedServer("", certificate())));
  EXPECT_EQ(reasons.size(), 9u) << ::testing::PrintToString(reasons);
}

TEST_F(Fetching, TriesTheNextAddressWhenOneRefuses) {
  ScriptedServer server(kGood);
  // Nothing listens there on this address of loopback.
  struct Direct final : Network {
    Result<Addresses> resolve(std::string const&) override {
      return Addresses{asio::ip::make_address("127.9.9.9"), asio::ip::make_address("127.0.0.1")};
    }
  };
  fetcher_ = WebFetcher::open({}, std::make_unique<Direct>()).value();
  auto url = "http://localhost:" + std::to_string(server.port()) + "/";
  EXPECT_EQ(fetch(url, Reach::configured), "200 body");
}

TEST_F(Fetching, WhatIsConfiguredMayBePrivateAndPlainOnLoopback) {
  ScriptedServer plain(kGood);
  ScriptedServer secure(kGood, certificate("DNS:internal.example,IP:10.0.0.7"));
  network_.names["internal.example"] = {{"10.0.0.7"}};
  network_.names["localhost"] = {{"127.0.0.1"}};
  network_.server_port = secure.port();
  EXPECT_EQ(fetch("https://internal.example/", Reach::configured), "200 body");
  EXPECT_EQ(fetch("https://10.0.0.7/", Reach::configured), "200 body");
  network_.server_port = plain.port();
  EXPECT_EQ(fetch("http://localhost/", Reach::configured), "200 body");
  EXPECT_EQ(fetch("http://127.0.0.1/", Reach::configured), "200 body");

  EXPECT_EQ(fetch("http://internal.example/", Reach::configured), "the URL: is not https");
  EXPECT_EQ(fetch("http://10.0.0.7/", Reach::configured), "the URL: is not https");
  network_.names["localhost"] = {{"127.0.0.1", "10.0.0.7"}};
  EXPECT_EQ(fetch("http://localhost/", Reach::configured), "10.0.0.7 is not loopback");
}

TEST_F(Fetching, TheSystemsResolverKnowsLocalhost) {
  ScriptedServer server(kGood);
  fetcher_ = WebFetcher::open({}).value();
  auto port = std::to_string(server.port());
  EXPECT_EQ(fetch("http://localhost:" + port + "/", Reach::configured), "200 body");
  EXPECT_TRUE(fetch("https://localhost:" + port + "/").contains(" is not public: "));
  EXPECT_TRUE(fetch("https://unknown.invalid/").starts_with("the name: "));
}

}  // namespace
}  // namespace keystead::net

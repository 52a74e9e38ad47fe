// What the tests of the fetcher stand on: names that lead to a public address, and behind every
// address a server on loopback with a certificate of an authority that the fetcher believes.
#pragma once

#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "net/testing/fake_network.hpp"
#include "net/testing/scripted_server.hpp"
#include "net/web_fetcher.hpp"

namespace keystead::net::testing {

using http::FetchRequest;
using http::Reach;

inline constexpr char kGood[] =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nbody";
inline constexpr char kPublic[] = "93.184.215.14";

class Fetching : public ::testing::Test {
 protected:
  Fetching() {
    authority_.write(ca_file_);
    network_.names["good.example"] = {{kPublic}};
    open({.ca_file = ca_file_});
  }
  ~Fetching() override { ::unlink(ca_file_.c_str()); }

  void open(FetcherOptions const& options) {
    fetcher_ = WebFetcher::open(options, std::make_unique<FakeNetwork>(network_)).value();
  }

  ServerTls certificate(std::string const& names = "DNS:good.example") {
    return authority_.issue("anything", names);
  }

  static FetchRequest request(std::string const& url, Reach reach = Reach::public_only) {
    return {.url = http::Url::parse(url).value(), .reach = reach};
  }

  // What came of it: status and body, or the reason in the log.
  std::string fetch(FetchRequest const& request) {
    auto answer = fetcher_->fetch(request);
    if (answer) return std::to_string(answer->status) + " " + answer->body;
    EXPECT_EQ(answer.error().code, Code::unavailable);
    EXPECT_EQ(answer.error().public_text, http::Fetcher::kFailed);
    std::string prefix = std::string(request.url.authority()) + ": ";
    EXPECT_TRUE(answer.error().private_detail.starts_with(prefix));
    return answer.error().private_detail.substr(prefix.size());
  }
  std::string fetch(std::string const& url, Reach reach = Reach::public_only) {
    return fetch(request(url, reach));
  }
  // From this server, by a good name.
  std::string fetch_from(ScriptedServer const& server) {
    network_.server_port = server.port();
    return fetch("https://good.example/");
  }

  std::string ca_file_ =
      ::testing::TempDir() + "keystead_fetch_" + std::to_string(::getpid()) + ".crt";
  TestAuthority authority_;
  FakeNetwork::Log network_;
  std::unique_ptr<WebFetcher> fetcher_;
};

}  // namespace keystead::net::testing

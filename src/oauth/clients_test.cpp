#include "oauth/clients.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

#include "authn/test_installation.hpp"

namespace keystead::oauth {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kUrl = "https://a.example/client.json";

// Publishes a good document at every address, unless it is told otherwise.
class Host final : public http::Fetcher {
 public:
  Result<http::FetchAnswer> fetch(http::FetchRequest const& request) override {
    std::unique_lock lock(mutex_);
    ++asked_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return !is_slow_; });
    if (is_down) return http::fetch_failed("connection refused");
    return http::FetchAnswer{
        .status = 200,
        .headers = {{"Content-Type", "application/json"}},
        .body = "{\"client_id\":\"" + request.url.text() +
                "\",\"client_name\":\"A\",\"redirect_uris\":[\"" + redirect_uri + "\"]}"
    };
  }

  int asked() {
    std::scoped_lock lock(mutex_);
    return asked_;
  }
  void await_asked(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return asked_ >= count; });
  }
  void become_slow(bool is_slow) {
    std::scoped_lock lock(mutex_);
    is_slow_ = is_slow;
    changed_.notify_all();
  }

  bool is_down = false;
  std::string redirect_uri = "https://a.example/cb";

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int asked_ = 0;
  bool is_slow_ = false;
};

class ClientsTest : public testing::Test {
 protected:
  // The client's name, or why there is none.
  static std::string said(Result<domain::Client> const& client) {
    if (client) return client->name;
    return client.error().code == Code::unavailable ? "come again"
           : client.error().code == Code::not_found ? "unknown"
                                                    : "no good";
  }
  std::string find(std::string_view id = kUrl) {
    return said(clients_.find(domain::ClientId(std::string(id)), now_, {}));
  }
  std::string find_known(std::string_view id = kUrl) {
    return said(clients_.find_known(domain::ClientId(std::string(id)), now_, {}));
  }

  authn::TestInstallation here_;
  Host host_;
  ClientDocuments documents_{
      {{{domain::ClientAuth::none}, {domain::GrantType::authorization_code}, {}}, {}}, host_
  };
  Clients clients_{here_.store->clients(), documents_, 3};
  Time now_ = here_.clock.now();
};

TEST_F(ClientsTest, AKnownClientIsUsedOnForADayWhileItsDocumentIsNotToBeHad) {
  ASSERT_EQ(find(), "A");
  host_.is_down = true;
  now_ += 2h;
  EXPECT_EQ(find_known(), "A");
  EXPECT_EQ(find(), "A");
  EXPECT_EQ(host_.asked(), 2) << "and is not asked for at every request";
  now_ += 1min;
  EXPECT_EQ(find_known(), "A");
  EXPECT_EQ(host_.asked(), 3);
  now_ += 23h;
  EXPECT_EQ(find_known(), "come again");
  host_.is_down = false;
  now_ += 1min;
  EXPECT_EQ(find_known(), "A");
}

TEST_F(ClientsTest, ADocumentThatBecameNonsenseIsNotToBeHad) {
  ASSERT_EQ(find(), "A");
  host_.redirect_uri = "javascript:alert(1)";
  now_ += 2h;
  EXPECT_EQ(find_known(), "A");
  now_ += 24h;
  EXPECT_EQ(find_known(), "come again");
  EXPECT_EQ(find("https://b.example/client.json"), "no good") << "nobody knew that one";
}

TEST_F(ClientsTest, Attack62WhereClientsAreKnownNothingIsFetchedForOthers) {
  EXPECT_EQ(find_known(), "unknown");
  EXPECT_EQ(find_known("kc_1"), "unknown");
  EXPECT_EQ(host_.asked(), 0);
}

TEST_F(ClientsTest, Attack62NewDocumentsAreCounted) {
  for (auto const* id : {"https://a.example/1", "https://a.example/2", "https://a.example/3"}) {
    EXPECT_EQ(find(id), "A");
  }
  EXPECT_EQ(find("https://a.example/4"), "come again");
  EXPECT_EQ(host_.asked(), 3);
  now_ += 2h;
  EXPECT_EQ(find("https://a.example/1"), "A") << "who is known is no new one";
  now_ += 22h;
  EXPECT_EQ(find("https://a.example/4"), "A");
}

TEST_F(ClientsTest, Attack66WhatFailedIsNotAskedAgainForAMinute) {
  host_.is_down = true;
  EXPECT_EQ(find(), "no good");
  host_.is_down = false;
  now_ += 59s;
  EXPECT_EQ(find(), "no good");
  EXPECT_EQ(host_.asked(), 1);
  EXPECT_EQ(find("https://a.example/other"), "A");
  now_ += 1s;
  EXPECT_EQ(find(), "A");
}

// Attack 87: a slow server holds two of those who wait, and whoever comes then is told so at once.
TEST_F(ClientsTest, Attack87ASlowServerHoldsFew) {
  ASSERT_EQ(find("https://a.example/known"), "A");
  host_.become_slow(true);
  std::thread first([&] { EXPECT_EQ(find("https://a.example/1"), "A"); });
  host_.await_asked(2);
  EXPECT_EQ(find("https://a.example/1"), "come again") << "one at a time for the same";
  std::thread second([&] { EXPECT_EQ(find("https://a.example/2"), "A"); });
  host_.await_asked(3);
  EXPECT_EQ(find("https://a.example/3"), "come again");
  auto later = now_ + 2h;
  auto known = clients_.find_known(domain::ClientId("https://a.example/known"), later, {});
  EXPECT_EQ(said(known), "A") << "and who is known goes on";
  EXPECT_EQ(host_.asked(), 3);
  host_.become_slow(false);
  first.join();
  second.join();
  EXPECT_EQ(find("https://a.example/1"), "A");
}

}  // namespace
}  // namespace keystead::oauth

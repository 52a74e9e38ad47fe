#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "net/testing/fetching.hpp"
#include "net/web_fetcher.hpp"

namespace keystead::net {
namespace {

using http::FetchRequest;
using http::Reach;
using std::chrono::milliseconds;
using testing::Caller;
using testing::Fetching;
using testing::kGood;
using testing::ScriptedServer;

TEST_F(Fetching, CallersCannotTakeThePlacesOfWhatIsConfigured) {
  open({.ca_file = ca_file_, .at_once = 2});
  std::atomic<bool> go = false;
  ScriptedServer held(
      [&](Caller& caller) {
        go.wait(false);
        caller.send(kGood);
      },
      certificate()
  );
  ScriptedServer other(kGood);
  network_.server_port = held.port();
  std::vector<std::thread> holders;
  holders.reserve(2);
  for (int i = 0; i < 2; ++i) {
    holders.emplace_back([this] { EXPECT_EQ(fetch("https://good.example/"), "200 body"); });
  }
  while (held.connections() < 2) std::this_thread::sleep_for(milliseconds(1));

  FetchRequest third = request("https://good.example/");
  third.limits.timeout = milliseconds(50);
  EXPECT_EQ(fetch(third), "too many fetches at once");
  {
    std::lock_guard lock(network_.mutex);
    network_.server_port = other.port();
  }
  EXPECT_EQ(fetch("http://127.0.0.1/", Reach::configured), "200 body");
  go = true;
  go.notify_all();
  for (auto& holder : holders) holder.join();
}

TEST_F(Fetching, NamesThatNobodyWaitsForKeepTheirPlaces) {
  open({.ca_file = ca_file_, .at_once = 2});
  network_.set_names_slow(true);
  FetchRequest get = request("https://good.example/");
  get.limits.timeout = milliseconds(50);
  EXPECT_EQ(fetch(get), "the name: took too long");
  EXPECT_EQ(fetch(get), "the name: took too long");
  EXPECT_EQ(fetch(get), "too many fetches at once");
  network_.set_names_slow(false);
  ScriptedServer server(kGood, certificate());
  EXPECT_EQ(fetch_from(server), "200 body") << "and give them back";
}

TEST_F(Fetching, ManyFetchAtTheSameTime) {
  ScriptedServer server(kGood, certificate());
  network_.server_port = server.port();
  open({.ca_file = ca_file_, .at_once = 4});
  std::vector<std::thread> threads;
  threads.reserve(12);
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([this] { EXPECT_EQ(fetch("https://good.example/"), "200 body"); });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(server.requests().size(), 12u);
}

}  // namespace
}  // namespace keystead::net

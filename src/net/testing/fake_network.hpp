// An internet for tests: names with the addresses that a test gives them, and one server on
// loopback behind every address. It writes down what it was asked.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "http/fetcher.hpp"
#include "net/network.hpp"

namespace keystead::net::testing {

class FakeNetwork final : public Network {
 public:
  // What is shared with the test, which outlives the network.
  struct Log {
    std::mutex mutex;
    std::condition_variable changed;
    // Of each name, what the first question gets, what the second, and so on; the last for good.
    std::map<std::string, std::vector<std::vector<std::string>>> names;
    std::uint16_t server_port = 0;  // 0 for the port that was asked for
    bool names_are_slow = false;    // they come when this is false again
    std::vector<std::string> questions;
    std::vector<std::string> connections;  // "address port"

    void set_names_slow(bool slow) {
      std::lock_guard lock(mutex);
      names_are_slow = slow;
      changed.notify_all();
    }
  };

  explicit FakeNetwork(Log& log) : log_(log) {}

  Result<Addresses> resolve(std::string const& name) override {
    std::unique_lock lock(log_.mutex);
    log_.questions.push_back(name);
    log_.changed.wait(lock, [this] { return !log_.names_are_slow; });
    auto found = log_.names.find(name);
    if (found == log_.names.end()) return http::fetch_failed("the name: is not known");
    auto& answers = found->second;
    Addresses addresses;
    for (auto const& text : answers.front()) addresses.push_back(asio::ip::make_address(text));
    if (answers.size() > 1) answers.erase(answers.begin());
    return addresses;
  }

  asio::ip::tcp::endpoint route(asio::ip::tcp::endpoint const& checked) override {
    std::lock_guard lock(log_.mutex);
    log_.connections.push_back(
        checked.address().to_string() + " " + std::to_string(checked.port())
    );
    auto port = log_.server_port == 0 ? checked.port() : log_.server_port;
    return {asio::ip::address_v4::loopback(), port};
  }

 private:
  Log& log_;
};

}  // namespace keystead::net::testing

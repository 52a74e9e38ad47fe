#include "authn/mail_queue.hpp"

#include <future>
#include <stdexcept>

#include <gtest/gtest.h>

namespace keystead::authn {
namespace {

using Outcome = MailQueue::Options::Outcome;

// Delivers with the outcomes that a test has laid ready, and writes down all that happens.
class Postman {
 public:
  explicit Postman(std::vector<Result<void>> outcomes) : outcomes_(std::move(outcomes)) {}

  MailQueue::Options options() {
    return {
        .deliver = [this](Mail const& mail) { return deliver(mail); },
        .report =
            [this](Mail const& mail, Failure const& failure, Outcome outcome) {
              note(
                  mail.to + ": " + failure.private_detail +
                  (outcome == Outcome::given_up ? ", given up" : "")
              );
            },
        .waiting_max = 2,
        .pauses = {std::chrono::milliseconds(1), std::chrono::milliseconds(1)},
    };
  }

  // What happened until `count` things had.
  std::vector<std::string> events(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(10), [&] { return events_.size() >= count; });
    return events_;
  }

 private:
  Result<void> deliver(Mail const& mail) {
    Result<void> outcome;
    if (!outcomes_.empty()) {
      outcome = outcomes_.front();
      outcomes_.erase(outcomes_.begin());
    }
    if (outcome) note(mail.to);
    return outcome;
  }
  void note(std::string event) {
    std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
    changed_.notify_all();
  }

  std::vector<Result<void>> outcomes_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> events_;
};

WriteMail to(std::string address) {
  return [address] { return Mail{address, "Hello", "there", Secret()}; };
}

Result<void> failed(Code code, std::string why) {
  return fail(code, "", std::move(why));
}

using Events = std::vector<std::string>;

TEST(MailQueue, TriesAgainWhatMayBeTriedAgain) {
  Postman postman({failed(Code::unavailable, "busy"), failed(Code::unavailable, "away")});
  MailQueue queue(postman.options());
  EXPECT_TRUE(queue.post(to("a")));
  EXPECT_EQ(postman.events(3), (Events{"a: busy", "a: away", "a"}));
}

TEST(MailQueue, GivesUpWhatIsRefusedForGoodOrTooOften) {
  auto busy = failed(Code::unavailable, "busy");
  Postman postman({failed(Code::invalid_request, "nobody"), busy, busy, busy});
  MailQueue queue(postman.options());
  queue.post(to("a"));
  EXPECT_EQ(postman.events(1), Events{"a: nobody, given up"});
  queue.post(to("b"));
  auto events = postman.events(4);
  EXPECT_EQ(events.back(), "b: busy, given up");
  EXPECT_EQ(events.size(), 4u);
}

TEST(MailQueue, WhatIsNotWrittenIsNotSent) {
  Postman postman({});
  MailQueue queue(postman.options());
  queue.post([] { return std::nullopt; });
  queue.post([]() -> std::optional<Mail> { throw std::runtime_error("no database"); });
  EXPECT_EQ(postman.events(1), Events{": no database, given up"});
  queue.post(to("a"));
  EXPECT_EQ(postman.events(2).back(), "a");
}

TEST(MailQueue, IsBounded) {
  Postman postman({});
  std::promise<void> open;
  auto gate = open.get_future().share();
  {
    MailQueue queue(postman.options());
    auto held = [gate] {
      gate.wait();
      return Mail{"a", "", "", Secret()};
    };
    EXPECT_TRUE(queue.post(held));
    EXPECT_TRUE(queue.post(to("b")));
    EXPECT_FALSE(queue.post(to("c")));
    open.set_value();
    EXPECT_EQ(postman.events(3).front(), ": too many are waiting, given up");
  }
  EXPECT_FALSE(MailQueue({}).post(to("a"))) << "where nothing is sent";
}

}  // namespace
}  // namespace keystead::authn

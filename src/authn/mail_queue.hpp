// Mail that waits to be sent. One thread writes and sends it, so that nobody who asked for a mail
// learns from how long the answer takes whether there was one to send.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace keystead::authn {

struct Mail {
  std::string to;  // as domain::parse_email gives it
  std::string subject;
  std::string text;  // which holds the link
  Secret link;
};

// Called once, when the mail's turn has come; nothing if there is nothing to send.
using WriteMail = std::function<std::optional<Mail>()>;

class MailQueue {
 public:
  struct Options {
    // Waits until the mail is handed over. Code::unavailable: try again. None: nothing is sent.
    std::function<Result<void>(Mail const&)> deliver = {};
    // What becomes of a mail that was not delivered; an empty one if it was not even written.
    enum class Outcome { tried_again, given_up };
    std::function<void(Mail const&, Failure const&, Outcome)> report = {};
    std::size_t waiting_max = 1'000;
    // Before each further try.
    std::vector<std::chrono::milliseconds> pauses{
        std::chrono::seconds(5), std::chrono::minutes(1), std::chrono::minutes(5)
    };
  };

  // Neither function of the options throws; `deliver` is called on the queue's thread only.
  explicit MailQueue(Options options);
  MailQueue(MailQueue const&) = delete;
  MailQueue& operator=(MailQueue const&) = delete;
  // Ends what is being sent, and gives up the rest.
  ~MailQueue();

  // False if nothing is sent here, or too many are waiting. What `write` throws is the mail's end.
  // From any thread.
  bool post(WriteMail write);
  // Whether anything is sent at all.
  bool delivers() const { return options_.deliver != nullptr; }

 private:
  bool take(WriteMail write);

  using Instant = std::chrono::steady_clock::time_point;
  struct Waiting {
    WriteMail write;
    std::optional<Mail> mail = {};  // once it is written
    std::size_t tries = 0;
    Instant due = {};
  };

  void work(std::stop_token const& stop);
  // When to try again; nothing if it is done with.
  std::optional<Instant> send(Waiting& waiting);
  void report(Mail const& mail, Failure const& failure, Options::Outcome outcome);

  Options options_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::list<Waiting> waiting_;
  std::jthread thread_;
};

}  // namespace keystead::authn

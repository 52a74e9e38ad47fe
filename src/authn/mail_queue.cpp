#include "authn/mail_queue.hpp"

#include <algorithm>
#include <utility>

namespace keystead::authn {

MailQueue::MailQueue(Options options) : options_(std::move(options)) {
  if (!options_.deliver) return;
  thread_ = std::jthread([this](std::stop_token const& stop) { work(stop); });
}

MailQueue::~MailQueue() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
  Failure const stopped{Code::unavailable, "", "the server has stopped"};
  for (auto const& each : waiting_) {
    if (each.mail) report(*each.mail, stopped, Options::Outcome::given_up);
  }
}

bool MailQueue::post(WriteMail write) {
  bool is_taken = options_.deliver && take(std::move(write));
  if (!is_taken) {
    std::string_view why = options_.deliver ? "too many are waiting" : "mail is not configured";
    report({}, {Code::unavailable, "", std::string(why)}, Options::Outcome::given_up);
  }
  return is_taken;
}

bool MailQueue::take(WriteMail write) {
  {
    std::lock_guard lock(mutex_);
    if (waiting_.size() >= options_.waiting_max) return false;
    waiting_.push_back({.write = std::move(write)});
  }
  changed_.notify_one();
  return true;
}

void MailQueue::work(std::stop_token const& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    auto next = std::ranges::min_element(waiting_, {}, &Waiting::due);
    if (next == waiting_.end()) {
      changed_.wait(lock, stop, [this] { return !waiting_.empty(); });
      continue;
    }
    if (auto due = next->due; due > std::chrono::steady_clock::now()) {
      auto count = waiting_.size();
      changed_.wait_until(lock, stop, due, [&] { return waiting_.size() != count; });
      continue;
    }
    lock.unlock();
    auto again = send(*next);  // others only add behind it
    lock.lock();
    if (again)
      next->due = *again;
    else
      waiting_.erase(next);
  }
}

std::optional<MailQueue::Instant> MailQueue::send(Waiting& waiting) {
  if (!waiting.mail) {
    try {
      waiting.mail = waiting.write();
    } catch (std::exception const& error) {
      report({}, {Code::unavailable, "", error.what()}, Options::Outcome::given_up);
    }
    if (!waiting.mail) return std::nullopt;
  }
  auto delivered = options_.deliver(*waiting.mail);
  if (delivered) return std::nullopt;
  bool goes_on =
      delivered.error().code == Code::unavailable && waiting.tries < options_.pauses.size();
  report(
      *waiting.mail,
      delivered.error(),
      goes_on ? Options::Outcome::tried_again : Options::Outcome::given_up
  );
  if (!goes_on) return std::nullopt;
  return std::chrono::steady_clock::now() + options_.pauses[waiting.tries++];
}

void MailQueue::report(Mail const& mail, Failure const& failure, Options::Outcome outcome) {
  if (options_.report) options_.report(mail, failure, outcome);
}

}  // namespace keystead::authn

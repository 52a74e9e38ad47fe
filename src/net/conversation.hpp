// One connection's HTTP/1.1 without its socket: bytes go in, answers come out, and Next says what
// the connection is to do now. All requests that have arrived are answered into one output, in
// their order.
#pragma once

#include <cstdint>
#include <string>

#include "http/handler.hpp"
#include "net/desk.hpp"
#include "net/loop_state.hpp"

namespace keystead::net {

// Each after the output has been written.
enum class Next {
  read,    // into room(), then received()
  go_on,   // call go_on(): the output was large enough to be written first
  work,    // call work() on a worker thread, then worked(); or no_worker()
  close,   // the end; the other end knows it
  linger,  // the end; the other end may still be sending and must be able to read the last answer
};

enum class Phase { idle, head, body };

class Conversation {
 public:
  struct Peer {
    std::string address;
    bool secure = false;
  };

  // `limits`, `handler` and `loop` outlive the conversation.
  Conversation(
      http::RequestLimits const& limits, http::Handler& handler, LoopState& loop, Peer peer
  );

  ~Conversation() { rest(); }
  Conversation(Conversation const&) = delete;
  Conversation& operator=(Conversation const&) = delete;

  // For a read. The conversation keeps it until it rests.
  std::span<char> room();
  // To be called before waiting for bytes, and when none came: gives back what an idle connection
  // does not need.
  void rest();
  Next received(std::size_t count);
  Next go_on();

  void work();
  Next worked();
  Next no_worker();

  // The other end was too slow.
  Next overdue();

  bool has_output() const { return desk_ && !desk_->output.empty(); }
  // REQUIRES: has_output().
  std::string& output() { return desk_->output; }

  // What is being read, and of which message: a deadline belongs to both.
  Phase phase() const;
  std::uint64_t message_number() const { return message_number_; }
  std::size_t unread_size() const { return desk_ ? desk_->input.unread_size() : 0; }

 private:
  Next answer();
  Next finish();
  Next refuse(http::Refusal refusal);
  Next end_message(bool last, bool asked_by_client);
  Body body_of_answer();
  Persistence persistence(bool close) const;

  http::RequestLimits const& limits_;
  http::Handler& handler_;
  LoopState& loop_;
  Peer peer_;
  std::unique_ptr<Desk> desk_;  // null while idle
  std::uint64_t message_number_ = 0;
  bool continued_ = false;
};

}  // namespace keystead::net

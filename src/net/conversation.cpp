#include "net/conversation.hpp"

#include <utility>

namespace keystead::net {
namespace {

// So much is gathered before it is written although more requests wait in the buffer.
constexpr std::size_t kOutputGathered = 64 * 1024;
// A string that grew larger is given back between two reads.
constexpr std::size_t kCapacityKept = 64 * 1024;

void trim(std::string& text) {
  if (text.capacity() <= kCapacityKept) return;
  text.clear();
  text.shrink_to_fit();
}

}  // namespace

Conversation::Conversation(
    http::RequestLimits const& limits, http::Handler& handler, LoopState& loop, Peer peer
)
    : handler_(handler), loop_(loop), peer_(std::move(peer)), parser_(limits) {}

std::span<char> Conversation::room() {
  trim(output_);
  trim(response_.body);
  return input_.room();
}

Next Conversation::received(std::size_t count) {
  input_.received(count);
  return go_on();
}

Next Conversation::go_on() {
  while (output_.size() < kOutputGathered) {
    auto message = input_.unread();
    if (message.empty()) return Next::read;
    auto progress = parser_.read(message);
    if (progress == http::RequestParser::Progress::refused) {
      loop_.counters.framing_refusals.add();
      return refuse(parser_.refusal());
    }
    if (progress == http::RequestParser::Progress::need_more) {
      input_.shorten(message.size());
      if (!continued_ && parser_.awaits_continue(message)) {
        continued_ = true;
        output_ += "HTTP/1.1 100 Continue\r\n\r\n";
      }
      return Next::read;
    }
    Next next = answer();
    if (next != Next::go_on) return next;
  }
  return Next::go_on;
}

Next Conversation::answer() {
  http::Request& request = parser_.request();
  request.peer = peer_.address;
  request.secure = peer_.secure;
  response_.reset();
  auto outcome = handler_.handle(request, response_, http::Where::io_thread);
  return outcome == http::Outcome::needs_worker ? Next::work : finish();
}

void Conversation::work() {
  handler_.handle(parser_.request(), response_, http::Where::worker);
}

Next Conversation::worked() {
  Next next = finish();
  return next == Next::go_on ? go_on() : next;
}

Next Conversation::no_worker() {
  loop_.counters.worker_refusals.add();
  bool last = !parser_.keep_alive() || loop_.draining;
  http::Refusal busy{503, "All workers are busy."};
  append_problem(output_, busy, loop_.standing, body_of_answer(), persistence(last));
  Next next = end_message(last, !parser_.keep_alive());
  return next == Next::go_on ? go_on() : next;
}

Next Conversation::finish() {
  bool last = !parser_.keep_alive() || response_.close || loop_.draining;
  append_response(output_, response_, loop_.standing, body_of_answer(), persistence(last));
  return end_message(last, !parser_.keep_alive());
}

Next Conversation::overdue() {
  bool stayed_idle = phase() == Phase::idle;
  if (!stayed_idle || message_number_ == 0) loop_.counters.timeouts.add();
  if (stayed_idle) return Next::close;
  return refuse({408, "The request did not arrive in time."});
}

Next Conversation::refuse(http::Refusal refusal) {
  append_problem(output_, refusal, loop_.standing, Body::sent, Persistence::close);
  return Next::linger;
}

Next Conversation::end_message(bool last, bool asked_by_client) {
  loop_.counters.requests.add();
  ++message_number_;
  input_.consume(parser_.size());
  parser_.reset();
  continued_ = false;
  if (!last) return Next::go_on;
  return asked_by_client && input_.unread_size() == 0 ? Next::close : Next::linger;
}

Phase Conversation::phase() const {
  if (parser_.in_body()) return Phase::body;
  return input_.unread_size() == 0 ? Phase::idle : Phase::head;
}

Body Conversation::body_of_answer() {
  return parser_.request().method == http::Method::head ? Body::withheld : Body::sent;
}

Persistence Conversation::persistence(bool close) const {
  if (close) return Persistence::close;
  return parser_.is_http11() ? Persistence::implied : Persistence::keep_alive;
}

}  // namespace keystead::net

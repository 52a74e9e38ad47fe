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
    : limits_(limits), handler_(handler), loop_(loop), peer_(std::move(peer)) {}

std::span<char> Conversation::room() {
  if (!desk_) desk_ = loop_.desks.take(limits_);
  return desk_->input.room();
}

void Conversation::rest() {
  if (!desk_) return;
  trim(desk_->output);
  trim(desk_->response.body);
  if (phase() != Phase::idle || has_output()) return;
  desk_->input.room();  // empty, it lets go of a large buffer
  loop_.desks.give_back(std::move(desk_));
}

Next Conversation::received(std::size_t count) {
  desk_->input.received(count);
  return go_on();
}

Next Conversation::go_on() {
  while (desk_->output.size() < kOutputGathered) {
    auto message = desk_->input.unread();
    if (message.empty()) return Next::read;
    auto progress = desk_->parser.read(message);
    if (progress == http::RequestParser::Progress::refused) {
      loop_.counters.framing_refusals.add();
      return refuse(desk_->parser.refusal());
    }
    if (progress == http::RequestParser::Progress::need_more) {
      desk_->input.shorten(message.size());
      if (!continued_ && desk_->parser.awaits_continue(message)) {
        continued_ = true;
        desk_->output += "HTTP/1.1 100 Continue\r\n\r\n";
      }
      return Next::read;
    }
    Next next = answer();
    if (next != Next::go_on) return next;
  }
  return Next::go_on;
}

Next Conversation::answer() {
  http::Request& request = desk_->parser.request();
  request.peer = peer_.address;
  request.secure = peer_.secure;
  desk_->response.reset();
  auto outcome = handler_.handle(request, desk_->response, http::Where::io_thread);
  return outcome == http::Outcome::needs_worker ? Next::work : finish();
}

void Conversation::work() {
  handler_.handle(desk_->parser.request(), desk_->response, http::Where::worker);
}

Next Conversation::worked() {
  Next next = finish();
  return next == Next::go_on ? go_on() : next;
}

Next Conversation::no_worker() {
  loop_.counters.worker_refusals.add();
  bool last = !desk_->parser.keep_alive() || loop_.draining;
  http::Refusal busy{503, "All workers are busy."};
  desk_->response.reset();
  if (handler_.refuse(busy.status, busy.reason, desk_->response)) {
    append_response(
        desk_->output, desk_->response, loop_.standing, body_of_answer(), persistence(last)
    );
  } else {
    append_problem(desk_->output, busy, loop_.standing, body_of_answer(), persistence(last));
  }
  Next next = end_message(last, !desk_->parser.keep_alive());
  return next == Next::go_on ? go_on() : next;
}

Next Conversation::finish() {
  bool last = !desk_->parser.keep_alive() || desk_->response.close || loop_.draining;
  append_response(
      desk_->output, desk_->response, loop_.standing, body_of_answer(), persistence(last)
  );
  return end_message(last, !desk_->parser.keep_alive());
}

Next Conversation::overdue() {
  bool stayed_idle = phase() == Phase::idle;
  if (!stayed_idle || message_number_ == 0) loop_.counters.timeouts.add();
  if (stayed_idle) return Next::close;
  return refuse({408, "The request did not arrive in time."});
}

Next Conversation::refuse(http::Refusal refusal) {
  desk_->response.reset();
  if (handler_.refuse(refusal.status, refusal.reason, desk_->response)) {
    append_response(desk_->output, desk_->response, loop_.standing, Body::sent, Persistence::close);
  } else {
    append_problem(desk_->output, refusal, loop_.standing, Body::sent, Persistence::close);
  }
  return Next::linger;
}

Next Conversation::end_message(bool last, bool asked_by_client) {
  loop_.counters.requests.add();
  ++message_number_;
  desk_->input.consume(desk_->parser.size());
  desk_->parser.reset();
  continued_ = false;
  if (!last) return Next::go_on;
  return asked_by_client && desk_->input.unread_size() == 0 ? Next::close : Next::linger;
}

Phase Conversation::phase() const {
  if (!desk_) return Phase::idle;
  if (desk_->parser.in_body()) return Phase::body;
  return desk_->input.unread_size() == 0 ? Phase::idle : Phase::head;
}

Body Conversation::body_of_answer() {
  return desk_->parser.request().method == http::Method::head ? Body::withheld : Body::sent;
}

Persistence Conversation::persistence(bool close) const {
  if (close) return Persistence::close;
  return desk_->parser.is_http11() ? Persistence::implied : Persistence::keep_alive;
}

}  // namespace keystead::net

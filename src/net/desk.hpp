// What it takes to read and answer requests: buffers, a parser, a response. A connection has a desk
// from when bytes arrive until all that they ask is answered. So an idle connection holds next to
// no memory, and the desk that the next connection gets is the one whose memory the processor saw
// last.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "http/request_parser.hpp"
#include "http/response.hpp"
#include "net/input_buffer.hpp"

namespace keystead::net {

struct Desk {
  explicit Desk(http::RequestLimits const& limits) : parser(limits) {}

  InputBuffer input;
  http::RequestParser parser;
  http::Response response;
  std::string output;
};

// The free desks of one loop. For one thread.
class Desks {
 public:
  std::unique_ptr<Desk> take(http::RequestLimits const& limits) {
    if (free_.empty()) return std::make_unique<Desk>(limits);
    auto desk = std::move(free_.back());
    free_.pop_back();
    return desk;
  }
  // REQUIRES: nothing unread, nothing unsent, and a parser between two messages.
  void give_back(std::unique_ptr<Desk> desk) {
    if (free_.size() < kFreeMax) free_.push_back(std::move(desk));
  }

 private:
  static constexpr std::size_t kFreeMax = 64;

  std::vector<std::unique_ptr<Desk>> free_;
};

}  // namespace keystead::net

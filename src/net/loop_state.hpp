// What the conversations of one loop have in common. Its counters aside, it is touched by the
// loop's thread only.
#pragma once

#include "net/counters.hpp"
#include "net/desk.hpp"
#include "net/response_writer.hpp"

namespace keystead::net {

struct LoopState {
  explicit LoopState(std::string_view server_name) : standing(server_name) {}

  StandingHeaders standing;
  LoopCounters counters;
  Desks desks;
  bool draining = false;  // every answer from now on is its connection's last
};

}  // namespace keystead::net

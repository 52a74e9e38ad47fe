// What is told of every tools/call: who limits or records calls is no matter of this room.
#pragma once

#include <functional>
#include <optional>

#include "domain/permit.hpp"
#include "http/response.hpp"

namespace keystead::mcp {

struct Tool;

// Each may be empty. They are called from any thread, once for a tool that runs, and never for one
// that another thread will run.
struct CallHooks {
  // After permission and arguments were checked, before the tool runs: whether it may run now.
  // It may add header fields to the response.
  std::function<std::optional<domain::Denial>(domain::Permit const&, Tool const&, http::Response&)>
      before_call{};
  // After it ran. `ok` is false for a refusal of the tool's own and for one that threw.
  std::function<void(domain::Permit const&, Tool const&, bool ok)> after_call{};
};

}  // namespace keystead::mcp

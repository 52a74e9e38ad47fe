// The line between sockets and everything else. net calls a Handler and knows no more of the
// business than this.
#pragma once

#include "http/request.hpp"
#include "http/response.hpp"

namespace keystead::http {

enum class Where { io_thread, worker };
enum class Outcome { answered, needs_worker };

class Handler {
 public:
  virtual ~Handler() = default;

  // Answers `request` into `response`, which is reset. On an io thread a handler that would have to
  // wait (for the database, for another thread) leaves the response alone and returns needs_worker;
  // it is then called again on a worker, where it must answer. Called from many threads at once.
  // Does not throw.
  virtual Outcome handle(Request const& request, Response& response, Where where) = 0;

  // Words the answer to what is refused before it is a request: doubtful framing, a limit that was
  // passed. False where it has no words of its own. From many threads at once; does not wait and
  // does not throw.
  virtual bool refuse(int /*status*/, std::string_view /*reason*/, Response& /*response*/) {
    return false;
  }
};

}  // namespace keystead::http

// Writes responses into the one string that answers a read. What frames a message (Content-Length,
// Connection, Date) is written here and nowhere else.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "http/grammar.hpp"
#include "http/response.hpp"

namespace keystead::net {

// The header lines every answer of a loop carries: Date, and Server where it has a name. Kept up by
// the loop once a second.
class StandingHeaders {
 public:
  explicit StandingHeaders(std::string_view server_name);
  void set_time(std::chrono::sys_seconds now);
  std::string_view text() const { return std::string_view(ok_head_).substr(kOk.size()); }
  // The same after the status line of 200.
  std::string_view ok_head() const { return ok_head_; }

 private:
  static constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\n";

  std::string server_line_;
  std::string ok_head_{kOk};
  std::chrono::sys_seconds time_{};
};

enum class Body { sent, withheld };  // withheld: the answer to HEAD
enum class Persistence {
  implied,
  keep_alive,
  close
};  // keep_alive is said to HTTP/1.0 clients only

void append_response(
    std::string& out,
    http::Response const& response,
    StandingHeaders const& standing,
    Body body,
    Persistence persistence
);

// A refusal made here, before any handler: an RFC 9457 problem.
void append_problem(
    std::string& out,
    http::Refusal refusal,
    StandingHeaders const& standing,
    Body body,
    Persistence persistence
);

}  // namespace keystead::net

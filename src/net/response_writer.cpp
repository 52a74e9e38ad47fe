#include "net/response_writer.hpp"

#include <charconv>
#include <cstdio>

namespace keystead::net {
namespace {

constexpr std::string_view kProblemType = "application/problem+json";

void append_number(std::string& out, std::size_t number) {
  char digits[24];
  auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

void append_status_line(std::string& out, int status) {
  if (status == 200) {
    out += "HTTP/1.1 200 OK\r\n";
    return;
  }
  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::size_t>(status));
  out += ' ';
  out += http::reason_phrase(status);
  out += "\r\n";
}

void append_persistence(std::string& out, Persistence persistence) {
  if (persistence == Persistence::close) out += "Connection: close\r\n";
  if (persistence == Persistence::keep_alive) out += "Connection: keep-alive\r\n";
}

bool has_content(int status) {
  return status >= 200 && status != 204 && status != 304;
}

// RFC 9110 §5.6.7: Sun, 06 Nov 1994 08:49:37 GMT.
std::string http_date(std::chrono::sys_seconds time) {
  using namespace std::chrono;
  constexpr char kDays[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr char kMonths[][4] = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
  };
  auto day = floor<days>(time);
  year_month_day date{day};
  hh_mm_ss clock{time - day};
  char text[48];
  int size = std::snprintf(
      text,
      sizeof text,
      "%s, %02u %s %04d %02d:%02d:%02d GMT",
      kDays[weekday{day}.c_encoding()],
      static_cast<unsigned>(date.day()),
      kMonths[static_cast<unsigned>(date.month()) - 1],
      static_cast<int>(date.year()),
      static_cast<int>(clock.hours().count()),
      static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count())
  );
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace

StandingHeaders::StandingHeaders(std::string_view server_name) {
  if (!server_name.empty()) server_line_ = "Server: " + std::string(server_name) + "\r\n";
}

void StandingHeaders::set_time(std::chrono::sys_seconds now) {
  if (now == time_) return;
  time_ = now;
  text_ = "Date: " + http_date(now) + "\r\n" + server_line_;
}

void append_response(
    std::string& out,
    http::Response const& response,
    StandingHeaders const& standing,
    Body body,
    Persistence persistence
) {
  append_status_line(out, response.status);
  out += standing.text();
  bool content = has_content(response.status);
  if (content && !response.content_type.empty()) {
    out += "Content-Type: ";
    out += response.content_type;
    out += "\r\n";
  }
  if (content) {
    out += "Content-Length: ";
    append_number(out, response.body.size());
    out += "\r\n";
  }
  out += response.header_text();
  append_persistence(out, persistence);
  out += "\r\n";
  if (content && body == Body::sent) out += response.body;
}

void append_problem(
    std::string& out,
    http::Refusal refusal,
    StandingHeaders const& standing,
    Body body,
    Persistence persistence
) {
  http::Response response;
  response.status = refusal.status;
  response.content_type = kProblemType;
  response.body = R"({"type":"about:blank","title":")";
  response.body += http::reason_phrase(refusal.status);
  response.body += R"(","status":)";
  append_number(response.body, static_cast<std::size_t>(refusal.status));
  response.body += R"(,"detail":")";
  response.body += refusal.reason;
  response.body += R"("})";
  // RFC 9110 §15.5.6 and §10.2.3: which methods are served, and when to come again.
  if (refusal.status == 405) response.add("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  if (refusal.status == 503) response.add("Retry-After", "1");
  append_response(out, response, standing, body, persistence);
}

}  // namespace keystead::net

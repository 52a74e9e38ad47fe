#include "net/response_writer.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace keystead::net {
namespace {

constexpr std::string_view kProblemType = "application/problem+json";

constexpr std::size_t kDigitsMax = 20;  // of 64 bits

void append_number(std::string& out, std::size_t number) {
  char digits[kDigitsMax];
  auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

// Writes into room that has been made for the whole head, so that a response costs one growth of
// the output.
class Pen {
 public:
  explicit Pen(char* at) : at_(at) {}
  void put(std::string_view text) {
    // Not memcpy, which an empty view without data() must not reach: no content type, no headers.
    at_ = std::copy(text.begin(), text.end(), at_);
  }
  void put(std::size_t number) { at_ = std::to_chars(at_, at_ + kDigitsMax, number).ptr; }
  char* at() const { return at_; }

 private:
  char* at_;
};

// More than all the text that is written here but for what the response and the standing headers
// hold.
constexpr std::size_t kFixedTextMax = 256;

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
  ok_head_ = std::string(kOk) + "Date: " + http_date(now) + "\r\n" + server_line_;
}

void append_response(
    std::string& out,
    http::Response const& response,
    StandingHeaders const& standing,
    Body body,
    Persistence persistence
) {
  bool content = has_content(response.status);
  std::string_view sent = content && body == Body::sent ? response.body : std::string_view();
  std::size_t before = out.size();
  std::size_t room = standing.ok_head().size() + response.content_type.size() +
                     response.header_text().size() + sent.size() + kFixedTextMax;
  out.resize_and_overwrite(before + room, [&](char* begin, std::size_t) {
    Pen pen(begin + before);
    if (response.status == 200) {
      pen.put(standing.ok_head());
    } else {
      pen.put("HTTP/1.1 ");
      pen.put(static_cast<std::size_t>(response.status));
      pen.put(" ");
      pen.put(http::reason_phrase(response.status));
      pen.put("\r\n");
      pen.put(standing.text());
    }
    if (content && !response.content_type.empty()) {
      pen.put("Content-Type: ");
      pen.put(response.content_type);
      pen.put("\r\n");
    }
    if (content) {
      pen.put("Content-Length: ");
      pen.put(response.body.size());
      pen.put("\r\n");
    }
    pen.put(response.header_text());
    if (persistence == Persistence::close) pen.put("Connection: close\r\n");
    if (persistence == Persistence::keep_alive) pen.put("Connection: keep-alive\r\n");
    pen.put("\r\n");
    pen.put(sent);
    return static_cast<std::size_t>(pen.at() - begin);
  });
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

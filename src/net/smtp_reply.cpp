#include "net/smtp_reply.hpp"

#include <algorithm>
#include <utility>

#include "http/fetcher.hpp"
#include "http/request.hpp"

namespace keystead::net {
namespace {

// RFC 5321 §4.5.3.1.5 allows 512 bytes.
constexpr std::size_t kLineBytesMax = 1024;
constexpr std::size_t kLinesMax = 100;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::unexpected<Failure> no_reply() {
  return http::fetch_failed("the server: does not speak SMTP");
}

}  // namespace

std::string const* SmtpReply::find(std::string_view keyword) const {
  for (auto const& line : lines) {
    std::string_view word = std::string_view(line).substr(0, line.find(' '));
    if (http::equals_ignoring_case(word, keyword)) return &line;
  }
  return nullptr;
}

std::string SmtpReply::text() const {
  return std::to_string(code) + " " + lines.front();
}

Result<bool> SmtpReplyReader::read(std::string_view bytes) {
  unread_ += bytes;
  std::size_t begin = 0;
  bool is_whole = false;
  for (auto end = unread_.find("\r\n"); end != std::string::npos;
       end = unread_.find("\r\n", begin)) {
    if (is_whole) return http::fetch_failed("the server: says more than it was asked");
    is_whole = TRY(take_line(std::string_view(unread_).substr(begin, end - begin)));
    begin = end + 2;
  }
  unread_.erase(0, begin);
  if (is_whole && !unread_.empty()) {
    return http::fetch_failed("the server: says more than it was asked");
  }
  if (unread_.size() > kLineBytesMax) return no_reply();
  return is_whole;
}

SmtpReply SmtpReplyReader::take() {
  return std::exchange(reply_, {});
}

// Whether it was the last one.
Result<bool> SmtpReplyReader::take_line(std::string_view line) {
  bool has_code = line.size() >= 3 && std::ranges::all_of(line.substr(0, 3), is_digit);
  bool is_line = has_code && (line.size() == 3 || line[3] == ' ' || line[3] == '-');
  if (!is_line || line.size() > kLineBytesMax) return no_reply();
  int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  bool goes_on = !reply_.lines.empty();
  if (code < 200 || code > 599 || (goes_on && code != reply_.code)) return no_reply();
  if (reply_.lines.size() == kLinesMax) return no_reply();
  reply_.code = code;
  reply_.lines.emplace_back(line.size() > 4 ? line.substr(4) : std::string_view());
  return line.size() == 3 || line[3] == ' ';
}

}  // namespace keystead::net

// Cuts the next CRLF line off a growing buffer, remembering how far it has looked, so that a line
// which arrives byte by byte is searched once. Positions are offsets, since the buffer may move
// between calls.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

namespace keystead::http {

class LineScanner {
 public:
  enum class Found { line, nothing_yet, too_long, bare_line_feed };

  void begin(std::size_t at) { at_ = scanned_ = at; }
  std::size_t at() const { return at_; }

  // Looks for the line at at() in `text`. A line, with its CRLF, may have `size_max` bytes; a
  // longer one is too long as soon as that many have come without an end, whatever they hold.
  Found next(std::string_view text, std::size_t size_max, std::string_view& line) {
    void const* feed = std::memchr(text.data() + scanned_, '\n', text.size() - scanned_);
    std::size_t end =
        feed ? static_cast<std::size_t>(static_cast<char const*>(feed) - text.data()) + 1
             : text.size();
    if (end - at_ > size_max) return Found::too_long;
    scanned_ = end;
    if (!feed) return Found::nothing_yet;
    if (end - at_ < 2 || text[end - 2] != '\r') return Found::bare_line_feed;
    line = text.substr(at_, end - 2 - at_);
    at_ = end;
    return Found::line;
  }

 private:
  std::size_t at_ = 0;
  std::size_t scanned_ = 0;
};

}  // namespace keystead::http

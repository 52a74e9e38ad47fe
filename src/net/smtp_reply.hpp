// What a mail server says, read as RFC 5321 §4.2 writes it and no other way, within limits.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace keystead::net {

struct SmtpReply {
  int code = 0;
  std::vector<std::string> lines;  // their texts, at least one

  // What is left of a line that begins with this word, whatever its case; null if there is none.
  std::string const* find(std::string_view keyword) const;
  // "550 no such user", for the log.
  std::string text() const;
};

class SmtpReplyReader {
 public:
  // Takes the next bytes; whether a whole reply is there now. Fails for what is no reply, is too
  // long, or goes on behind the reply: nobody was asked for more, and what is said before TLS
  // begins must not count behind it.
  Result<bool> read(std::string_view bytes);
  // REQUIRES: read() said that it is there. The next one may be read then.
  SmtpReply take();

 private:
  Result<bool> take_line(std::string_view line);

  std::string unread_;
  SmtpReply reply_;
};

}  // namespace keystead::net

// A message as RFC 5322 writes it: plain text in UTF-8, to one recipient. What is put in by others,
// a name or an address, ends no line and begins no header (attack 112).
#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace keystead::codec {

struct InternetMessage {
  std::string from;            // an address
  std::string from_name = {};  // what people read instead
  std::string to;              // an address
  std::string subject;
  std::string text;  // lines end with line feeds
  Time date;
  std::string id;  // of letters and digits, unlike every other's
};

// invalid_request if an address is not local@domain in printable ASCII, or holds what has a meaning
// in a header.
Result<std::string> write_message(InternetMessage const& message);

}  // namespace keystead::codec

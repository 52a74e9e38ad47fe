// The words of HTTP's grammar (RFC 9110 §5.6, RFC 9112 §5), read strictly: what two programs could
// read in two ways is refused, not repaired.
#pragma once

#include <expected>
#include <string_view>

#include "http/request.hpp"

namespace keystead::http {

// Why a message is not served. The reason is a literal without quotes or backslashes, fit to stand
// in JSON as it is.
struct Refusal {
  int status = 400;
  std::string_view reason;
};

bool is_token_char(char c);
bool is_token(std::string_view text);
bool is_hex_digit(char c);

// A host with an optional port, as the Host header carries it: a name, an IPv4 address, or an IPv6
// address in brackets.
bool is_host(std::string_view text);

// Whether a comma-separated list such as Connection's holds `token`, whatever its case.
bool list_contains(std::string_view list, std::string_view token);

// Splits a header line, given without its CRLF. Refuses folding, white space before the colon, an
// empty or ill-formed name and control characters in the value.
std::expected<Header, Refusal> read_header_line(std::string_view line);

}  // namespace keystead::http

// The target of a request line (RFC 9112 §3.2). There is one reading of a path here: a target that
// another program might decode, fold or cut differently is refused, and what is accepted is routed,
// and forwarded, byte for byte.
#pragma once

#include <expected>
#include <string_view>

#include "http/grammar.hpp"

namespace keystead::http {

struct RequestTarget {
  std::string_view
      path;  // begins with /, is * for OPTIONS, or empty for http://host, which means /
  std::string_view query;      // without the question mark
  std::string_view authority;  // of the absolute form; the caller compares it with Host
};

std::expected<RequestTarget, Refusal> read_request_target(std::string_view text, Method method);

}  // namespace keystead::http

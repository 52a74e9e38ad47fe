// A parsed HTTP request: views into the buffer that it was read from, valid until its response has
// been written.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace keystead::http {

enum class Method { get, head, post, put, patch, del, options, other };

struct Header {
  std::string_view name;   // as sent; compare with equals_ignoring_case
  std::string_view value;  // without surrounding white space
};

struct Request {
  Method method = Method::other;
  std::string_view method_text;
  std::string_view path;  // origin form, checked: begins with /, holds no escape of a slash, dot or
                          // NUL, no dot segments
  std::string_view query;  // without the question mark
  std::string_view host;
  std::span<Header const> headers;
  std::string_view body;  // de-chunked
  std::string_view peer;  // the address of the other end, without port; "local" on a Unix socket
  bool secure = false;    // over TLS
};

bool same_letters(char const* a, char const* b, std::size_t size);

// ASCII. Nearly all that is compared differs in its length or its first letter, which costs no
// call.
inline bool equals_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  return a.empty() || (((a[0] ^ b[0]) & ~0x20) == 0 && same_letters(a.data(), b.data(), a.size()));
}

// The value of a header that may come once. Nothing if it is absent; the first if it was repeated.
std::optional<std::string_view> find_header(Request const& request, std::string_view name);

std::size_t count_headers(Request const& request, std::string_view name);

}  // namespace keystead::http

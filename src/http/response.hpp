// An HTTP response as a handler writes it. A connection uses one Response again and again, so that
// its strings keep their capacity and an answer costs no allocation.
#pragma once

#include <string>
#include <string_view>

namespace keystead::http {

class Response {
 public:
  int status = 200;
  std::string_view
      content_type;  // must outlive the response: a literal or configuration; empty for none
  std::string body;
  bool close = false;  // end the connection after this response

  // Adds a header. Control characters in the value (CR and LF above all) are replaced by spaces, so
  // that nothing a caller sent can split the response. Never Content-Length, Content-Type, Date,
  // Connection or Transfer-Encoding: the connection sets them.
  void add(std::string_view name, std::string_view value);

  // "Name: value\r\n" for each added header.
  std::string_view header_text() const { return headers_; }
  // The value of an added header, for tests and for the table in api/problem.cpp; empty if there is
  // none.
  std::string_view find(std::string_view name) const;

  void reset();
  // What is left is status and headers.
  void drop_body();

 private:
  std::string headers_;
};

// The reason phrase of RFC 9110, such as "Not Found".
std::string_view reason_phrase(int status);

}  // namespace keystead::http

// The strict, incremental reader of HTTP/1.1 and 1.0 requests, without I/O: it is shown the bytes
// of one message as they arrive and says whether it needs more, has a whole request, or refuses.
// Every limit is held while reading, not afterwards. It allocates nothing once it has seen a
// request with as many headers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "http/chunked_body.hpp"
#include "http/grammar.hpp"
#include "http/line_scanner.hpp"
#include "http/request.hpp"
#include "http/request_target.hpp"

namespace keystead::http {

struct RequestLimits {
  std::size_t request_line = 8 * 1024;   // bytes, with the CRLF: 414
  std::size_t header_bytes = 16 * 1024;  // of all header and trailer lines: 431
  std::size_t header_count = 100;        // of headers and trailers: 431
  std::size_t body = 1024 * 1024;        // bytes, without chunk framing: 413
};

class RequestParser {
 public:
  enum class Progress { need_more, complete, refused };

  explicit RequestParser(RequestLimits const& limits) : limits_(limits) {}

  // Reads on in `message`: all bytes received from the first of this request on, at most 4 GiB.
  // They may have moved since the last call. Chunk framing is taken out in place, and `message` is
  // shortened by what was taken out.
  Progress read(std::span<char>& message);

  // Once complete, and until the bytes move or reset(). Its peer and secure are left for the
  // connection to set.
  Request& request() { return request_; }
  // How many bytes of the buffer the request took, once complete. The next request begins after
  // them.
  std::size_t size() const { return end_; }
  // Why it was refused. Where the next message would begin is not known then: the connection must
  // end.
  Refusal refusal() const { return refusal_; }

  bool keep_alive() const { return http11_ ? !close_asked_ : keep_alive_asked_ && !close_asked_; }
  bool is_http11() const { return http11_; }
  bool in_body() const { return stage_ == Stage::sized_body || stage_ == Stage::chunked_body; }
  // The client holds the body back until it is told to continue.
  bool awaits_continue(std::span<char const> message) const {
    return in_body() && continue_asked_ && message.size() == head_end_;
  }

  void reset();

 private:
  enum class Stage { request_line, headers, sized_body, chunked_body, refused };
  struct Slice {
    std::uint32_t at = 0;
    std::uint32_t size = 0;
  };
  struct Field {
    Slice name;
    Slice value;
  };
  using Fault = std::optional<Refusal>;

  Progress read_head(std::string_view text);
  Progress read_body(std::span<char>& message);
  Fault read_request_line(std::string_view line);
  Fault read_method(std::string_view method);
  Fault read_version(std::string_view version);
  Fault read_header(std::string_view line);
  Fault note_header(Header const& header);
  Fault note_host(std::string_view value);
  Fault note_content_length(std::string_view value);
  Fault note_transfer_encoding(std::string_view value);
  Fault note_expectation(std::string_view value);
  Fault finish_head(std::string_view text);
  void assemble(std::string_view message, std::size_t body_size);
  Progress refuse(Refusal refusal);

  Slice slice(std::string_view part) const;

  RequestLimits limits_;
  Stage stage_ = Stage::request_line;
  LineScanner lines_;
  char const* base_ = nullptr;  // of the message, during one call of read()
  std::size_t headers_begin_ = 0;
  std::size_t head_end_ = 0;
  std::size_t end_ = 0;

  Method method_ = Method::other;
  Slice method_text_;
  Slice path_;  // empty for "/" where an absolute URL has none
  Slice query_;
  Slice authority_;
  Slice host_;
  std::vector<Field> fields_;
  std::optional<std::size_t> content_length_;
  bool chunked_ = false;
  bool host_seen_ = false;
  bool http11_ = true;
  bool close_asked_ = false;
  bool keep_alive_asked_ = false;
  bool continue_asked_ = false;

  ChunkedBody chunks_;
  Refusal refusal_;
  std::vector<Header> headers_;
  Request request_;
};

}  // namespace keystead::http

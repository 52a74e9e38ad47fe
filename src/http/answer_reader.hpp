// Takes another server's HTTP/1.1 answer out of the bytes that arrive, as strictly as requests are
// read. Every limit is held while reading, not afterwards.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "http/chunked_body.hpp"
#include "http/fetcher.hpp"
#include "http/line_scanner.hpp"

namespace keystead::http {

class AnswerReader {
 public:
  static constexpr std::size_t kHeadMax = 16 * 1024;  // bytes, with the status line
  static constexpr std::size_t kTrailersMax = 20;
  static constexpr int kInterimMax = 4;  // answers before the answer (RFC 9110 §15.2)

  explicit AnswerReader(std::size_t body_bytes_max) : body_bytes_max_(body_bytes_max) {}

  // Whether the answer is complete; what follows it is passed over. A failure is final. Refuses,
  // among others, a body that was compressed: it may unpack to anything.
  Result<bool> read(std::string_view bytes);

  // The other end has closed. This completes an answer that has no length.
  Result<> end();

  // Once complete.
  FetchAnswer take();

 private:
  enum class Stage { status_line, headers, sized_body, chunked_body, open_body, complete };

  Result<bool> read_head();
  Result<> read_status_line(std::string_view line);
  Result<> read_header(std::string_view line);
  Result<> note_content_length(std::string_view value);
  Result<> note_transfer_encoding(std::string_view value);
  Result<> finish_head();
  Result<> begin_body();
  Result<bool> read_body();
  Result<bool> read_chunks();

  std::size_t const body_bytes_max_;
  Stage stage_ = Stage::status_line;
  std::string unread_;  // in the body's stages: the body so far
  LineScanner lines_;
  ChunkedBody chunks_;
  FetchAnswer answer_;
  std::optional<std::size_t> content_length_;
  bool chunked_ = false;
  bool http11_ = true;
  int interim_ = 0;
};

}  // namespace keystead::http

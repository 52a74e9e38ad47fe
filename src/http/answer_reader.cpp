#include "http/answer_reader.hpp"

#include <charconv>
#include <utility>

#include "http/grammar.hpp"

namespace keystead::http {
namespace {

constexpr std::size_t kLengthDigitsMax = 18;

std::unexpected<Failure> refused(std::string_view why) {
  return fetch_failed("the answer: " + std::string(why));
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

Result<bool> AnswerReader::read(std::string_view bytes) {
  unread_ += bytes;
  while (stage_ == Stage::status_line || stage_ == Stage::headers) {
    if (!TRY(read_head())) return false;
  }
  return read_body();
}

Result<bool> AnswerReader::read_head() {
  while (true) {
    std::string_view line;
    switch (lines_.next(unread_, kHeadMax - lines_.at(), line)) {
      case LineScanner::Found::nothing_yet: return false;
      case LineScanner::Found::bare_line_feed: return refused("A line does not end in CRLF.");
      case LineScanner::Found::too_long: return refused("The header fields are too large.");
      case LineScanner::Found::line: break;
    }
    if (stage_ == Stage::status_line) {
      TRY(read_status_line(line));
    } else if (line.empty()) {
      TRY(finish_head());
      return true;
    } else {
      TRY(read_header(line));
    }
  }
}

// RFC 9112 §4, but that the space before an empty reason may be missing, as it often is.
Result<> AnswerReader::read_status_line(std::string_view line) {
  constexpr std::size_t kSize = 12;
  http11_ = line.starts_with("HTTP/1.1 ");
  if (!http11_ && !line.starts_with("HTTP/1.0 ")) return refused("It is not HTTP/1.1 or HTTP/1.0.");
  bool formed = line.size() >= kSize && is_digit(line[9]) && is_digit(line[10]) &&
                is_digit(line[11]) && (line.size() == kSize || line[kSize] == ' ');
  if (!formed) return refused("The status line is malformed.");
  std::from_chars(line.data() + 9, line.data() + kSize, answer_.status);
  if (answer_.status < 100 || answer_.status > 599) return refused("There is no such status.");
  if (answer_.status == 101) return refused("It changes to a protocol that was not asked for.");
  stage_ = Stage::headers;
  return {};
}

Result<> AnswerReader::read_header(std::string_view line) {
  auto header = read_header_line(line);
  if (!header) return refused(header.error().reason);
  answer_.headers.push_back({std::string(header->name), std::string(header->value)});
  auto is = [&](std::string_view name) { return equals_ignoring_case(header->name, name); };
  if (is("Content-Length")) return note_content_length(header->value);
  if (is("Transfer-Encoding")) return note_transfer_encoding(header->value);
  if (is("Content-Encoding") && !equals_ignoring_case(header->value, "identity")) {
    return refused("The body is compressed.");
  }
  return {};
}

Result<> AnswerReader::note_content_length(std::string_view value) {
  if (content_length_) return refused("There is more than one Content-Length header.");
  std::size_t length = 0;
  auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
  if (value.size() > kLengthDigitsMax || error != std::errc{} ||
      end != value.data() + value.size()) {
    return refused("The Content-Length is not a number.");
  }
  content_length_ = length;
  return {};
}

Result<> AnswerReader::note_transfer_encoding(std::string_view value) {
  if (chunked_) return refused("There is more than one Transfer-Encoding header.");
  if (!http11_) return refused("HTTP/1.0 has no Transfer-Encoding.");
  if (!equals_ignoring_case(value, "chunked")) {
    return refused("The transfer coding is not chunked.");
  }
  chunked_ = true;
  return {};
}

Result<> AnswerReader::finish_head() {
  if (chunked_ && content_length_) {
    return refused("Content-Length and Transfer-Encoding exclude each other.");
  }
  std::size_t size = lines_.at();
  unread_.erase(0, size);
  lines_.begin(0);
  if (answer_.status >= 200) return begin_body();
  if (++interim_ > kInterimMax) return refused("There are too many before it.");
  answer_ = {};
  content_length_.reset();
  chunked_ = false;
  stage_ = Stage::status_line;
  return {};
}

// RFC 9112 §6.3.
Result<> AnswerReader::begin_body() {
  if (answer_.status == 204 || answer_.status == 304) {
    content_length_ = 0;
    chunked_ = false;
  }
  if (content_length_.value_or(0) > body_bytes_max_) return refused("The body is too large.");
  stage_ = chunked_ ? Stage::chunked_body : content_length_ ? Stage::sized_body : Stage::open_body;
  chunks_.begin(
      0, {.body = body_bytes_max_, .trailer_bytes = kHeadMax, .trailer_count = kTrailersMax}
  );
  return {};
}

Result<bool> AnswerReader::read_body() {
  if (stage_ == Stage::chunked_body) return read_chunks();
  if (stage_ == Stage::open_body) {
    if (unread_.size() > body_bytes_max_) return refused("The body is too large.");
    return false;
  }
  if (stage_ == Stage::sized_body) {
    std::size_t size = content_length_.value_or(0);
    if (unread_.size() < size) return false;
    unread_.resize(size);
    stage_ = Stage::complete;
  }
  return true;
}

Result<bool> AnswerReader::read_chunks() {
  std::span<char> message(unread_);
  auto progress = chunks_.read(message);
  unread_.resize(message.size());
  if (progress == ChunkedBody::Progress::refused) return refused(chunks_.refusal().reason);
  if (progress == ChunkedBody::Progress::need_more) return false;
  unread_.resize(chunks_.body_size());
  stage_ = Stage::complete;
  return true;
}

Result<> AnswerReader::end() {
  if (stage_ == Stage::open_body) stage_ = Stage::complete;
  if (stage_ == Stage::status_line && unread_.empty()) return refused("There is none.");
  if (stage_ != Stage::complete) return refused("It ends before it is complete.");
  return {};
}

FetchAnswer AnswerReader::take() {
  answer_.body = std::move(unread_);
  return std::move(answer_);
}

}  // namespace keystead::http

#include "http/chunked_body.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

namespace keystead::http {
namespace {

constexpr std::size_t kSizeDigitsMax = 8;

}  // namespace

void ChunkedBody::begin(std::size_t at, Limits limits) {
  stage_ = Stage::size;
  limits_ = limits;
  lines_.begin(at);
  body_begin_ = body_end_ = at;
  chunk_left_ = 0;
}

ChunkedBody::Progress ChunkedBody::read(std::span<char>& message) {
  Step now = Step::again;
  while (now == Step::again) now = step(message);
  if (now == Step::refused) return Progress::refused;
  if (now == Step::complete) return Progress::complete;
  take_out_framing(message);
  return Progress::need_more;
}

ChunkedBody::Step ChunkedBody::step(std::span<char> message) {
  switch (stage_) {
    case Stage::size: return read_size(message);
    case Stage::data: return read_data(message);
    case Stage::data_end: return read_data_end(message);
    case Stage::trailer: return read_trailer(message);
  }
  std::unreachable();
}

// The line is so short that it is read from its first byte each time, and a wrong byte is refused
// when it comes.
ChunkedBody::Step ChunkedBody::read_size(std::span<char> message) {
  std::size_t digits_end = lines_.at();
  while (digits_end < message.size() && is_hex_digit(message[digits_end])) ++digits_end;
  std::size_t digits = digits_end - lines_.at();
  if (digits > kSizeDigitsMax) return refuse(400, "A chunk size has too many digits.");
  if (digits_end == message.size()) return Step::need_more;
  if (digits == 0 || message[digits_end] != '\r') {
    return refuse(400, "A chunk size is not a bare hexadecimal number.");
  }
  if (digits_end + 1 == message.size()) return Step::need_more;
  if (message[digits_end + 1] != '\n') return refuse(400, "A chunk size does not end in CRLF.");

  std::from_chars(message.data() + lines_.at(), message.data() + digits_end, chunk_left_, 16);
  if (chunk_left_ > limits_.body - body_size()) return refuse(413, "The body is too large.");
  stage_ = chunk_left_ == 0 ? Stage::trailer : Stage::data;
  lines_.begin(digits_end + 2);
  return Step::again;
}

ChunkedBody::Step ChunkedBody::read_data(std::span<char> message) {
  std::size_t from = lines_.at();
  std::size_t count = std::min(chunk_left_, message.size() - from);
  if (from != body_end_) std::memmove(message.data() + body_end_, message.data() + from, count);
  body_end_ += count;
  chunk_left_ -= count;
  lines_.begin(from + count);
  if (chunk_left_ > 0) return Step::need_more;
  stage_ = Stage::data_end;
  return Step::again;
}

ChunkedBody::Step ChunkedBody::read_data_end(std::span<char> message) {
  auto rest = message.subspan(lines_.at());
  if (rest.empty()) return Step::need_more;
  if (rest[0] != '\r') return refuse(400, "A chunk is longer than its size.");
  if (rest.size() == 1) return Step::need_more;
  if (rest[1] != '\n') return refuse(400, "A chunk does not end in CRLF.");
  lines_.begin(lines_.at() + 2);
  stage_ = Stage::size;
  return Step::again;
}

ChunkedBody::Step ChunkedBody::read_trailer(std::span<char> message) {
  std::size_t from = lines_.at();
  std::string_view line;
  switch (lines_.next({message.data(), message.size()}, limits_.trailer_bytes, line)) {
    case LineScanner::Found::nothing_yet: return Step::need_more;
    case LineScanner::Found::too_long: return refuse(431, "The header fields are too large.");
    case LineScanner::Found::bare_line_feed: return refuse(400, "A line does not end in CRLF.");
    case LineScanner::Found::line: break;
  }
  if (line.empty()) return Step::complete;
  if (limits_.trailer_count == 0) return refuse(431, "There are too many header fields.");
  auto trailer = read_header_line(line);
  if (!trailer) return refuse(trailer.error().status, trailer.error().reason);
  --limits_.trailer_count;
  limits_.trailer_bytes -= lines_.at() - from;
  return Step::again;
}

ChunkedBody::Step ChunkedBody::refuse(int status, std::string_view reason) {
  refusal_ = {status, reason};
  return Step::refused;
}

void ChunkedBody::take_out_framing(std::span<char>& message) {
  std::size_t gap = lines_.at() - body_end_;
  if (gap == 0) return;
  std::memmove(
      message.data() + body_end_, message.data() + lines_.at(), message.size() - lines_.at()
  );
  lines_.begin(body_end_);
  message = message.first(message.size() - gap);
}

}  // namespace keystead::http

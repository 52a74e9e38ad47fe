// A body in chunks (RFC 9112 §7.1), put together in place: the data moves down over the chunk
// sizes, so that the body is one contiguous piece of the buffer it was read into. Extensions are
// refused; trailers are checked, counted and dropped.
#pragma once

#include <cstddef>
#include <span>

#include "http/grammar.hpp"
#include "http/line_scanner.hpp"

namespace keystead::http {

class ChunkedBody {
 public:
  enum class Progress { need_more, complete, refused };
  struct Limits {
    std::size_t body;
    std::size_t trailer_bytes;
    std::size_t trailer_count;
  };

  // The body begins at `at` of the message.
  void begin(std::size_t at, Limits limits);

  // Reads on. When it needs more, the framing read so far has been taken out and `message` is
  // shortened by it, so that a body of tiny chunks takes no more room than its data.
  Progress read(std::span<char>& message);

  std::size_t body_size() const { return body_end_ - body_begin_; }
  std::size_t end() const { return lines_.at(); }  // of the message, once complete
  Refusal refusal() const { return refusal_; }

 private:
  enum class Stage { size, data, data_end, trailer };
  enum class Step { again, need_more, complete, refused };

  Step step(std::span<char> message);
  Step read_size(std::span<char> message);
  Step read_data(std::span<char> message);
  Step read_data_end(std::span<char> message);
  Step read_trailer(std::span<char> message);
  Step refuse(int status, std::string_view reason);
  void take_out_framing(std::span<char>& message);

  Stage stage_ = Stage::size;
  Limits limits_{};
  LineScanner lines_;  // stands where the unread part begins
  std::size_t body_begin_ = 0;
  std::size_t body_end_ = 0;
  std::size_t chunk_left_ = 0;
  Refusal refusal_;
};

}  // namespace keystead::http

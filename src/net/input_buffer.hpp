// The one flat buffer a connection reads into. Requests are views into it, so it moves only between
// requests. How large it grows is bounded by the request limits: a message that is too large is
// refused before it fits in.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace keystead::net {

class InputBuffer {
 public:
  InputBuffer() { allocate(kSizeFirst); }

  std::span<char> unread() { return {bytes_.get() + begin_, end_ - begin_}; }
  std::size_t unread_size() const { return end_ - begin_; }

  // Where to read to, at least kRoomMin bytes. Moves what is unread: views into it end.
  std::span<char> room();
  void received(std::size_t count) { end_ += count; }
  void consume(std::size_t count) { begin_ += count; }
  // Cuts off the end of what is unread, down to `size`.
  void shorten(std::size_t size) { end_ = begin_ + size; }

 private:
  static constexpr std::size_t kSizeFirst = 8 * 1024;
  static constexpr std::size_t kSizeKept =
      64 * 1024;  // a larger one is given back when it is empty
  static constexpr std::size_t kRoomMin = 1024;

  void allocate(std::size_t size);

  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace keystead::net

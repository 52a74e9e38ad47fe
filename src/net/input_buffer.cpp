#include "net/input_buffer.hpp"

#include <cstring>

namespace keystead::net {

std::span<char> InputBuffer::room() {
  if (begin_ == end_) {
    begin_ = end_ = 0;
    if (size_ > kSizeKept) allocate(kSizeFirst);
  }
  if (size_ - end_ < kRoomMin && begin_ > 0) {
    std::memmove(bytes_.get(), bytes_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (size_ - end_ < kRoomMin) allocate(size_ * 2);
  return {bytes_.get() + end_, size_ - end_};
}

void InputBuffer::allocate(std::size_t size) {
  auto bytes = std::make_unique_for_overwrite<char[]>(size);
  if (end_ > begin_) std::memcpy(bytes.get(), bytes_.get() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  bytes_ = std::move(bytes);
  size_ = size;
}

}  // namespace keystead::net

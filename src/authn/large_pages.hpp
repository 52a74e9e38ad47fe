// Memory for what is large and read at random: in pages of 2 MiB where the system has them, so that
// finding one of a million things does not begin with finding its page.
#pragma once

#include <cstddef>
#include <new>

#include <sys/mman.h>

namespace keystead::authn {

inline constexpr std::size_t kLargePage = 2 * 1024 * 1024;

// An allocator for standard containers. Much less than a large page comes from the heap.
template <class T>
class LargePages {
 public:
  using value_type = T;

  LargePages() = default;
  template <class Other>
  LargePages(LargePages<Other> const&) {}

  T* allocate(std::size_t count) {
    std::size_t size = count * sizeof(T);
    if (size < kLargeFrom) return static_cast<T*>(::operator new(size, kAlignedForT));
    void* memory = ::operator new((size + kLargePage - 1) / kLargePage * kLargePage, kAligned);
    ::madvise(memory, size, MADV_HUGEPAGE);  // advice: without it everything works
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t count) {
    if (count * sizeof(T) < kLargeFrom)
      ::operator delete(memory, kAlignedForT);
    else
      ::operator delete(memory, kAligned);
  }

  friend bool operator==(LargePages, LargePages) { return true; }

 private:
  static constexpr std::size_t kLargeFrom = kLargePage / 2;
  static constexpr std::align_val_t kAligned{kLargePage};
  static constexpr std::align_val_t kAlignedForT{alignof(T)};
};

}  // namespace keystead::authn

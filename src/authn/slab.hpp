// Many objects of one type side by side, without malloc's share for each. For one thread at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "authn/large_pages.hpp"

// With AddressSanitizer the use of an object that was given back is seen, as it would be on the
// heap.
#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size) static_cast<void>(0)
#define ASAN_UNPOISON_MEMORY_REGION(address, size) static_cast<void>(0)
#endif

namespace keystead::authn {

template <class T>
class Slab {
 public:
  struct Return {
    Slab* slab = nullptr;
    void operator()(T* object) const { slab->give_back(object); }
  };
  using Owned = std::unique_ptr<T, Return>;

  Slab() = default;
  Slab(Slab const&) = delete;
  Slab& operator=(Slab const&) = delete;
  // REQUIRES: every object has been given back, or needs no destructor.
  ~Slab() {
    for (Piece const& piece : pieces_) {
      ASAN_UNPOISON_MEMORY_REGION(piece.places, piece.size * sizeof(Place));
      LargePages<Place>().deallocate(piece.places, piece.size);
    }
  }

  template <class... Arguments>
  Owned make(Arguments&&... arguments) {
    Place* place = take();
    return own(::new (place->bytes) T(std::forward<Arguments>(arguments)...));
  }
  // Takes an object of this slab that was released from its Owned.
  Owned own(T* object) { return Owned(object, Return{this}); }

  // What is taken from the system, whether in use or not.
  std::size_t memory_bytes() const { return total_ * sizeof(Place); }

 private:
  union Place {
    Place* next;  // while it is free
    alignas(T) unsigned char bytes[sizeof(T)];
  };
  struct Piece {
    Place* places;
    std::size_t size;
  };

  // The first piece is small, for who has few; each further one is a large page.
  static constexpr std::size_t kFirstPiece = 1024;
  static constexpr std::size_t kPiece = kLargePage / sizeof(Place);

  Place* take() {
    if (!free_) {
      if (fresh_ == fresh_end_) grow();
      return fresh_++;
    }
    ASAN_UNPOISON_MEMORY_REGION(free_, sizeof(Place));
    return std::exchange(free_, free_->next);
  }
  void grow() {
    std::size_t size = pieces_.empty() ? kFirstPiece : kPiece;
    fresh_ = LargePages<Place>().allocate(size);
    fresh_end_ = fresh_ + size;
    pieces_.push_back({fresh_, size});
    total_ += size;
  }
  void give_back(T* object) {
    object->~T();
    auto* place = reinterpret_cast<Place*>(object);
    place->next = std::exchange(free_, place);
    ASAN_POISON_MEMORY_REGION(place, sizeof(Place));
  }

  std::vector<Piece> pieces_;
  std::size_t total_ = 0;
  Place* free_ = nullptr;
  Place* fresh_ = nullptr;
  Place* fresh_end_ = nullptr;
};

}  // namespace keystead::authn

// How many connections there may be, in all and from one peer. Taken when a connection is accepted
// and given back when it ends, from any thread; no request touches it.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <utility>

#include "net/options.hpp"

namespace keystead::net {

class PeerSlots {
 public:
  // The address family and an IPv4 address or the first 64 bits of an IPv6 address: whoever has one
  // IPv6 address has 2^64.
  using Key = std::pair<bool, std::uint64_t>;

  // One connection's place, given back when it ends.
  class Slot {
   public:
    Slot() = default;
    Slot(Slot&& other) noexcept : slots_(std::exchange(other.slots_, nullptr)), key_(other.key_) {}
    Slot& operator=(Slot&& other) noexcept {
      std::swap(slots_, other.slots_);
      std::swap(key_, other.key_);
      return *this;
    }
    ~Slot() {
      if (slots_) slots_->give_back(key_);
    }
    explicit operator bool() const { return slots_ != nullptr; }

   private:
    friend PeerSlots;
    Slot(PeerSlots* slots, Key key) : slots_(slots), key_(key) {}
    PeerSlots* slots_ = nullptr;
    Key key_;
  };

  explicit PeerSlots(ConnectionLimits limits) : limits_(limits) {}

  // Empty if a limit is reached.
  Slot take(Key key);

 private:
  void give_back(Key key);

  ConnectionLimits limits_;
  std::mutex mutex_;
  std::size_t total_ = 0;
  std::map<Key, std::size_t> by_peer_;
};

}  // namespace keystead::net

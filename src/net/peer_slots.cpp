#include "net/peer_slots.hpp"

namespace keystead::net {

PeerSlots::Slot PeerSlots::take(Key key) {
  std::lock_guard lock(mutex_);
  if (total_ >= limits_.total) return {};
  auto& count = by_peer_[key];  // never left at zero: per_peer is at least one
  if (count >= limits_.per_peer) return {};
  ++count;
  ++total_;
  return {this, key};
}

void PeerSlots::give_back(Key key) {
  std::lock_guard lock(mutex_);
  --total_;
  auto place = by_peer_.find(key);
  if (--place->second == 0) by_peer_.erase(place);
}

}  // namespace keystead::net

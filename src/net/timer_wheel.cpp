#include "net/timer_wheel.hpp"

#include <algorithm>

namespace keystead::net {

void TimerWheel::remove(Entry& entry) {
  if (entry.placed_ == Entry::kUnlinked) return;
  auto& entries = slot(entry.placed_);
  entries[entry.index_] = entries.back();
  entries[entry.index_]->index_ = entry.index_;
  entries.pop_back();
  entry.placed_ = Entry::kUnlinked;
}

// What lies beyond the last slot is put there and looked at again when its turn has come.
void TimerWheel::place(Entry& entry) {
  remove(entry);
  entry.placed_ = std::clamp(entry.due_, now_ + 1, now_ + kSlots - 1);
  auto& entries = slot(entry.placed_);
  entry.index_ = entries.size();
  entries.push_back(&entry);
}

void TimerWheel::advance(Tick now) {
  while (now_ < now) {
    ++now_;
    auto& entries = slot(now_);
    while (!entries.empty()) {
      Entry& entry = *entries.back();
      remove(entry);
      if (entry.due_ > now_) {
        place(entry);
      } else {
        entry.on_due();
      }
    }
  }
}

}  // namespace keystead::net

// Deadlines of many connections by one coarse clock. Moving a deadline further away, which happens
// with every request, is one store: the entry stays where it is and is looked at again when its old
// time has come. For one thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace keystead::net {

class TimerWheel {
 public:
  using Tick = std::uint64_t;
  static constexpr Tick kNever = ~Tick{0};

  class Entry {
   public:
    Entry() = default;
    Entry(Entry const&) = delete;
    Entry& operator=(Entry const&) = delete;

   protected:
    ~Entry() = default;
    // The time set has come. May set entries again, and may not end them.
    virtual void on_due() = 0;

   private:
    friend TimerWheel;
    static constexpr Tick kUnlinked = kNever;
    Tick due_ = kNever;
    Tick placed_ = kUnlinked;  // the tick of the slot that it lies in
    std::size_t index_ = 0;    // its place in the slot
  };

  Tick now() const { return now_; }

  // Calls on_due() at the first advance() to `due` or later, once. `due` lies after now(). An
  // earlier setting is forgotten.
  void set(Entry& entry, Tick due) {
    entry.due_ = due;
    if (due < entry.placed_ || entry.placed_ == Entry::kUnlinked) place(entry);
  }
  void remove(Entry& entry);
  void advance(Tick now);

 private:
  static constexpr Tick kSlots = 512;

  void place(Entry& entry);
  std::vector<Entry*>& slot(Tick tick) { return slots_[tick % kSlots]; }

  Tick now_ = 0;
  std::array<std::vector<Entry*>, kSlots> slots_;
};

}  // namespace keystead::net

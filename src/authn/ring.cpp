#include "authn/ring.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <thread>

namespace keystead::authn {
namespace {

constexpr std::size_t kCapacityMin = 1024;
constexpr std::size_t kVictimsCompared = 16;
constexpr std::size_t kSlotsPerLock = 65'536;  // looked at before the mutex is let go

// The digest is a keyed hash, so any eight bytes of it are a good hash and nobody outside can steer
// them.
std::uint64_t word_of(domain::KeyDigest const& digest, std::size_t at) {
  std::uint64_t word;
  std::memcpy(&word, digest.data() + at, sizeof word);
  return word;
}

std::uint32_t seconds_of(Time time) {
  return static_cast<std::uint32_t>(
      std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count()
  );
}

std::size_t capacity_for(std::size_t keys) {
  return std::max(kCapacityMin, std::bit_ceil(keys + keys / 3 + 1));
}

}  // namespace

// Two cache lines, and no third: a check reads the digest in the one and the standing in both.
struct alignas(64) Ring::Entry {
  Entry(domain::KeyDigest const& key_digest, Standing const& key_standing, std::uint32_t used = 0)
      : digest(key_digest), standing(key_standing), used_at(used) {}

  domain::KeyDigest digest;
  Standing standing;
  // Seconds since 1970. Written by readers, at most once a second, so that a busy key's cache line
  // stays shared.
  std::atomic<std::uint32_t> used_at;
  std::uint32_t noted_at = 0;
};

// Marks a slot whose entry was unlinked: a probe goes on past it.
Ring::Entry* Ring::grave() {
  alignas(16) static constinit char mark = 0;
  return reinterpret_cast<Entry*>(&mark);
}

struct Ring::Table {
  struct Place {
    std::size_t at = 0;
    Entry* entry = nullptr;  // nullptr if the digest is not there
  };

  explicit Table(std::size_t capacity) : mask(capacity - 1), slots(capacity) {}

  // The entry in a slot; nullptr where there is none or a grave.
  Entry* entry(std::size_t at) const {
    Entry* entry = slots[at].load(std::memory_order_acquire);
    return entry == grave() ? nullptr : entry;
  }

  // Sequentially consistent, so that a reader who pinned itself after a writer looked at the pins
  // sees what the writer unlinked before; on x86 such a load costs no more than any other.
  Place find(domain::KeyDigest const& digest) const {
    for (std::size_t at = word_of(digest, 0) & mask;; at = (at + 1) & mask) {
      Entry* entry = slots[at].load();
      if (entry == nullptr) return {};
      if (entry != grave() && entry->digest == digest) return {at, entry};
    }
  }

  // REQUIRES: a free slot. The caller counts.
  void put(Entry* entry) {
    std::size_t at = word_of(entry->digest, 0) & mask;
    while (slots[at].load(std::memory_order_relaxed)) at = (at + 1) & mask;
    slots[at].store(entry, std::memory_order_release);
  }

  std::size_t mask;
  std::vector<std::atomic<Entry*>, LargePages<std::atomic<Entry*>>> slots;
};

struct Ring::Flight {
  bool done = false;
  bool stale = false;
  std::optional<Standing> result;
  std::exception_ptr error;
  std::condition_variable landed;
};

// A reader's stay in the current epoch. Claims any free pin, beginning with the one this thread
// used last.
class Ring::Pin {
 public:
  explicit Pin(Ring& ring) noexcept {
    thread_local std::size_t preferred =
        std::hash<std::thread::id>()(std::this_thread::get_id()) % kPinCount;
    for (std::size_t at = preferred;; at = (at + 1) % kPinCount) {
      std::uint64_t free = 0;
      // Sequentially consistent: the reads of the table that follow must not move before it.
      if (ring.pins_[at].epoch.compare_exchange_strong(free, ring.epoch_.load())) {
        preferred = at;
        slot_ = &ring.pins_[at];
        return;
      }
    }
  }
  ~Pin() { slot_->epoch.store(0, std::memory_order_release); }
  Pin(Pin const&) = delete;
  Pin& operator=(Pin const&) = delete;

 private:
  PinSlot* slot_;
};

std::size_t Ring::DigestHash::operator()(domain::KeyDigest const& digest) const noexcept {
  return word_of(digest, 0);
}

Ring::Ring(Options options)
    : options_(options),
      table_(new Table(kCapacityMin)),
      unknown_(std::bit_ceil(std::max<std::size_t>(options.unknown_max, 1))) {}

Ring::~Ring() {
  static_assert(sizeof(Entry) == 128);
  std::unique_ptr<Table> table(table_.load());
  for (std::size_t at = 0; at <= table->mask; ++at) {
    if (Entry* entry = table->entry(at)) entries_.own(entry).reset();
  }
}

Ring::Memory Ring::find(domain::KeyDigest const& digest, Time now, Standing& standing) noexcept {
  {
    Pin pin(*this);
    Table const& table = *table_.load();
    if (Entry* entry = table.find(digest).entry) {
      standing = entry->standing;
      std::uint32_t second = seconds_of(now);
      if (entry->used_at.load(std::memory_order_relaxed) != second) {
        entry->used_at.store(second, std::memory_order_relaxed);
      }
      return Memory::known;
    }
  }
  // A fingerprint of 40 bits in a slot chosen by other bits, and 24 bits of the second at which it
  // is forgotten.
  std::uint64_t word = unknown_slot(digest).load(std::memory_order_relaxed);
  if ((word ^ word_of(digest, 16)) >> 24 != 0) return Memory::none;
  auto left = (static_cast<std::uint32_t>(word) - seconds_of(now)) & 0xFFFFFF;
  bool fresh = left > 0 && left <= static_cast<std::uint64_t>(options_.unknown_for.count());
  return fresh ? Memory::unknown : Memory::none;
}

std::optional<Standing> Ring::find_or_load(
    domain::KeyDigest const& digest, Time now, Load const& load
) {
  Standing standing;
  switch (find(digest, now, standing)) {
    case Memory::known: return standing;
    case Memory::unknown: return std::nullopt;
    case Memory::none: break;
  }
  std::unique_lock lock(mutex_);
  if (Entry* entry = table_.load(std::memory_order_relaxed)->find(digest).entry) {
    return entry->standing;
  }
  auto [place, is_first] = flights_.try_emplace(digest, nullptr);
  if (!is_first) {
    auto flight = place->second;
    flight->landed.wait(lock, [&] { return flight->done; });
    if (flight->error) std::rethrow_exception(flight->error);
    return flight->result;
  }
  auto flight = place->second = std::make_shared<Flight>();
  do {
    flight->stale = false;
    lock.unlock();
    std::optional<Standing> result;
    std::exception_ptr error;
    try {
      result = load();
    } catch (...) {
      error = std::current_exception();
    }
    lock.lock();
    flight->result = result;
    flight->error = error;
    // A key that was revoked while the store was being read may have been read as good: read again.
  } while (flight->stale);
  // Linked before the mutex is let go: between the last look at `stale` and this nothing can be
  // revoked.
  if (flight->result)
    link(entries_.make(digest, *flight->result, seconds_of(now)));
  else if (!flight->error)
    remember_unknown(digest, now);
  flight->done = true;
  flights_.erase(digest);
  flight->landed.notify_all();
  if (flight->error) std::rethrow_exception(flight->error);
  return flight->result;
}

void Ring::admit(domain::KeyDigest const& digest, Standing const& standing) {
  std::lock_guard lock(mutex_);
  unknown_slot(digest).store(0, std::memory_order_relaxed);
  OwnedEntry former = unlink(digest);
  link(entries_.make(digest, standing));
  if (former) wait_for_readers();
}

void Ring::forget(std::span<domain::KeyDigest const> digests) {
  std::lock_guard lock(mutex_);
  for (auto& [other, flight] : flights_) flight->stale = true;
  std::vector<OwnedEntry> entries;
  entries.reserve(digests.size());
  for (auto const& digest : digests) entries.push_back(unlink(digest));
  wait_for_readers();
}

void Ring::forget_unknown() {
  std::lock_guard lock(mutex_);
  for (auto& [other, flight] : flights_) flight->stale = true;
  for (auto& slot : unknown_) slot.store(0, std::memory_order_relaxed);
}

void Ring::forget_tenant(domain::TenantId const& tenant) {
  forget_where([&](Standing const& standing) { return standing.tenant == tenant; });
}

void Ring::forget_user(domain::UserId const& user) {
  forget_where([&](Standing const& standing) { return standing.user() == user; });
}

void Ring::forget_families(std::span<domain::KeyId const> keys) {
  if (keys.empty()) return;
  auto is_meant = [&](domain::KeyId const& key) {
    return std::ranges::find(keys, key) != keys.end();
  };
  forget_where([&](Standing const& standing) {
    if (is_meant(standing.key())) return true;
    return standing.restriction && std::ranges::any_of(standing.restriction->ancestors, is_meant);
  });
}

void Ring::forget_grants(std::span<domain::GrantId const> grants) {
  if (grants.empty()) return;
  forget_where([&](Standing const& standing) {
    auto const& restriction = standing.restriction;
    return restriction && restriction->delegation &&
           std::ranges::find(grants, restriction->delegation->grant) != grants.end();
  });
}

void Ring::forget_where(std::function<bool(Standing const&)> const& is_meant) {
  std::lock_guard lock(mutex_);
  for (auto& [other, flight] : flights_) flight->stale = true;
  std::vector<OwnedEntry> entries;
  Table& table = *table_.load(std::memory_order_relaxed);
  for (std::size_t at = 0; at <= table.mask; ++at) {
    Entry* entry = table.entry(at);
    if (entry && is_meant(entry->standing)) entries.push_back(bury(at));
  }
  wait_for_readers();
}

std::vector<store::KeyUse> Ring::take_uses() {
  std::vector<store::KeyUse> uses;
  for (std::size_t at = 0, end = 1; at < end;) {
    std::lock_guard lock(mutex_);
    Table& table = *table_.load(std::memory_order_relaxed);
    // The table may have been rebuilt meanwhile; what is missed now is taken the next time.
    end = table.mask + 1;
    for (std::size_t stop = std::min(end, at + kSlotsPerLock); at < stop; ++at) {
      Entry* entry = table.entry(at);
      if (!entry || entry->standing.key() == domain::KeyId()) continue;  // only keys are noted
      std::uint32_t used_at = entry->used_at.load(std::memory_order_relaxed);
      if (used_at == entry->noted_at) continue;
      entry->noted_at = used_at;
      uses.push_back({entry->standing.key(), Time{std::chrono::seconds{used_at}}});
    }
  }
  return uses;
}

void Ring::reserve(std::size_t keys) {
  std::lock_guard lock(mutex_);
  std::size_t capacity = capacity_for(std::min(keys, options_.keys_max));
  if (capacity > table_.load(std::memory_order_relaxed)->slots.size()) rebuild(capacity);
}

std::size_t Ring::memory_bytes() const {
  std::lock_guard lock(mutex_);
  return table_.load(std::memory_order_relaxed)->slots.size() * sizeof(void*) +
         entries_.memory_bytes();
}

void Ring::link(OwnedEntry entry) {
  if (size() >= options_.keys_max) make_room();
  if ((used_slots_ + 1) * 4 > table_.load(std::memory_order_relaxed)->slots.size() * 3) {
    rebuild(capacity_for(size() + 1));
  }
  table_.load(std::memory_order_relaxed)->put(entry.release());
  ++used_slots_;
  size_.fetch_add(1, std::memory_order_relaxed);
}

Ring::OwnedEntry Ring::unlink(domain::KeyDigest const& digest) {
  auto place = table_.load(std::memory_order_relaxed)->find(digest);
  return place.entry ? bury(place.at) : nullptr;
}

Ring::OwnedEntry Ring::bury(std::size_t slot) {
  // Sequentially consistent, like the claim of a pin: a reader that this writer does not see pinned
  // will see the grave.
  Table& table = *table_.load(std::memory_order_relaxed);
  size_.fetch_sub(1, std::memory_order_relaxed);
  return entries_.own(table.slots[slot].exchange(grave()));
}

void Ring::make_room() {
  Table& table = *table_.load(std::memory_order_relaxed);
  Table::Place victim;
  for (std::size_t compared = 0; compared < kVictimsCompared;) {
    hand_ = (hand_ + 1) & table.mask;
    Entry* entry = table.entry(hand_);
    if (!entry) continue;
    ++compared;
    if (!victim.entry || entry->used_at.load() < victim.entry->used_at.load()) {
      victim = {hand_, entry};
    }
  }
  OwnedEntry entry = bury(victim.at);
  wait_for_readers();
}

void Ring::rebuild(std::size_t capacity) {
  auto fresh = std::make_unique<Table>(capacity);
  Table& old = *table_.load(std::memory_order_relaxed);
  for (std::size_t from = 0; from <= old.mask; ++from) {
    if (Entry* entry = old.entry(from)) fresh->put(entry);
  }
  used_slots_ = size();
  std::unique_ptr<Table> former(table_.exchange(fresh.release()));
  wait_for_readers();
}

void Ring::wait_for_readers() {
  std::uint64_t epoch = epoch_.fetch_add(1) + 1;
  for (PinSlot& pin : pins_) {
    for (std::uint64_t at; (at = pin.epoch.load()) != 0 && at < epoch;) std::this_thread::yield();
  }
}

void Ring::remember_unknown(domain::KeyDigest const& digest, Time now) {
  std::uint64_t until = seconds_of(now + options_.unknown_for) & 0xFFFFFF;
  unknown_slot(digest).store(
      (word_of(digest, 16) & ~std::uint64_t{0xFFFFFF}) | until, std::memory_order_relaxed
  );
}

std::atomic<std::uint64_t>& Ring::unknown_slot(domain::KeyDigest const& digest) {
  return unknown_[word_of(digest, 8) & (unknown_.size() - 1)];
}

}  // namespace keystead::authn

// Buckets of calls in memory that does not grow: one for whoever called lately. Each is two words,
// whose it is and when it will be full again; a full bucket and no bucket are the same, so that a
// place is free for others as soon as its owner has been quiet for long enough.
//
// An owner's bucket may lie in the eight places of one set. Taking from it is a compare-and-swap;
// only the first call of an owner that has no place takes a lock, one of many.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "authz/rate_limit.hpp"

namespace keystead::authz {

class RateLimitBuckets {
 public:
  using Debt = std::chrono::nanoseconds;  // see Pace
  struct Taken {
    bool granted;
    Debt debt;  // with what was taken
  };
  // When all places of a set are in use, the owner with the least debt loses its own to the
  // newcomer. Where owners cannot be made at will, the newcomer begins with a full bucket, so that
  // nobody pays for another's calls. Where they can, it inherits the debt: however many come, they
  // get no more calls than the places of the set have.
  enum class Newcomer { begins_full, inherits_debt };

  // At least `count` buckets, of 16 bytes each.
  RateLimitBuckets(std::size_t count, Newcomer newcomer);

  // An owner is a word that is evenly spread, see spread(). All of these are safe from any thread.
  //
  // For an owner without a place: the debt that it would begin with.
  Debt debt(std::uint64_t owner, Instant now) const;
  // One call, if there is one. Of concurrent takers exactly as many succeed as there are calls.
  Taken take(std::uint64_t owner, Pace const& pace, Instant now);
  // One call that has happened, whether the bucket has it or not. The debt after it.
  Debt charge(std::uint64_t owner, Pace const& pace, Instant now);
  // Takes a call back that was taken a moment ago.
  void give_back(std::uint64_t owner, Pace const& pace);

  std::size_t memory_bytes() const { return sets_.size() * sizeof(Set); }

 private:
  struct Bucket {
    std::atomic<std::uint64_t> owner{0};   // 0: nobody's
    std::atomic<std::int64_t> full_at{0};  // nanoseconds of the steady clock
  };
  struct alignas(128) Set {
    std::array<Bucket, 8> buckets;
  };

  template <class Judge>
  Taken draw(std::uint64_t owner, Pace const& pace, Instant now, Judge judge);
  Bucket* find(std::uint64_t owner);
  Bucket const* find(std::uint64_t owner) const;
  Bucket& claim(std::uint64_t owner, std::int64_t now);
  std::size_t index_of(std::uint64_t owner) const { return owner & (sets_.size() - 1); }

  Newcomer newcomer_;
  std::vector<Set> sets_;  // a power of two of them
  std::array<std::mutex, 64> claims_;
};

// Spreads the bits of a word evenly: a bijection, so that different words stay different.
constexpr std::uint64_t spread(std::uint64_t word) {
  word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9u;
  word = (word ^ (word >> 27)) * 0x94D049BB133111EBu;
  return word ^ (word >> 31);
}

}  // namespace keystead::authz

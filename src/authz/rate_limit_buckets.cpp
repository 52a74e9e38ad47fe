#include "authz/rate_limit_buckets.hpp"

#include <algorithm>
#include <bit>
#include <ranges>
#include <utility>

namespace keystead::authz {
namespace {

std::int64_t nanoseconds_of(Instant time) {
  return std::chrono::nanoseconds(time.time_since_epoch()).count();
}

// Zero stands for a bucket that is nobody's.
std::uint64_t named(std::uint64_t owner) {
  return std::max<std::uint64_t>(owner, 1);
}

}  // namespace

RateLimitBuckets::RateLimitBuckets(std::size_t count, Newcomer newcomer)
    : newcomer_(newcomer), sets_(std::bit_ceil((std::max<std::size_t>(count, 1) + 7) / 8)) {}

RateLimitBuckets::Debt RateLimitBuckets::debt(std::uint64_t owner, Instant now) const {
  auto debt_of = [&](Bucket const& bucket) {
    return Debt{std::max<std::int64_t>(bucket.full_at.load() - nanoseconds_of(now), 0)};
  };
  if (Bucket const* bucket = find(named(owner))) return debt_of(*bucket);
  if (newcomer_ == Newcomer::begins_full) return Debt{0};
  return std::ranges::min(sets_[index_of(named(owner))].buckets | std::views::transform(debt_of));
}

RateLimitBuckets::Taken RateLimitBuckets::take(std::uint64_t owner, Pace const& pace, Instant now) {
  return draw(named(owner), pace, now, [&](Debt debt) { return pace.affords(debt); });
}

RateLimitBuckets::Debt RateLimitBuckets::charge(
    std::uint64_t owner, Pace const& pace, Instant now
) {
  return draw(named(owner), pace, now, [](Debt) { return true; }).debt;
}

void RateLimitBuckets::give_back(std::uint64_t owner, Pace const& pace) {
  if (Bucket* bucket = find(named(owner))) bucket->full_at.fetch_sub(pace.call.count());
}

template <class Judge>
RateLimitBuckets::Taken RateLimitBuckets::draw(
    std::uint64_t owner, Pace const& pace, Instant now, Judge judge
) {
  std::int64_t at = nanoseconds_of(now);
  for (;;) {
    Bucket* found = find(owner);
    Bucket& bucket = found ? *found : claim(owner, at);
    std::int64_t before = bucket.full_at.load();
    std::int64_t after;
    bool granted;
    do {
      std::int64_t base = std::max(before, at);
      granted = judge(Debt{base - at});
      after = granted ? base + pace.call.count() : base;
    } while (granted && !bucket.full_at.compare_exchange_weak(before, after));
    // The place may have gone to another owner meanwhile: then it was not ours to ask.
    if (bucket.owner.load() == owner) return {granted, Debt{after - at}};
  }
}

RateLimitBuckets::Bucket const* RateLimitBuckets::find(std::uint64_t owner) const {
  for (Bucket const& bucket : sets_[index_of(owner)].buckets) {
    if (bucket.owner.load() == owner) return &bucket;
  }
  return nullptr;
}

RateLimitBuckets::Bucket* RateLimitBuckets::find(std::uint64_t owner) {
  return const_cast<Bucket*>(std::as_const(*this).find(owner));
}

RateLimitBuckets::Bucket& RateLimitBuckets::claim(std::uint64_t owner, std::int64_t now) {
  std::size_t index = index_of(owner);
  std::lock_guard lock(claims_[index % claims_.size()]);
  if (Bucket* bucket = find(owner)) return *bucket;  // another thread was first
  auto full_at = [](Bucket const& bucket) { return bucket.full_at.load(); };
  Bucket& bucket = *std::ranges::min_element(sets_[index].buckets, {}, full_at);
  // Nobody's for a moment: who still takes for the former owner notices, and asks again.
  bucket.owner.store(0);
  if (newcomer_ == Newcomer::begins_full && bucket.full_at.load() > now) bucket.full_at.store(now);
  bucket.owner.store(owner);
  return bucket;
}

}  // namespace keystead::authz

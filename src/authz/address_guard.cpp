#include "authz/address_guard.hpp"

#include <algorithm>
#include <bit>
#include <span>

namespace keystead::authz {
namespace {

constexpr std::uint64_t kMinuteMask = 0xFFFFF;  // two years, after which minutes begin again

std::uint64_t minute_of(Instant now) {
  auto minutes = std::chrono::floor<std::chrono::minutes>(now.time_since_epoch()).count();
  return static_cast<std::uint64_t>(minutes) & kMinuteMask;
}

std::uint64_t age_of(std::uint64_t entry, std::uint64_t minute) {
  return (minute - entry) & kMinuteMask;
}

bool is_pair(std::uint64_t entry, std::uint64_t pair) {
  return ((entry ^ pair) & ~kMinuteMask) == 0;
}

std::size_t pairs_for(AddressGuard::Options const& options) {
  if (!options.failures) return 0;
  return std::bit_ceil(std::max<std::size_t>(options.familiar_max, 4));
}

}  // namespace

AddressGuard::AddressGuard(Options options, Random& random)
    : familiar_for_(static_cast<std::uint64_t>(options.familiar_for.count()) & kMinuteMask),
      failures_(
          options.failures ? options.addresses_max : 0, RateLimitBuckets::Newcomer::inherits_debt
      ),
      familiar_(pairs_for(options)) {
  if (options.failures) pace_.emplace(*options.failures);
  random.fill({reinterpret_cast<unsigned char*>(seed_.data()), sizeof seed_});
}

std::chrono::nanoseconds AddressGuard::exhausted_for(
    domain::Address const& address, Instant now
) const {
  if (!pace_) return std::chrono::nanoseconds{0};
  auto debt = failures_.debt(word_of(address), now);
  return pace_->affords(debt) ? std::chrono::nanoseconds{0} : pace_->wait(debt);
}

std::chrono::seconds AddressGuard::retry_after(domain::Address const& address, Instant now) const {
  return std::chrono::ceil<std::chrono::seconds>(exhausted_for(address, now));
}

void AddressGuard::note_failure(domain::Address const& address, Instant now) {
  if (!pace_) return;
  // Counted also beyond the limit: guesses that were under way together would else be free.
  auto debt = failures_.charge(word_of(address), *pace_, now);
  if (pace_->affords(debt)) return;
  auto calm_from = (now + pace_->wait(debt)).time_since_epoch().count();
  auto before = calm_from_.load();
  while (before < calm_from && !calm_from_.compare_exchange_weak(before, calm_from)) {
  }
}

bool AddressGuard::is_familiar(
    domain::Address const& address, std::uint64_t credential, Instant now
) const {
  if (!pace_) return true;
  std::uint64_t pair = pair_of(address, credential);
  std::uint64_t minute = minute_of(now);
  auto good = [&](auto const& place) {
    std::uint64_t entry = place.load(std::memory_order_relaxed);
    return entry != 0 && is_pair(entry, pair) && age_of(entry, minute) < familiar_for_;
  };
  return std::ranges::any_of(std::span(familiar_).subspan(set_of(pair), kPairsPerSet), good);
}

void AddressGuard::note_success(
    domain::Address const& address, std::uint64_t credential, Instant now
) {
  if (!pace_) return;
  std::uint64_t pair = pair_of(address, credential);
  std::uint64_t minute = minute_of(now);
  std::uint64_t fresh = (pair & ~kMinuteMask) | minute;
  std::atomic<std::uint64_t>* place = nullptr;
  std::uint64_t oldest = 0;
  for (auto& other : std::span(familiar_).subspan(set_of(pair), kPairsPerSet)) {
    std::uint64_t entry = other.load(std::memory_order_relaxed);
    if (entry == fresh) return;
    bool is_same = entry != 0 && is_pair(entry, pair);
    std::uint64_t age = entry == 0 ? kMinuteMask : age_of(entry, minute);
    if (place && age <= oldest && !is_same) continue;
    place = &other;
    oldest = age;
    if (is_same) break;
  }
  // Two threads may choose the same place; then one of the pairs is noted the next time.
  place->store(fresh, std::memory_order_relaxed);
}

std::size_t AddressGuard::memory_bytes() const {
  return failures_.memory_bytes() + familiar_.size() * sizeof(std::uint64_t);
}

std::uint64_t AddressGuard::word_of(domain::Address const& address) const {
  // An IPv4 address is ::ffff:a.b.c.d, and its word the /64 that begins with 0:ffff:a.b.c.d, which
  // no IPv6 host has (RFC 4291 §4: 0000::/8 is reserved).
  auto half = address.is_v4() ? address.bytes().begin() + 8 : address.bytes().begin();
  std::uint64_t word = 0;
  for (auto at = half; at != half + 8; ++at) word = word << 8 | *at;
  return spread(spread(word ^ seed_[0]) ^ seed_[1]);
}

std::uint64_t AddressGuard::pair_of(
    domain::Address const& address, std::uint64_t credential
) const {
  return spread(word_of(address) + std::rotl(credential, 32));
}

std::size_t AddressGuard::set_of(std::uint64_t pair) const {
  return (pair * kPairsPerSet) & (familiar_.size() - 1);
}

}  // namespace keystead::authz

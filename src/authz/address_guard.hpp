// Slows guessing down before anybody is authenticated (attack 12). An address that presented too
// many credentials that were not valid is exhausted: from there only credentials are looked at that
// were valid from there lately. Everything else, also a right guess, is refused without being
// looked at, so that a guess gains nothing; and who works behind the same address with a good key
// goes on.
//
// What the gate does with a credential from `address`:
//
//   if (guard.is_exhausted(address, now) && !guard.is_familiar(address, credential, now))
//     refuse with Code::too_many_requests and guard.retry_after(address, now);
//   authenticate; then guard.note_success(address, credential, now) or, if the credential was not
//   valid, guard.note_failure(address, now). A request without a credential is neither.
//
// An IPv6 address stands for its /64: whoever has one address of it has them all. Memory does not
// grow: with more addresses than are told apart, a new one takes the place of the one with the
// fewest failures and their count with it, so that a thousand addresses do not guess faster than
// the table forgets. Counts are each node's own (attack 105).
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

#include "authz/rate_limit_buckets.hpp"
#include "base/random.hpp"
#include "domain/address_range.hpp"

namespace keystead::authz {

class AddressGuard {
 public:
  struct Options {
    std::optional<RateLimit> failures = RateLimit{60, std::chrono::seconds(60)};  // none: no guard
    std::size_t addresses_max = 65'536;
    // Pairs of an address and a credential that was good; 8 bytes each.
    std::size_t familiar_max = 262'144;
    std::chrono::minutes familiar_for = std::chrono::hours(24);
  };

  // `random` is used here only: it keys the tables, so that nobody can choose addresses that meet
  // in them.
  AddressGuard(Options options, Random& random);

  // All of these are safe from any thread. While no address is exhausted this is one load.
  bool is_exhausted(domain::Address const& address, Instant now) const {
    if (now.time_since_epoch().count() >= calm_from_.load(std::memory_order_relaxed)) return false;
    return exhausted_for(address, now) > std::chrono::nanoseconds{0};
  }
  // Until the address is not exhausted; at least a second while it is, zero otherwise.
  std::chrono::seconds retry_after(domain::Address const& address, Instant now) const;
  void note_failure(domain::Address const& address, Instant now);

  // `credential` is a word of the credential's digest: evenly spread, and no use to who reads it.
  bool is_familiar(domain::Address const& address, std::uint64_t credential, Instant now) const;
  // Writes at most once a minute for the same pair.
  void note_success(domain::Address const& address, std::uint64_t credential, Instant now);

  std::size_t memory_bytes() const;

 private:
  static constexpr std::size_t kPairsPerSet = 4;

  std::chrono::nanoseconds exhausted_for(domain::Address const& address, Instant now) const;
  std::uint64_t word_of(domain::Address const& address) const;
  std::uint64_t pair_of(domain::Address const& address, std::uint64_t credential) const;
  std::size_t set_of(std::uint64_t pair) const;

  std::optional<Pace> pace_;  // none: no guard
  std::uint64_t familiar_for_;
  std::array<std::uint64_t, 2> seed_{};
  RateLimitBuckets failures_;
  // When the last exhausted address will not be exhausted any more, as a count of the steady clock.
  std::atomic<Instant::rep> calm_from_{0};
  // 44 bits of the pair, and the minute at which it was good. Zero: none.
  std::vector<std::atomic<std::uint64_t>> familiar_;
};

}  // namespace keystead::authz

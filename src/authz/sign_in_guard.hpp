// One counter for every way of signing in: password, code, recovery, reset, passkey (attack 109). A
// try is counted before it is looked at, so that many at once are no more than one after another;
// one that succeeds is taken back.
//
// An account is locked softly: after too many tries it can only be signed in to from addresses from
// which that was done before, each with a count of its own, so that a stranger locks nobody out.
// Counts are each node's own (attack 105).
#pragma once

#include <optional>
#include <string_view>

#include "authz/address_guard.hpp"
#include "authz/rate_limit_buckets.hpp"
#include "base/random.hpp"

namespace keystead::authz {

class SignInGuard {
 public:
  struct Options {
    RateLimit account{10, std::chrono::minutes(15)};
    RateLimit address{100, std::chrono::minutes(15)};
    std::size_t accounts_max = 65'536;
  };

  SignInGuard(Options options, Random& random);

  // All are safe from any thread. `account` is the address that somebody signs in by, as
  // domain::parse_email gives it, or another text that stands for the account; whether there is
  // such an account makes no difference. `address` is the caller's, without port; one that cannot
  // be read is one for all.
  //
  // Counts the try; how long to wait where it may not be made now.
  std::optional<std::chrono::seconds> try_now(
      std::string_view account, std::string_view address, Instant now
  );
  void note_success(std::string_view account, std::string_view address, Instant now);
  // The try was no wrong one, but nobody is signed in yet: a code is asked for next. It makes the
  // address no familiar one, or whoever has the password alone could guess codes from everywhere.
  void take_back(std::string_view account, std::string_view address, Instant now);
  // Beyond the account: who tries many accounts from one address is stopped there, too.
  void note_failure(std::string_view address, Instant now);

 private:
  std::uint64_t word_of(std::string_view account) const;
  // Of the account alone for strangers, of the account from this address for who is familiar there.
  std::uint64_t counter_of(
      std::uint64_t account, std::string_view text, domain::Address const& address, Instant now
  ) const;

  Pace pace_;
  std::uint64_t seed_ = 0;
  AddressGuard addresses_;
  RateLimitBuckets accounts_;
};

}  // namespace keystead::authz

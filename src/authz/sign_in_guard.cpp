#include "authz/sign_in_guard.hpp"

#include <functional>
#include <string>

namespace keystead::authz {

SignInGuard::SignInGuard(Options options, Random& random)
    : pace_(options.account),
      addresses_(
          {.failures = options.address,
           .addresses_max = options.accounts_max,
           .familiar_for = std::chrono::days(30)},
          random
      ),
      accounts_(options.accounts_max, RateLimitBuckets::Newcomer::begins_full) {
  random.fill({reinterpret_cast<unsigned char*>(&seed_), sizeof seed_});
}

std::uint64_t SignInGuard::word_of(std::string_view account) const {
  return spread(spread(std::hash<std::string_view>()(account)) ^ seed_);
}

std::uint64_t SignInGuard::counter_of(
    std::uint64_t account, std::string_view text, domain::Address const& address, Instant now
) const {
  if (!addresses_.is_familiar(address, account, now)) return account;
  return word_of(std::string(text) + " from " + address.text());
}

std::optional<std::chrono::seconds> SignInGuard::try_now(
    std::string_view account, std::string_view address, Instant now
) {
  auto from = domain::Address::parse(address).value_or(domain::Address());
  auto word = word_of(account);
  if (addresses_.is_exhausted(from, now) && !addresses_.is_familiar(from, word, now)) {
    return addresses_.retry_after(from, now);
  }
  auto taken = accounts_.take(counter_of(word, account, from, now), pace_, now);
  if (taken.granted) return std::nullopt;
  return std::chrono::ceil<std::chrono::seconds>(pace_.wait(taken.debt));
}

void SignInGuard::take_back(std::string_view account, std::string_view address, Instant now) {
  auto from = domain::Address::parse(address).value_or(domain::Address());
  accounts_.give_back(counter_of(word_of(account), account, from, now), pace_);
}

void SignInGuard::note_success(std::string_view account, std::string_view address, Instant now) {
  take_back(account, address, now);
  auto from = domain::Address::parse(address).value_or(domain::Address());
  addresses_.note_success(from, word_of(account), now);
}

void SignInGuard::note_failure(std::string_view address, Instant now) {
  addresses_.note_failure(domain::Address::parse(address).value_or(domain::Address()), now);
}

}  // namespace keystead::authz

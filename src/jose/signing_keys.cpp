#include "jose/signing_keys.hpp"

#include <utility>

namespace keystead::jose {

SigningKeys SigningKeys::rotated(
    SigningKey fresh, Time now, std::chrono::seconds token_lifetime_max
) const {
  SigningKeys turned{next.value_or(fresh), std::nullopt, {}};
  if (next) turned.next = std::move(fresh);
  turned.retired.push_back({current, now + token_lifetime_max});
  for (auto const& key : retired) {
    if (now < key.until) turned.retired.push_back(key);
  }
  return turned;
}

JwkSet SigningKeys::verifying_keys(Time now) const {
  std::vector<Jwk> keys{current.verifying_key()};
  if (next) keys.push_back(next->verifying_key());
  for (auto const& [key, until] : retired) {
    if (now < until) keys.push_back(key.verifying_key());
  }
  return JwkSet(std::move(keys));
}

}  // namespace keystead::jose

// Our own keys and how they take turns: the next one is published before it signs, so that every
// reader of the key set knows it by then; the current one signs; a retired one stays published
// until the last token that it signed is over.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "jose/jwk_set.hpp"
#include "jose/signing_key.hpp"

namespace keystead::jose {

struct RetiredKey {
  SigningKey key;
  Time until;  // from then on it verifies nothing
};

// A pure value: whoever rotates stores it.
struct SigningKeys {
  SigningKey current;
  std::optional<SigningKey> next;
  std::vector<RetiredKey> retired;

  // The turn after this one: `next` signs, or `fresh` itself if there was none; the current key is
  // retired for as long as its tokens live, and those whose time is over are gone. The caller waits
  // between two turns for as long as others may keep our key set.
  // REQUIRES: token_lifetime_max covers every token of the current key, with the clock skew.
  SigningKeys rotated(SigningKey fresh, Time now, std::chrono::seconds token_lifetime_max) const;

  // What verifies tokens of ours at `now`. Holds secrets, if there are keys of HS256;
  // JwkSet::to_json() publishes the others only.
  JwkSet verifying_keys(Time now) const;
};

}  // namespace keystead::jose

// A sign-in at a provider while the person is away there. The browser carries it, in a cookie that
// only we can read: so it is bound to that browser, and costs us nothing until it comes back.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "crypto/sealed_box.hpp"
#include "domain/ids.hpp"

namespace keystead::authn {

struct OidcFlow {
  static constexpr std::chrono::minutes kLifetime{10};
  static constexpr std::size_t kNextMax = 1024;  // bytes; the cookie must stay below 4 KB

  // With fresh values. A `next` that is too long is forgotten.
  static OidcFlow begin(std::string next, Random& random, Time now);

  // What the cookie holds. A flow of one provider does not open at another (attacks 50, 73).
  Secret seal(crypto::SealedBox const& box, std::string_view provider, Random& random) const;
  static std::optional<OidcFlow> open(
      crypto::SealedBox const& box, std::string_view provider, std::string_view cookie
  );

  std::string code_challenge() const;  // S256 (RFC 7636 §4.2)

  Secret state;
  Secret nonce;
  Secret code_verifier;
  std::string next;  // where the person wanted to go; empty: nowhere in particular
  std::optional<domain::UserId> links;  // who asked that the identity become another of its own
  Time expires_at;
};

}  // namespace keystead::authn

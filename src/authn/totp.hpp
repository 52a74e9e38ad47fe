// One-time codes of an app (TOTP, RFC 6238): SHA-1, six digits, thirty seconds, which is what every
// app does without being told.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"

namespace keystead::authn {

// Which thirty seconds since 1970.
using TotpStep = std::int64_t;

Secret new_totp_secret(Random& random);

TotpStep totp_step(Time time);
// Six digits.
std::string totp_code(Secret const& secret, TotpStep step);

// The step that `code` is of: the present one, or its neighbour on either side for a clock that is
// off. None that is not behind `last`, so that a code which was used is worth nothing (RFC 6238
// §5.2). Takes the same time for every code of six characters.
std::optional<TotpStep> match_totp(
    Secret const& secret, std::string_view code, Time now, TotpStep last
);

// As apps read it from a picture, which holds the secret.
Secret totp_uri(Secret const& secret, std::string_view service, std::string_view account);

}  // namespace keystead::authn

// Seconds since the epoch, as the claims exp, nbf and iat have them (RFC 7519 §2).
#pragma once

#include <optional>

#include <boost/json/fwd.hpp>

#include "base/clock.hpp"

namespace keystead::jose {

// Nothing for what is not a number from 0 to 2^53 - 1. A fraction, which RFC 7519 allows, is
// kept to the millisecond.
std::optional<Time> read_numeric_date(boost::json::value const& value);

}  // namespace keystead::jose

// ROCA, CVE-2017-15361: a chip's library made primes of a form that lets their product be factored.
#pragma once

#include "crypto/openssl_handle.hpp"

namespace keystead::crypto {

// Whether the modulus has that form. One of another origin has it with a chance of about 2^-28.
bool is_roca(BIGNUM const* modulus);

}  // namespace keystead::crypto

#include "crypto/rsa_fingerprint.hpp"

#include <array>
#include <cstdint>

namespace keystead::crypto {
namespace {

// Their primes are k·M + (65537^a mod M), where M is the product of the first small primes, of at
// least these for keys of every size.
constexpr std::array<std::uint32_t, 38> kPrimes{
    3,  5,  7,  11, 13, 17,  19,  23,  29,  31,  37,  41,  43,  47,  53,  59,  61,  67,  71,
    73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
};

bool is_power_of_65537(std::uint32_t residue, std::uint32_t prime) {
  std::uint32_t const generator = 65537 % prime;
  std::uint32_t power = 1;
  do {
    if (power == residue) return true;
    power = power * generator % prime;
  } while (power != 1);
  return false;
}

}  // namespace

bool is_roca(BIGNUM const* modulus) {
  for (std::uint32_t prime : kPrimes) {
    auto residue = static_cast<std::uint32_t>(BN_mod_word(modulus, prime));
    if (!is_power_of_65537(residue, prime)) return false;
  }
  return true;
}

}  // namespace keystead::crypto

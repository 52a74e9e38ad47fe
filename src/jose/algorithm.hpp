// The algorithms of JWS that are done here (RFC 7518 §3.1, RFC 8037 §3.1). "none" is not one.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "crypto/signature_scheme.hpp"

namespace keystead::jose {

enum class Algorithm {
  rs256,
  rs384,
  rs512,
  ps256,
  ps384,
  ps512,
  es256,
  es384,
  es512,
  eddsa,
  hs256,
  hs384,
  hs512,
};

// What an issuer signs with a private key of its own, and shares no secret for.
inline constexpr std::array kPublicKeyAlgorithms{
    Algorithm::rs256,
    Algorithm::rs384,
    Algorithm::rs512,
    Algorithm::ps256,
    Algorithm::ps384,
    Algorithm::ps512,
    Algorithm::es256,
    Algorithm::es384,
    Algorithm::es512,
    Algorithm::eddsa,
};

// As `alg` writes it. The comparison is exact: a name in other case names nothing.
std::string_view name_of(Algorithm algorithm);
std::optional<Algorithm> find_algorithm(std::string_view name);

bool is_symmetric(Algorithm algorithm);
// REQUIRES: not symmetric.
crypto::SignatureScheme scheme_of(Algorithm algorithm);
// REQUIRES: symmetric.
crypto::Hash hash_of(Algorithm algorithm);

}  // namespace keystead::jose

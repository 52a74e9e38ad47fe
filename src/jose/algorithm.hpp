// The algorithms of JWS that are done here (RFC 7518 §3.1, RFC 8037 §3.1). "none" is not one.
#pragma once

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

// As `alg` writes it. The comparison is exact: a name in other case names nothing.
std::string_view name_of(Algorithm algorithm);
std::optional<Algorithm> find_algorithm(std::string_view name);

bool is_symmetric(Algorithm algorithm);
// REQUIRES: not symmetric.
crypto::SignatureScheme scheme_of(Algorithm algorithm);
// REQUIRES: symmetric.
crypto::Hash hash_of(Algorithm algorithm);

}  // namespace keystead::jose

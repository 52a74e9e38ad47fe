// The members of SHA-2 that signatures and MACs are made with (FIPS 180-4).
#pragma once

#include <cstddef>

namespace keystead::crypto {

enum class Hash { sha256, sha384, sha512 };

constexpr std::size_t size_of(Hash hash) {
  switch (hash) {
    case Hash::sha256: return 32;
    case Hash::sha384: return 48;
    case Hash::sha512: return 64;
  }
  return 0;
}

}  // namespace keystead::crypto

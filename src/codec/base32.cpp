#include "codec/base32.hpp"

#include <cstdint>

namespace keystead::codec {

std::string base32_encode(std::string_view bytes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  std::uint32_t pending = 0;
  int bits = 0;
  for (char c : bytes) {
    pending = pending << 8 | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 5; bits -= 5) out += kAlphabet[pending >> (bits - 5) & 31];
  }
  if (bits > 0) out += kAlphabet[pending << (5 - bits) & 31];
  return out;
}

}  // namespace keystead::codec

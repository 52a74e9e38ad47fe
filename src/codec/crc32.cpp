#include "codec/crc32.hpp"

#include <array>

namespace keystead::codec {
namespace {

constexpr auto kTable = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = value & 1 ? 0xEDB88320u ^ value >> 1 : value >> 1;
    table[i] = value;
  }
  return table;
}();

}  // namespace

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t value = 0xFFFFFFFFu;
  for (char c : bytes) value = kTable[(value ^ static_cast<unsigned char>(c)) & 255] ^ value >> 8;
  return ~value;
}

}  // namespace keystead::codec

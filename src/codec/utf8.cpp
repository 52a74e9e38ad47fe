#include "codec/utf8.hpp"

#include <cstdint>

namespace keystead::codec {

bool is_utf8(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    auto lead = static_cast<unsigned char>(bytes[at++]);
    if (lead < 0x80) continue;
    int following;
    std::uint32_t point, point_min;
    if (lead >= 0xC2 && lead <= 0xDF)
      following = 1, point = lead & 0x1f, point_min = 0x80;
    else if (lead >= 0xE0 && lead <= 0xEF)
      following = 2, point = lead & 0x0f, point_min = 0x800;
    else if (lead >= 0xF0 && lead <= 0xF4)
      following = 3, point = lead & 0x07, point_min = 0x10000;
    else
      return false;
    for (; following > 0; --following) {
      if (at == bytes.size()) return false;
      auto next = static_cast<unsigned char>(bytes[at++]);
      if ((next & 0xC0) != 0x80) return false;
      point = point << 6 | (next & 0x3f);
    }
    if (point < point_min || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return false;
  }
  return true;
}

}  // namespace keystead::codec

// CRC-32 (IEEE 802.3, as in zlib): the checksum part of an API key, so that a typing error is
// refused without a look-up.
#pragma once

#include <cstdint>
#include <string_view>

namespace keystead::codec {

std::uint32_t crc32(std::string_view bytes);

}  // namespace keystead::codec

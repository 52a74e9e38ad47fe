// Bytes of any length on their way to a column and back. The rest of the code has them as a
// std::string, which a statement would take for text.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace keystead::store {

inline std::span<unsigned char const> blob_of(std::string_view bytes) {
  return {reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size()};
}

inline std::string bytes_of(std::span<unsigned char const> blob) {
  return {reinterpret_cast<char const*>(blob.data()), blob.size()};
}

}  // namespace keystead::store

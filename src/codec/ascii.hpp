// Letters of ASCII, whatever the locale.
#pragma once

#include <string>
#include <string_view>

namespace keystead::codec {

// A-Z become a-z; every other byte stays.
inline std::string lower_ascii(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

}  // namespace keystead::codec

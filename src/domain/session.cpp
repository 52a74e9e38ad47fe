#include "domain/session.hpp"

#include <algorithm>

namespace keystead::domain {

std::string shorten_user_agent(std::string_view text) {
  constexpr std::size_t kBytesMax = 200;
  std::string shown(text.substr(0, kBytesMax));
  std::ranges::replace_if(shown, [](char c) { return c < ' ' || c > '~'; }, '?');
  return shown;
}

}  // namespace keystead::domain

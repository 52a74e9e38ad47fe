#include "domain/rule.hpp"

namespace keystead::domain {

// Goes back to the last * only, so that no pattern costs more than its length times the text's.
bool matches_pattern(std::string_view pattern, std::string_view text) {
  std::size_t at = 0;
  std::size_t read = 0;
  std::size_t behind_star = std::string_view::npos;
  std::size_t resume = 0;
  while (read < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      behind_star = ++at;
      resume = read;
    } else if (at < pattern.size() && pattern[at] == text[read]) {
      ++at;
      ++read;
    } else if (behind_star != std::string_view::npos) {
      at = behind_star;
      read = ++resume;
    } else {
      return false;
    }
  }
  while (at < pattern.size() && pattern[at] == '*') ++at;
  return at == pattern.size();
}

}  // namespace keystead::domain

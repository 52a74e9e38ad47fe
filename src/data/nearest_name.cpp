#include "data/nearest_name.hpp"

#include <algorithm>
#include <vector>

namespace keystead::data {
namespace {

// The bound keeps a hostile name from costing more than a field's name would.
constexpr std::size_t kLengthMax = 64;

// Levenshtein's distance, one row of the table at a time.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string_view nearest_name(std::string_view name, std::span<std::string_view const> candidates) {
  if (name.size() > kLengthMax) return {};
  std::string_view nearest;
  std::size_t fewest = std::max<std::size_t>(1, name.size() / 3) + 1;
  for (std::string_view candidate : candidates) {
    if (candidate.size() > kLengthMax) continue;
    if (std::size_t changes = distance(name, candidate); changes < fewest) {
      fewest = changes;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace keystead::data

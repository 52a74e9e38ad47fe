#include "data/complaints.hpp"

#include "data/nearest_name.hpp"

namespace keystead::data {
namespace {

constexpr std::size_t kCountMax = 20;
constexpr std::size_t kPathMax = 96;  // bytes

// A path is echoed from the input, so it must not be able to make the answer long or cut a
// character in two.
std::string_view readable(std::string_view path) {
  if (path.size() <= kPathMax) return path;
  std::size_t end = kPathMax;
  while (end > 0 && (static_cast<unsigned char>(path[end]) & 0xc0) == 0x80) --end;
  return path.substr(0, end);
}

}  // namespace

void Complaints::add(std::string_view path, std::string_view what) {
  if (++count_ > kCountMax) {
    if (count_ == kCountMax + 1) text_ += "; and more";
    return;
  }
  if (!text_.empty()) text_ += "; ";
  text_ += readable(path);
  text_ += ": ";
  text_ += what;
}

void Complaints::add_unknown(
    std::string_view prefix,
    std::string_view name,
    std::string_view kind,
    std::span<std::string_view const> known
) {
  std::string what = "no such " + std::string(kind);
  if (count_ < kCountMax) {
    if (auto nearest = nearest_name(name, known); !nearest.empty()) {
      what += "; nearest: " + std::string(nearest);
    }
  }
  add(std::string(prefix) + std::string(name), what);
}

}  // namespace keystead::data

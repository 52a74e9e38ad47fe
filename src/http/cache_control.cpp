#include "http/cache_control.hpp"

#include <charconv>
#include <cstdint>

namespace keystead::http {

std::optional<std::chrono::seconds> age_max(std::string_view header) {
  if (header.contains("no-store") || header.contains("no-cache")) return std::chrono::seconds(0);
  constexpr std::string_view kName = "max-age=";
  auto at = header.find(kName);
  if (at == std::string_view::npos) return std::nullopt;
  auto digits = header.substr(at + kName.size());
  std::uint32_t seconds = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  if (error != std::errc()) return std::nullopt;
  return std::chrono::seconds(seconds);
}

}  // namespace keystead::http

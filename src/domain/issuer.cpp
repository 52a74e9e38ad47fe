#include "domain/issuer.hpp"

#include <algorithm>

namespace keystead::domain {

bool Issuer::has_any(std::vector<std::string> const& others) const {
  return std::ranges::any_of(others, [&](std::string const& each) {
    return std::ranges::find(resources, each) != resources.end();
  });
}

std::optional<Issuer> Issuers::find(std::string_view url) const {
  return url == root_.url ? std::optional(root_) : std::nullopt;
}

std::optional<Issuer> Issuers::of_resources(std::vector<std::string> const& resources) const {
  return root_.has_any(resources) ? std::optional(root_) : std::nullopt;
}

}  // namespace keystead::domain

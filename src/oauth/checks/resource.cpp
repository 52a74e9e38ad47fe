#include "oauth/checks/resource.hpp"

#include <algorithm>

#include "http/request.hpp"

namespace keystead::oauth {

bool is_same_resource(std::string_view ours, std::string_view asked) {
  if (asked.ends_with('/')) asked.remove_suffix(1);
  auto host_end = std::min(ours.find('/', ours.find("://") + 3), ours.size());
  return asked.size() == ours.size() &&
         http::equals_ignoring_case(ours.substr(0, host_end), asked.substr(0, host_end)) &&
         ours.substr(host_end) == asked.substr(host_end);
}

TokenResult<std::vector<std::string>> narrow_resources(
    std::vector<std::string> const& asked, std::vector<std::string> const& granted
) {
  if (asked.empty()) return granted;
  std::vector<std::string> resources;
  for (auto const& each : asked) {
    auto found = std::ranges::find_if(granted, [&](std::string const& ours) {
      return is_same_resource(ours, each);
    });
    if (found == granted.end()) {
      return refuse(TokenError::invalid_target, "The grant is for another resource.");
    }
    if (std::ranges::find(resources, *found) == resources.end()) resources.push_back(*found);
  }
  return resources;
}

}  // namespace keystead::oauth

#include "api/strangers.hpp"

namespace keystead::api {

Result<void> count_stranger(
    authz::AddressGuard& strangers, RouteCall const& call, http::Response& response
) {
  auto address = domain::Address::parse(call.address);
  auto now = std::chrono::steady_clock::now();
  if (!address) return {};
  if (strangers.is_exhausted(*address, now)) {
    auto wait = strangers.retry_after(*address, now);
    response.add("Retry-After", std::to_string(wait.count()));
    return fail(Code::too_many_requests, "Too many requests from this address. Wait a while.");
  }
  strangers.note_failure(*address, now);
  return {};
}

}  // namespace keystead::api

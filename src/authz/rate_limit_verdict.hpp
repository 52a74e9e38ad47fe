// What a rate limiter answers, and how it is told in the fields of HTTP.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "authz/rate_limit.hpp"

namespace keystead::authz {

struct RateLimitVerdict {
  struct Quota {
    std::string_view policy;  // key, tenant or tool; lives for ever
    RateLimit limit{};
    std::uint32_t remaining = 0;
    std::chrono::seconds more_in{0};  // until there is more than `remaining`; 0 if that is all
  };

  std::array<Quota, 3> all{};
  std::size_t count = 0;        // of them apply
  std::string_view refused_by;  // the policy; empty if the call is allowed
  // When all that refused will have a call again; at least a second. Zero if the call is allowed.
  std::chrono::seconds retry_after{0};

  bool is_allowed() const { return refused_by.empty(); }
  std::span<Quota const> quotas() const { return {all.data(), count}; }
};

// The values of RateLimit-Policy and RateLimit as draft-ietf-httpapi-ratelimit-headers-11 §3 and §4
// have them. Both are for verdicts with quotas; where there are none, the fields are left out.
void append_rate_limit_policy(std::string& out, RateLimitVerdict const& verdict);
void append_rate_limit(std::string& out, RateLimitVerdict const& verdict);

}  // namespace keystead::authz

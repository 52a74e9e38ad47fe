// Counts calls by key, by tenant and by tool, and says when there were too many.
//
// Each node counts for itself: behind a balancer with n nodes a caller may get n times a limit
// (attack 105). A limit protects the node that enforces it; one that must hold for the installation
// is divided by the number of its nodes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authz/rate_limit_buckets.hpp"
#include "authz/rate_limit_verdict.hpp"
#include "domain/ids.hpp"

namespace keystead::authz {

class RateLimiter {
 public:
  struct ToolLimit {
    std::string tools;  // a pattern, see domain::matches_pattern
    RateLimit limit;
  };
  struct Policy {
    std::optional<RateLimit> key = {};
    std::optional<RateLimit> tenant = {};
    // Each key may call each tool so often. The first pattern that matches a tool counts.
    std::vector<ToolLimit> tools = {};
    // Callers in the middle of their quota that are told apart; beyond, the one with the most left
    // is forgotten. A key counts once, and once more for each limited tool that it calls.
    std::size_t buckets_max = 262'144;
  };

  explicit RateLimiter(Policy policy);

  // Whether no call is limited: then take() need not be asked, nor a clock.
  bool is_idle() const { return !key_ && !tenant_ && tools_.empty(); }

  // One call from every bucket that applies, or from none if one of them is empty. `tool` is the
  // name of a tool that exists, or empty for what is not a tool. Safe from any thread; does not
  // allocate, and takes a lock only at the first call of a caller in a while.
  RateLimitVerdict take(
      domain::KeyId const& key,
      std::optional<domain::TenantId> const& tenant,
      std::string_view tool,
      Instant now
  ) {
    if (is_idle()) return {};
    return take_from_all(key, tenant, tool, now);
  }

  std::size_t memory_bytes() const { return buckets_.memory_bytes(); }

 private:
  struct Rule {
    explicit Rule(RateLimit const& from) : limit(from), pace(from) {}
    RateLimit limit;
    Pace pace;
  };
  struct ToolRule {
    std::string tools;
    Rule rule;
  };
  // A bucket that a call must take from.
  struct Claim {
    std::string_view policy;
    Rule const* rule = nullptr;
    std::uint64_t owner = 0;
    RateLimitBuckets::Debt debt{0};
  };
  struct Claims {
    std::array<Claim, 3> all;
    std::size_t count = 0;
    std::span<Claim> span() { return {all.data(), count}; }
  };

  RateLimitVerdict take_from_all(
      domain::KeyId const& key,
      std::optional<domain::TenantId> const& tenant,
      std::string_view tool,
      Instant now
  );
  Claims claims_of(
      domain::KeyId const& key, std::optional<domain::TenantId> const& tenant, std::string_view tool
  ) const;
  // Both fill in the debts, and answer whether every bucket has a call.
  bool look(std::span<Claim> claims, Instant now) const;
  bool take_each(std::span<Claim> claims, Instant now);
  Rule const* rule_of(std::string_view tool) const;

  std::optional<Rule> key_;
  std::optional<Rule> tenant_;
  std::vector<ToolRule> tools_;
  RateLimitBuckets buckets_;
};

}  // namespace keystead::authz

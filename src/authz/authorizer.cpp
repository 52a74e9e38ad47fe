#include "authz/authorizer.hpp"

#include <algorithm>

namespace keystead::authz {
namespace {

using domain::Denial;
using domain::DenialReason;

bool applies(domain::Rule const& rule, domain::Principal const& principal) {
  if ((rule.environment_mask >> (principal.environment() & 63) & 1) == 0) return false;
  if ((rule.kind_mask >> (principal.kind() & 63) & 1) == 0) return false;
  return rule.unless_scope.empty() || !principal.scopes().contains(rule.unless);
}

bool is_within(domain::Restriction const* restriction, domain::Action const& action) {
  if (!restriction || restriction->tools.empty()) return true;
  return std::ranges::any_of(restriction->tools, [&](std::string const& tool) {
    return tool == action.name || (!action.tool.empty() && tool == action.tool);
  });
}

// What is given counts although the tool does not declare it: a tool may read more than its schema
// says.
bool keeps(domain::ArgumentLimit const& limit, Arguments const& arguments) {
  auto value = arguments.value(limit.name);
  if (!value) return !arguments.takes(limit.name);
  return std::ranges::find(limit.values, *value) != limit.values.end();
}

// The first limit that is not kept; nullptr if all are.
domain::ArgumentLimit const* find_broken(
    std::vector<domain::ArgumentLimit> const& limits, Arguments const& arguments
) {
  auto broken = std::ranges::find_if(limits, [&](domain::ArgumentLimit const& limit) {
    return !keeps(limit, arguments);
  });
  return broken == limits.end() ? nullptr : &*broken;
}

std::optional<Denial> judge_by_rule(
    domain::Rule const& rule, domain::Action const& action, Arguments const* arguments
) {
  if (rule.verdict == domain::Rule::Verdict::deny) {
    return Denial{.action = &action, .reason = DenialReason::rule, .rule = rule.name};
  }
  if (rule.verdict == domain::Rule::Verdict::limit && arguments) {
    if (auto const* broken = find_broken(rule.arguments, *arguments)) {
      return Denial{
          .action = &action,
          .reason = DenialReason::argument,
          .rule = rule.name,
          .argument = broken->name,
      };
    }
  }
  return std::nullopt;
}

std::optional<Denial> find_denial(
    domain::Principal const& principal, domain::Action const& action, Arguments const* arguments
) {
  auto denied = [&](DenialReason reason) { return Denial{.action = &action, .reason = reason}; };
  if (!principal.tenant()) return denied(DenialReason::tenant_required);
  if (!principal.scopes().contains(action.needs)) return denied(DenialReason::insufficient_scope);
  auto const* restriction = principal.restriction();
  if (!is_within(restriction, action)) return denied(DenialReason::narrowed);
  for (domain::Rule const* rule : action.rules) {
    if (!applies(*rule, principal)) continue;
    if (rule->verdict == domain::Rule::Verdict::allow) break;
    if (auto denial = judge_by_rule(*rule, action, arguments)) return denial;
  }
  if (restriction && arguments) {
    if (auto const* broken = find_broken(restriction->arguments, *arguments)) {
      auto denial = denied(DenialReason::argument);
      denial.argument = broken->name;
      return denial;
    }
  }
  return std::nullopt;
}

}  // namespace

std::expected<domain::Permit, domain::Denial> Authorizer::decide(
    domain::Principal const& principal, domain::Action const& action
) {
  if (auto denial = find_denial(principal, action, nullptr)) return std::unexpected(*denial);
  return domain::Permit(principal, action);
}

std::expected<domain::Permit, domain::Denial> Authorizer::decide(
    domain::Principal const& principal, domain::Action const& action, Arguments const& arguments
) {
  if (auto denial = find_denial(principal, action, &arguments)) return std::unexpected(*denial);
  return domain::Permit(principal, action);
}

}  // namespace keystead::authz

#include "authz/action_table.hpp"

#include <algorithm>
#include <span>

namespace keystead::authz {
namespace {

// The bits that a check compares: those of the names' places in `known`.
Result<std::uint64_t> mask_of(
    domain::Rule const& rule,
    std::string_view what,
    std::span<std::string const> names,
    std::vector<std::string> const& known
) {
  if (names.empty()) return ~std::uint64_t{0};
  std::uint64_t mask = 0;
  for (auto const& name : names) {
    auto at = std::ranges::find(known, name) - known.begin();
    if (at == std::ssize(known) || at >= 64) {
      return fail(
          Code::invalid_request,
          "rule \"" + rule.name + "\": there is no " + std::string(what) + " \"" + name + "\""
      );
    }
    mask |= std::uint64_t{1} << at;
  }
  return mask;
}

bool concerns(std::string_view pattern, domain::Action const& action) {
  return domain::matches_pattern(pattern, action.name) ||
         (!action.tool.empty() && domain::matches_pattern(pattern, action.tool));
}

Result<void> check_patterns(domain::Rule const& rule, std::deque<domain::Action> const& actions) {
  if (rule.patterns.empty()) {
    return fail(Code::invalid_request, "rule \"" + rule.name + "\" names no tool and no action");
  }
  for (auto const& pattern : rule.patterns) {
    bool found = std::ranges::any_of(actions, [&](domain::Action const& action) {
      return concerns(pattern, action);
    });
    if (!found) {
      return fail(
          Code::invalid_request,
          "rule \"" + rule.name + "\": no tool and no action is called \"" + pattern + "\""
      );
    }
  }
  return {};
}

}  // namespace

Result<domain::ScopeSet> ActionTable::needs_of(std::string const& scope) const {
  domain::ScopeSet needs;
  auto const& all = catalog_.all();
  for (std::string_view rest = scope; !rest.empty();) {
    auto name = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), name.size() + 1));
    // Only the scope itself: who holds a scope that implies it holds it too.
    auto at = std::ranges::find(all, name, &domain::Scope::name);
    if (at == all.end()) {
      return fail(
          Code::invalid_request, "scope \"" + std::string(name) + "\", which is not declared"
      );
    }
    needs.add(static_cast<std::size_t>(at - all.begin()));
  }
  return needs;
}

domain::Action* ActionTable::find(std::string_view name) {
  auto at = std::ranges::find(actions_, name, &domain::Action::name);
  return at == actions_.end() ? nullptr : &*at;
}

Result<domain::Action const*> ActionTable::add(
    std::string name, domain::Effect effect, std::string scope
) {
  return add_tool(std::move(name), effect, std::move(scope), {}, {});
}

Result<domain::Action const*> ActionTable::add_tool(
    std::string name, domain::Effect effect, std::string scope, std::string tool, std::string twin
) {
  if (find(name)) {
    return fail(Code::invalid_request, "two things are called \"" + name + "\"");
  }
  auto needs = needs_of(scope);
  if (!needs) return fail(Code::invalid_request, name + " needs " + needs.error().public_text);
  domain::Action& action = actions_.emplace_back();
  action.name = std::move(name);
  action.effect = effect;
  action.scope = std::move(scope);
  action.needs = *needs;
  action.tool = std::move(tool);
  action.twin = std::move(twin);
  return &action;
}

Result<void> ActionTable::apply(
    std::vector<domain::Rule> rules,
    std::vector<std::string> const& environments,
    std::vector<std::string> const& kinds
) {
  for (domain::Rule& rule : rules) {
    TRY(check_patterns(rule, actions_));
    rule.environment_mask = TRY(mask_of(rule, "environment", rule.environments, environments));
    rule.kind_mask = TRY(mask_of(rule, "kind of keys", rule.kinds, kinds));
    auto unless = needs_of(rule.unless_scope);
    if (!unless) {
      return fail(
          Code::invalid_request, "rule \"" + rule.name + "\" names " + unless.error().public_text
      );
    }
    rule.unless = *unless;
  }
  rules_ = std::move(rules);
  for (domain::Rule const& rule : rules_) attach(rule);
  return {};
}

// What a rule about a tool means for its twin. To allow the tool, which may see fewer rows, allows
// nothing else; and a twin may take a limited argument under another name, or not at all, so that
// way in is closed instead.
domain::Rule const* ActionTable::rule_for_twin(domain::Rule const& rule) {
  switch (rule.verdict) {
    case domain::Rule::Verdict::allow: return nullptr;
    case domain::Rule::Verdict::deny: return &rule;
    case domain::Rule::Verdict::limit: break;
  }
  auto& closed = twin_rules_.emplace_back(rule);
  closed.verdict = domain::Rule::Verdict::deny;
  return &closed;
}

void ActionTable::attach(domain::Rule const& rule) {
  auto const* twin_rule = rule_for_twin(rule);
  auto attach_once = [&](domain::Action& action) {
    if (action.rules.empty() || action.rules.back() != &rule) action.rules.push_back(&rule);
  };
  for (domain::Action& action : actions_) {
    bool concerned = std::ranges::any_of(rule.patterns, [&](auto const& pattern) {
      return concerns(pattern, action);
    });
    if (!concerned) continue;
    attach_once(action);
    // A collection that is no REST resource has no such action.
    auto* twin = find(action.twin);
    if (!twin || !twin_rule) continue;
    if (twin->rules.empty() || twin->rules.back() != twin_rule) twin->rules.push_back(twin_rule);
  }
}

}  // namespace keystead::authz

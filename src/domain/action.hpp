// What a caller may want to do: one action for every tool and every route.
#pragma once

#include <string>
#include <vector>

#include "domain/rule.hpp"
#include "domain/scope.hpp"

namespace keystead::domain {

enum class Effect { read, write, destroy };

struct Action {
  std::string name;  // tasks.create
  Effect effect = Effect::read;
  std::string scope;  // the scope that it needs; empty if any principal of a tenant may
  ScopeSet needs;     // the same as a set
  std::string tool;   // the tool that does it: tasks_create; empty if none does
  std::string twin;   // the action that does the same to the same data by another way in, if any
  std::vector<Rule const*> rules;  // those that concern it, in the order of the configuration
};

}  // namespace keystead::domain

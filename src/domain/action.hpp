// What a caller may want to do: one action for every tool and every route.
#pragma once

#include <string>

#include "domain/scope.hpp"

namespace keystead::domain {

enum class Effect { read, write, destroy };

struct Action {
  std::string name;  // tasks.create
  Effect effect = Effect::read;
  std::string scope;  // the scope that it needs; empty if any principal of a tenant may
  ScopeSet needs;     // the same as a set
};

}  // namespace keystead::domain

// Rules of the configuration: what is decided about a tool or a route beyond the scope.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/scope.hpp"

namespace keystead::domain {

// The only values that an argument may have.
struct ArgumentLimit {
  std::string name;
  std::vector<std::string> values;  // each as compact JSON text: "open" with its quotes, 3, true
};

// Rules are asked in their order. The first that applies and allows or denies ends the matter;
// argument limits of all that apply before it hold together.
struct Rule {
  enum class Verdict { allow, deny, limit };

  std::string name;  // what `why` cites
  Verdict verdict = Verdict::deny;
  std::vector<std::string> patterns;       // tools or actions; * stands for any characters
  std::vector<std::string> environments;   // of the caller; empty: any
  std::vector<std::string> kinds;          // of the caller's key; empty: any
  std::uint64_t environment_mask = ~0ULL;  // the same by index, see domain::Principal
  std::uint64_t kind_mask = ~0ULL;
  std::string unless_scope;              // callers who hold it are exempt; empty: nobody
  ScopeSet unless;                       // the same as a set
  std::vector<ArgumentLimit> arguments;  // of a limit
};

// Whether `text` matches a pattern in which * stands for any characters, also none.
bool matches_pattern(std::string_view pattern, std::string_view text);

}  // namespace keystead::domain

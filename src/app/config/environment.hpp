// References to the environment in a text: ${NAME}, ${NAME:-default}; $${ stands for ${ itself.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace keystead::app {

using Environment = std::map<std::string, std::string, std::less<>>;

Environment process_environment();

struct Expansion {
  std::string text;
  bool from_environment = false;      // such a text may be a secret and is not repeated in an error
  bool holds_default = false;         // some of it was a default, which stands in the file itself
  std::vector<std::string> mistakes;  // a missing variable, a reference that does not end
};

// A default is taken when the variable is missing or empty, as in a shell. What a variable holds is
// not expanded again.
Expansion expand(std::string_view text, Environment const& environment);

}  // namespace keystead::app

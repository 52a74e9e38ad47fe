#include "app/config/environment.hpp"

#include <algorithm>

#include <unistd.h>

namespace keystead::app {
namespace {

bool is_variable_name(std::string_view name) {
  auto is_letter = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
  };
  return !name.empty() && is_letter(name.front()) &&
         std::ranges::all_of(name, [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

// `reference` is what stands between the braces.
void expand_one(std::string_view reference, Environment const& environment, Expansion& out) {
  std::size_t colon = reference.find(":-");
  std::string_view name = reference.substr(0, colon);
  if (!is_variable_name(name)) {
    out.mistakes.emplace_back("expected ${NAME} or ${NAME:-default}; write $${ for a plain ${");
    return;
  }
  out.from_environment = true;
  auto at = environment.find(name);
  bool has_default = colon != std::string_view::npos;
  if (at != environment.end() && !(at->second.empty() && has_default)) {
    out.text += at->second;
  } else if (has_default) {
    out.text += reference.substr(colon + 2);
    out.holds_default = out.holds_default || colon + 2 < reference.size();
  } else {
    out.mistakes.push_back("environment variable " + std::string(name) + " is not set");
  }
}

}  // namespace

Environment process_environment() {
  Environment environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    std::string_view text = *entry;
    std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) {
      environment.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return environment;
}

Expansion expand(std::string_view text, Environment const& environment) {
  Expansion out;
  while (!text.empty()) {
    std::size_t begin = text.find("${");
    out.text += text.substr(0, begin);
    if (begin == std::string_view::npos) return out;
    text.remove_prefix(begin + 2);
    if (begin > 0 && out.text.ends_with('$')) {  // $${ was written: one of the two stands already
      out.text += '{';
      continue;
    }
    std::size_t end = text.find('}');
    if (end == std::string_view::npos) {
      out.mistakes.emplace_back("\"${\" without \"}\"; write $${ for a plain ${");
      return out;
    }
    expand_one(text.substr(0, end), environment, out);
    text.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace keystead::app

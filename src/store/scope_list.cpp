#include "store/scope_list.hpp"

#include <algorithm>

namespace keystead::store {

Result<std::string> join_scopes(std::vector<std::string> const& scopes) {
  std::string text;
  for (auto const& scope : scopes) {
    if (scope.empty() || scope.find_first_of(std::string_view(" \0", 2)) != std::string::npos) {
      return fail(Code::invalid_request, "a scope is empty or holds a space");
    }
    if (!text.empty()) text += ' ';
    text += scope;
  }
  return text;
}

void split_scopes(std::string_view text, std::vector<std::string>& scopes) {
  std::size_t count = 0;
  while (!text.empty()) {
    std::size_t end = std::min(text.find(' '), text.size());
    if (count == scopes.size()) scopes.emplace_back();
    scopes[count++].assign(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  scopes.resize(count);
}

}  // namespace keystead::store

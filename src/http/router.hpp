// Finds the route of a path: /api/v1/tasks/{id} is four segments, the last of which takes any text.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "http/request.hpp"

namespace keystead::http {

class Router {
 public:
  static constexpr std::size_t kParametersMax = 8;

  struct Match {
    std::optional<std::size_t> route;  // nothing: no such path, or not with this method
    std::string_view allow;  // the methods of the path, for 405; empty if there is no such path
    std::array<std::string_view, kParametersMax>
        parameters{};  // in the order of the pattern; views into the path
  };

  Router();
  ~Router();

  // False if the pair is there already. A GET route answers HEAD too, and a route of Method::other
  // the methods that have no name here. A last segment such as {rest...} takes all that is left of
  // the path, also nothing. REQUIRES: a pattern that begins with / and has at most kParametersMax
  // variable segments.
  bool add(Method method, std::string_view pattern, std::size_t route);

  // A variable segment is never empty; a fixed segment is preferred over a variable one.
  Match find(Method method, std::string_view path) const;

 private:
  struct Node;
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };

  std::unique_ptr<Node> root_;
  // Patterns without a variable segment, found without a walk. A walk would end at the same node,
  // since it prefers fixed segments.
  std::unordered_map<std::string, Node const*, TextHash, std::equal_to<>> fixed_;
};

}  // namespace keystead::http

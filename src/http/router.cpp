#include "http/router.hpp"

#include <cassert>

namespace keystead::http {
namespace {

constexpr std::size_t kMethodCount = static_cast<std::size_t>(Method::other) + 1;

std::size_t index_of(Method method) {
  return static_cast<std::size_t>(method);
}

// Without Method::other, which no Allow header can name.
constexpr std::array<std::string_view, kMethodCount - 1> kMethodNames{
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"
};

// Takes the first segment from a path that begins with a slash.
std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  auto segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

}  // namespace

struct Router::Node {
  std::unordered_map<std::string, std::unique_ptr<Node>, TextHash, std::equal_to<>> children;
  std::unique_ptr<Node> variable;
  std::unique_ptr<Node> rest;
  std::array<std::optional<std::size_t>, kMethodCount> routes;
  std::string allow;
};

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;

bool Router::add(Method method, std::string_view pattern, std::size_t route) {
  assert(pattern.starts_with('/'));
  Node* node = root_.get();
  for (auto rest = pattern; !rest.empty();) {
    auto segment = take_segment(rest);
    auto& next = segment.ends_with("...}")  ? node->rest
                 : segment.starts_with('{') ? node->variable
                                            : node->children[std::string(segment)];
    if (!next) next = std::make_unique<Node>();
    node = next.get();
  }
  if (!pattern.contains('{')) fixed_[std::string(pattern)] = node;
  auto enter = [&](Method which) {
    if (node->routes[index_of(which)]) return false;
    node->routes[index_of(which)] = route;
    if (which == Method::other) return true;
    node->allow.append(node->allow.empty() ? "" : ", ").append(kMethodNames[index_of(which)]);
    return true;
  };
  if (!enter(method)) return false;
  return method != Method::get || enter(Method::head);
}

Router::Match Router::find(Method method, std::string_view path) const {
  Match match;
  if (!path.starts_with('/')) return match;
  Node const* node = root_.get();
  if (auto fixed = fixed_.find(path); fixed != fixed_.end()) {
    node = fixed->second;
    path = {};
  }
  std::size_t count = 0;
  while (!path.empty()) {
    auto segment = take_segment(path);
    if (auto child = node->children.find(segment); child != node->children.end()) {
      node = child->second.get();
    } else if (node->variable && !segment.empty()) {
      assert(count < kParametersMax);
      match.parameters[count++] = segment;
      node = node->variable.get();
    } else if (node->rest) {
      assert(count < kParametersMax);
      match.parameters[count++] = {segment.data(), segment.size() + path.size()};
      node = node->rest.get();
      path = {};
    } else {
      return match;
    }
  }
  match.allow = node->allow;
  match.route = node->routes[index_of(method)];
  return match;
}

}  // namespace keystead::http

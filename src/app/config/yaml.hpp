// A YAML document as a plain tree that remembers its lines. The size, the depth and the number of
// nodes (after aliases are followed) are limited; tags, several documents and aliases inside their
// own anchor are refused.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace keystead::app {

// One mistake in a configuration file. A text without a path is about the file.
struct Mistake {
  std::size_t line = 1;
  std::string text;
};

struct YamlNode {
  enum class Kind { null, scalar, list, map };

  Kind kind = Kind::null;
  std::size_t line = 1;
  bool quoted = false;          // "true" is text, true is a boolean
  std::string text;             // of a scalar
  std::vector<YamlNode> keys;   // of a map: scalars, as many as items; a key may come twice
  std::vector<YamlNode> items;  // of a list or a map
};

struct YamlLimits {
  std::size_t bytes = 1U << 20;
  std::size_t depth = 32;
  std::size_t nodes = 100'000;
};

std::expected<YamlNode, Mistake> read_yaml(std::string_view text, YamlLimits const& limits = {});

}  // namespace keystead::app

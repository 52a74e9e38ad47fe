// The tools as tools/list shows them, rendered once when the server starts.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/era.hpp"
#include "mcp/header_rules.hpp"
#include "mcp/tool.hpp"

namespace keystead::mcp {

class Catalog {
 public:
  struct Entry {
    Tool const* tool;
    std::vector<MirroredArgument> mirrored;
    std::array<std::string, 3> texts;  // by Shape

    // The tool's JSON object, with the members that the revision knows.
    std::string const& text(Revision revision) const;
  };

  // `tools` is complete and outlives the catalog.
  explicit Catalog(Toolbox const& tools);

  Entry const* find(std::string_view name) const;  // nullptr if there is none
  // All entries whose name comes after `name`, in the order of the names' bytes; all of them for an
  // empty name.
  std::span<Entry const> after(std::string_view name) const;

 private:
  std::vector<Entry> entries_;  // sorted by name
};

}  // namespace keystead::mcp

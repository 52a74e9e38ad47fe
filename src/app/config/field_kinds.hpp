// The vocabulary of describe.hpp: what may be said about a field besides its name, and views that
// give a struct's member another shape in the file than in memory. Both visitors, the reader and
// the schema, know each of these kinds.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/config/config.hpp"
#include "app/config/yaml.hpp"

namespace keystead::app {

// Bounds of a number, of the bytes of a text, or of each text of a list.
struct Rule {
  std::int64_t min = 0;
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
  bool required = false;
  std::string_view pattern = {};  // kNamePattern or nothing
};

inline constexpr std::string_view kNamePattern = "^[a-z][a-z0-9_]{0,62}$";
bool is_name(std::string_view text);

// A map in the file whose keys are the names of the items.
template <class T>
struct ByName {
  std::vector<T>& items;
};

inline std::string& name_of(CollectionConfig& item) {
  return item.collection.name;
}

// keys.scopes, a map from name to label, and keys.implies, a map from name to names.
struct Scopes {
  std::vector<domain::Scope>& scopes;
};
struct ImpliedScopes {
  std::vector<domain::Scope>& scopes;
};

// collections.NAME.fields: a map from name to a shorthand, a list of choices, or a map that spells
// it out.
struct Fields {
  std::vector<domain::Field>& fields;
};

// A scalar whose type is known only when the rest of the map is read.
struct RawScalar {
  std::optional<YamlNode> node;
};

// A field spelt out, as it stands in the file.
struct FieldForm {
  std::string type;
  bool required = false;
  bool unique = false;
  RawScalar default_value;
  std::size_t max = domain::Field{}.length_max;
  std::string description;
  std::vector<std::string> choices;
};

// collections.NAME.samples: read after the fields, whose types the rows must have.
struct Samples {
  std::vector<domain::Field> const& fields;
  std::vector<std::vector<domain::FieldValue>>& rows;
};

}  // namespace keystead::app

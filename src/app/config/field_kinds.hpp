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
inline std::string& name_of(domain::KeyKind& item) {
  return item.name;
}
inline std::string& name_of(IssuerConfig& item) {
  return item.name;
}
inline std::string& name_of(ProviderConfig& item) {
  return item.name;
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

// keys.scopeless: full or refused.
struct Scopeless {
  bool& is_full;
};

// keys.members: a map from name to source.
struct KeyMembers {
  std::vector<KeyMember>& members;
};

// Secrets come from the environment. An empty signing secret is none, and so is one of a client,
// which may be short: the other server chose it.
struct Pepper {
  std::optional<Secret>& secret;
};
struct SigningSecret {
  std::optional<Secret>& secret;
};
struct ClientSecret {
  std::optional<Secret>& secret;
};

// denials: a map from the name of a refusal to its form.
struct Denials {
  api::DenialForms& forms;
};

// denials.NAME.body: a map of anything; and a text with placeholders.
struct DenialBody {
  std::optional<boost::json::value>& body;
};
struct DenialText {
  std::string& text;
};

// A rate limit, or none.
struct LimitOrNone {
  std::optional<authz::RateLimit>& limit;
};

// rate_limits.tools: a map from pattern to limit.
struct ToolLimits {
  std::vector<ToolLimitConfig>& limits;
};

// rules: a map from name to rule, and one as it stands in the file.
struct Rules {
  std::vector<domain::Rule>& rules;
};
struct RuleForm {
  domain::Rule rule;
  bool allow = false;
  bool deny = false;
};

// rules.NAME.arguments: a map from name to values.
struct ArgumentLimits {
  std::vector<domain::ArgumentLimit>& limits;
};

// leak_reports.public_keys: a map from identifier to file.
struct PublicKeys {
  std::vector<std::pair<std::string, std::filesystem::path>>& keys;
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

// A map that can be read only when the rest of the map around it is.
struct RawMap {
  std::optional<YamlNode> node;
};

// A tool of a collection spelt out, as it stands in the file.
struct ToolForm {
  std::string operation;
  domain::CollectionTool tool;
  RawMap where;
};

// collections.NAME.tools: a map from name to an operation, or to a map that spells it out; read
// after the fields, which it names.
struct CollectionTools {
  std::vector<domain::Field> const& fields;
  std::optional<std::vector<domain::CollectionTool>>& tools;
};

// collections.NAME.samples: read after the fields, whose types the rows must have.
struct Samples {
  std::vector<domain::Field> const& fields;
  std::vector<std::vector<domain::FieldValue>>& rows;
};

}  // namespace keystead::app

// The visitor that reads YAML into the described structs. It goes on after a mistake and collects
// them all.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "app/config/describe.hpp"
#include "app/config/environment.hpp"
#include "app/config/field_kinds.hpp"
#include "app/config/text_form.hpp"
#include "app/config/yaml.hpp"

namespace keystead::app {

// What all readers of one file share: the environment, the mistakes, and which line each path
// stands on.
class Reading {
 public:
  explicit Reading(Environment const& environment) : environment_(environment) {}

  void complain(std::size_t line, std::string_view path, std::string_view what);
  // For a check that runs when all is read: at line_of(path).
  void complain_at(std::string_view path, std::string_view what);

  // The line of the path, or of the nearest part of it that the file has.
  std::size_t line_of(std::string_view path) const;
  void note_line(std::string const& path, std::size_t line) { lines_.emplace(path, line); }
  bool has(std::string const& path) const { return lines_.contains(path); }
  // Whether the value there came from the environment, and so must not be repeated.
  bool is_from_environment(std::string const& path) const {
    return from_environment_.contains(path);
  }

  // The text of a scalar, with references to the environment replaced; nothing (and a complaint)
  // for anything else. `expected` completes "expected ..., found a list".
  std::optional<Expansion> scalar(
      YamlNode const& node, std::string const& path, std::string_view expected
  );

  // Complains about a node that is not of this kind.
  bool is_map(YamlNode const& node, std::string const& path);
  bool is_list(YamlNode const& node, std::string const& path);

  // The mistakes in the order of their lines.
  std::vector<Mistake> const& mistakes() const { return mistakes_; }

 private:
  Environment const& environment_;
  std::map<std::string, std::size_t, std::less<>> lines_;
  std::set<std::string> from_environment_;
  std::vector<Mistake> mistakes_;
};

// path.key; at the top just the key. Unprintable bytes are replaced: a path is part of a line of
// text.
std::string join(std::string_view path, std::string_view key);
std::string join(std::string_view path, std::size_t index);

// "found a list", "found nothing", "found text".
std::string_view found(YamlNode const& node);

// The entries of a map without the second of two equal keys, about which it complains.
struct Entry {
  YamlNode const* key;
  YamlNode const* value;
};
std::vector<Entry> entries_of(Reading& in, YamlNode const& node, std::string const& path);

// What describe() is given to read one map.
class ObjectReader {
 public:
  // REQUIRES: node is a map. All three outlive the reader.
  ObjectReader(Reading& in, YamlNode const& node, std::string const& path)
      : in_(in), path_(path), entries_(entries_of(in, node, path)) {}

  template <class T>
  void field(std::string_view key, T&& value, std::string_view description, Rule const& rule = {});

  // After all fields: complains about the keys that nobody asked for.
  void finish();

 private:
  YamlNode const* find(std::string_view key);

  Reading& in_;
  std::string const& path_;
  std::vector<Entry> entries_;
  std::vector<std::string> known_;
};

// What a plain scalar is in JSON: 3, true; in quotes, or from the environment, it is a text.
// Nothing (and a complaint) for anything but a scalar.
std::optional<json::value> read_json_scalar(
    Reading& in, YamlNode const& node, std::string const& path
);

// Complains that there is no `noun` of this name, and says which was probably meant. A name that
// came from the environment is not repeated.
void complain_unknown(
    Reading& in,
    std::string const& path,
    std::string_view noun,
    std::string const& name,
    std::span<std::string const> known
);

// One value of each kind. Kinds with a reading of their own: collections.cpp, custom_kinds.cpp,
// denials.cpp, rate_limits.cpp, rules.cpp, secrets.cpp.
void read_value(
    Reading& in, YamlNode const& node, std::string const& path, bool& out, Rule const& rule
);
void read_value(
    Reading& in, YamlNode const& node, std::string const& path, std::string& out, Rule const& rule
);
void read_value(
    Reading& in, YamlNode const& node, std::string const& path, std::size_t& out, Rule const& rule
);
void read_value(
    Reading& in, YamlNode const& node, std::string const& path, int& out, Rule const& rule
);
void read_value(
    Reading& in,
    YamlNode const& node,
    std::string const& path,
    domain::KeyFormat& out,
    Rule const& rule
);
void read_value(
    Reading& in, YamlNode const& node, std::string const& path, TenantConfig& out, Rule const& rule
);
void read_value(
    Reading& in, YamlNode const& node, std::string const& path, Scopes out, Rule const& rule
);
void read_value(
    Reading& in, YamlNode const& node, std::string const& path, ImpliedScopes out, Rule const& rule
);
void read_value(
    Reading& in, YamlNode const& node, std::string const& path, Scopeless out, Rule const& rule
);
void read_value(
    Reading& in, YamlNode const& node, std::string const& path, KeyMembers out, Rule const& rule
);
void read_value(
    Reading& in, YamlNode const& node, std::string const& path, Pepper out, Rule const& rule
);
void read_value(
    Reading& in, YamlNode const& node, std::string const& path, SigningSecret out, Rule const& rule
);
void read_value(
    Reading& in, YamlNode const& node, std::string const& path, ClientSecret out, Rule const& rule
);
void read_value(
    Reading& in, YamlNode const& node, std::string const& path, Denials out, Rule const& rule
);
void read_value(
    Reading& in, YamlNode const& node, std::string const& path, DenialBody out, Rule const& rule
);
void read_value(
    Reading& in, YamlNode const& node, std::string const& path, DenialText out, Rule const& rule
);
void read_value(
    Reading& in, YamlNode const& node, std::string const& path, LimitOrNone out, Rule const& rule
);
void read_value(
    Reading& in, YamlNode const& node, std::string const& path, ToolLimits out, Rule const& rule
);
void read_value(
    Reading& in, YamlNode const& node, std::string const& path, Rules out, Rule const& rule
);
void read_value(
    Reading& in, YamlNode const& node, std::string const& path, ArgumentLimits out, Rule const& rule
);
void read_value(
    Reading& in, YamlNode const& node, std::string const& path, PublicKeys out, Rule const& rule
);
void read_value(
    Reading& in,
    YamlNode const& node,
    std::string const& path,
    std::vector<domain::AddressRange>& out,
    Rule const& rule
);
void read_value(
    Reading& in, YamlNode const& node, std::string const& path, Fields out, Rule const& rule
);
void read_value(
    Reading& in, YamlNode const& node, std::string const& path, Samples out, Rule const& rule
);
void read_value(
    Reading& in, YamlNode const& node, std::string const& path, RawScalar& out, Rule const& rule
);
void read_value(
    Reading& in, YamlNode const& node, std::string const& path, RawMap& out, Rule const& rule
);
void read_value(
    Reading& in,
    YamlNode const& node,
    std::string const& path,
    CollectionTools out,
    Rule const& rule
);

template <HasTextForm T>
void read_value(Reading& in, YamlNode const& node, std::string const& path, T& out, Rule const&) {
  auto text = in.scalar(node, path, "text");
  if (!text) return;
  if (auto value = TextForm<T>::parse(text->text)) {
    out = std::move(*value);
  } else {
    in.complain(node.line, path, value.error().public_text);
  }
}

template <Described T>
void read_value(Reading& in, YamlNode const& node, std::string const& path, T& out, Rule const&) {
  if (!in.is_map(node, path)) return;
  ObjectReader reader(in, node, path);
  describe(reader, out);
  reader.finish();
}

template <class T>
void read_value(
    Reading& in,
    YamlNode const& node,
    std::string const& path,
    std::optional<T>& out,
    Rule const& rule
) {
  T value{};
  read_value(in, node, path, value, rule);
  out = std::move(value);
}

template <class T>
void read_value(
    Reading& in,
    YamlNode const& node,
    std::string const& path,
    std::vector<T>& out,
    Rule const& rule
) {
  if (!in.is_list(node, path)) return;
  out.clear();
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    T value{};
    std::string item_path = join(path, i);
    in.note_line(item_path, node.items[i].line);
    read_value(in, node.items[i], item_path, value, rule);
    out.push_back(std::move(value));
  }
}

template <class T>
void read_value(
    Reading& in, YamlNode const& node, std::string const& path, ByName<T> out, Rule const& rule
) {
  if (!in.is_map(node, path)) return;
  for (Entry const& entry : entries_of(in, node, path)) {
    std::string item_path = join(path, entry.key->text);
    in.note_line(item_path, entry.key->line);
    T& item = out.items.emplace_back();
    name_of(item) = entry.key->text;
    read_value(in, *entry.value, item_path, item, rule);
  }
}

template <class T>
void ObjectReader::field(std::string_view key, T&& value, std::string_view, Rule const& rule) {
  known_.emplace_back(key);
  std::string path = join(path_, key);
  YamlNode const* node = find(key);
  if (node != nullptr) {
    read_value(in_, *node, path, value, rule);
  } else if (rule.required) {
    in_.complain_at(path_, "\"" + std::string(key) + "\" is missing");
  }
}

}  // namespace keystead::app

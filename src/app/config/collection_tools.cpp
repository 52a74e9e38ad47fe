#include "app/config/collection_tools.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "app/config/checks.hpp"
#include "app/config/field_value.hpp"
#include "app/config/nearest.hpp"

namespace keystead::app {
namespace {

using domain::CollectionTool;
using domain::Field;
using domain::Operation;

struct OperationName {
  std::string_view name;
  Operation operation;
};
constexpr std::array<OperationName, 6> kOperations{
    {{"list", Operation::list},
     {"get", Operation::get},
     {"create", Operation::create},
     {"update", Operation::update},
     {"delete", Operation::remove},
     {"propose", Operation::propose}}
};

// What a list tool takes whatever the collection.
constexpr std::array<std::string_view, 4> kListArguments{"filter", "sort", "limit", "cursor"};
// A query has at most 32 conditions; half of them are left to the caller.
constexpr std::size_t kConditionsMax = 16;
constexpr std::size_t kToolsMax = 100;

bool is_tool_name(std::string_view name) {
  constexpr std::size_t kNameMax = 64;
  constexpr std::string_view kPunctuation = "_./-";
  return !name.empty() && name.size() <= kNameMax && std::ranges::all_of(name, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kPunctuation.contains(c);
  });
}

// Leaves the tool alone and complains if there is no such operation.
void set_operation(
    Reading& in,
    std::size_t line,
    std::string const& path,
    std::string_view text,
    CollectionTool& tool
) {
  auto at = std::ranges::find(kOperations, text, &OperationName::name);
  if (at != kOperations.end()) {
    tool.operation = at->operation;
    return;
  }
  std::string what = "expected list, get, create, update, delete or propose";
  std::vector<std::string> names(kOperations.size());
  std::ranges::transform(kOperations, names.begin(), [](OperationName const& operation) {
    return std::string(operation.name);
  });
  if (auto meant = nearest(text, names)) what += "; did you mean \"" + *meant + "\"?";
  in.complain(line, path, what);
}

// One tool while it is read. Its path, and that of each of its keys, are known to `in`.
struct ToolReader {
  Reading& in;
  std::string const& path;
  std::vector<Field> const& fields;
  CollectionTool& tool;

  // Keys that only some operations have.
  void refuse_key(std::string_view key, std::string_view what) const {
    if (in.has(join(path, key))) in.complain_at(join(path, key), what);
  }

  void read_where(YamlNode const& node) const {
    std::string where = join(path, "where");
    if (!in.is_map(node, where)) return;
    for (Entry const& entry : entries_of(in, node, where)) {
      std::string place = join(where, entry.key->text);
      auto index = find_field(in, entry.key->line, place, fields, entry.key->text);
      if (!index) continue;
      Field const& field = fields[*index];
      if (field.required && entry.value->kind == YamlNode::Kind::null) {
        in.complain(entry.key->line, place, "the field is required, so it is never empty");
      }
      tool.where.push_back({field.name, read_field_value(in, *entry.value, place, field)});
    }
  }

  // `names` are the values of `key`: fields that become arguments of their own.
  void check_arguments(std::string_view key, std::vector<std::string> const& names) const {
    for (std::size_t i = 0; i < names.size(); ++i) {
      std::string place = join(join(path, key), i);
      if (!find_field(in, in.line_of(place), place, fields, names[i])) continue;
      if (std::ranges::find(kListArguments, names[i]) != kListArguments.end()) {
        in.complain_at(place, "every list tool has an argument of this name already");
      }
      auto is_it = [&](auto const& other) { return other == names[i]; };
      auto is_set = [&](domain::FixedValue const& fixed) { return fixed.field == names[i]; };
      if (std::ranges::any_of(tool.where, is_set)) {
        in.complain_at(place, "where sets this field");
      } else if (
          std::ranges::count_if(tool.require, is_it) + std::ranges::count_if(tool.optional, is_it) >
          1
      ) {
        in.complain_at(place, "this field comes twice");
      }
    }
  }

  void check_by() const {
    if (tool.by.empty()) return;
    std::string place = join(path, "by");
    auto index = find_field(in, in.line_of(place), place, fields, tool.by);
    if (index && !fields[*index].unique) {
      in.complain_at(place, "not a unique field, so there can be more than one such row");
    }
  }

  void check() const {
    if (tool.operation != Operation::list && tool.operation != Operation::get) {
      refuse_key("where", "only list and get have conditions");
    }
    if (tool.operation != Operation::list) {
      refuse_key("require", "only list takes fields as arguments");
      refuse_key("optional", "only list takes fields as arguments");
    }
    if (tool.operation != Operation::get) {
      refuse_key("by", "only get looks for a row by a field");
      refuse_key("argument", "only get can call its argument something else");
    }
    check_arguments("require", tool.require);
    check_arguments("optional", tool.optional);
    check_by();
    if (!tool.argument.empty() && !is_name(tool.argument)) {
      in.complain_at(join(path, "argument"), kNameForm);
    }
    if (tool.where.size() + tool.require.size() + tool.optional.size() > kConditionsMax) {
      in.complain_at(
          path, "more than " + std::to_string(kConditionsMax) + " fields in its conditions"
      );
    }
  }
};

void read_tool(ToolReader const& reader, YamlNode const& node) {
  auto const& [in, path, fields, tool] = reader;
  if (node.kind != YamlNode::Kind::map) {
    if (auto text = in.scalar(node, path, "an operation, or a map"))
      set_operation(in, node.line, path, text->text, tool);
    return;
  }
  std::size_t mistakes_before = in.mistakes().size();
  ToolForm form;
  read_value(in, node, path, form, Rule{});
  std::string name = std::move(tool.name);
  tool = std::move(form.tool);
  tool.name = std::move(name);
  if (in.has(join(path, "do")))
    set_operation(in, in.line_of(join(path, "do")), join(path, "do"), form.operation, tool);
  if (form.where.node) reader.read_where(*form.where.node);
  if (in.mistakes().size() == mistakes_before) reader.check();
}

// The names of tools and where each is declared.
class ToolNames {
 public:
  explicit ToolNames(Reading& in) : in_(in) {}

  // Complains at `path` if the name is taken.
  void add(std::string const& name, std::string const& path, std::string_view whose) {
    auto [first, is_new] = places_.emplace(name, path);
    if (is_new) return;
    in_.complain_at(path, std::string(whose) + " has the name of another: " + first->second);
  }

 private:
  Reading& in_;
  std::map<std::string, std::string> places_;
};

// Adds what a collection declares, and checks that its scopes are there. `path` is its tools'.
void check_own_tools(
    Reading& in,
    KeysConfig const& keys,
    std::string const& path,
    std::vector<CollectionTool> const& tools,
    ToolNames& names
) {
  for (auto const& tool : tools) {
    std::string tool_path = join(path, tool.name);
    names.add(tool.name, tool_path, "the tool");
    if (tool.scope) check_scope(in, keys, join(tool_path, "scope"), *tool.scope);
  }
}

void add_five_tools(domain::Collection const& collection, ToolNames& names) {
  for (std::string_view ending : {"_list", "_get", "_create", "_update", "_delete"}) {
    std::string name = collection.name + std::string(ending);
    names.add(name, join("collections", collection.name), "its tool " + name);
  }
}

}  // namespace

void read_value(
    Reading& in, YamlNode const& node, std::string const& path, CollectionTools out, Rule const&
) {
  if (!in.is_map(node, path)) return;
  auto& tools = out.tools.emplace();
  for (Entry const& entry : entries_of(in, node, path)) {
    std::string tool_path = join(path, entry.key->text);
    in.note_line(tool_path, entry.key->line);
    if (!is_tool_name(entry.key->text)) {
      in.complain(
          entry.key->line, tool_path, "a tool's name is 1 to 64 of A-Z, a-z, 0-9, _, ., / and -"
      );
    }
    CollectionTool& tool = tools.emplace_back();
    tool.name = entry.key->text;
    read_tool({in, tool_path, out.fields, tool}, *entry.value);
  }
  if (tools.size() > kToolsMax) {
    in.complain(node.line, path, "more than " + std::to_string(kToolsMax) + " tools");
  }
}

void read_value(Reading&, YamlNode const& node, std::string const&, RawMap& out, Rule const&) {
  out.node = node;
}

void check_collection_tools(Reading& in, Config const& config) {
  ToolNames names(in);
  for (std::size_t i = 0; i < config.tools.size(); ++i) {
    names.add(config.tools[i], join("tools", i), "the tool");
  }
  for (auto const& [collection, samples] : config.collections) {
    std::string path = join("collections", collection.name);
    if (collection.tools) {
      check_own_tools(in, config.keys, join(path, "tools"), *collection.tools, names);
    } else {
      add_five_tools(collection, names);
    }
    if (!collection.rest && !samples.empty()) {
      in.complain_at(
          join(path, "samples"), "the demo adds rows over REST, which this collection does not have"
      );
    }
  }
}

}  // namespace keystead::app

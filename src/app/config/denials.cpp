// Denials as the file words them: bodies of any JSON, with placeholders in their texts.
#include <algorithm>
#include <utility>

#include "api/problem.hpp"
#include "app/config/nearest.hpp"
#include "app/config/reader.hpp"

namespace keystead::app {
namespace {

std::vector<std::string> to_strings(std::span<std::string_view const> texts) {
  return {texts.begin(), texts.end()};
}

std::vector<std::string> const& placeholders() {
  static std::vector<std::string> const kNames = to_strings(api::kDenialPlaceholders);
  return kNames;
}

bool is_placeholder(std::string const& name) {
  return std::ranges::find(placeholders(), name) != placeholders().end();
}

// What is wrong with the braces of a template; empty if nothing is. `repeats` allows to cite it.
std::string mistake_in(std::string_view text, bool repeats) {
  for (std::size_t begin; (begin = text.find('{')) != std::string_view::npos;) {
    text.remove_prefix(begin + 1);
    if (text.starts_with('{')) {
      text.remove_prefix(1);
      continue;
    }
    std::size_t end = text.find('}');
    if (end == std::string_view::npos) return "\"{\" without \"}\"; write {{ for a plain {";
    std::string name(text.substr(0, end));
    text.remove_prefix(end + 1);
    if (is_placeholder(name)) continue;
    if (!repeats) return "there is no such placeholder; write {{ for a plain {";
    std::string what = "there is no placeholder {" + name + "}";
    auto meant = nearest(name, placeholders());
    return what + (meant ? "; did you mean {" + *meant + "}?" : "; write {{ for a plain {");
  }
  return {};
}

void check_template(
    Reading& in, YamlNode const& node, std::string const& path, std::string_view text
) {
  std::string mistake = mistake_in(text, !in.is_from_environment(path));
  if (!mistake.empty()) in.complain(node.line, path, mistake);
}

// {detail} without quotes is a map in YAML.
bool is_bare_placeholder(YamlNode const& node) {
  return node.kind == YamlNode::Kind::map && node.items.size() == 1 &&
         node.items.front().kind == YamlNode::Kind::null && is_placeholder(node.keys.front().text);
}

json::value read_json(Reading& in, YamlNode const& node, std::string const& path);

json::object read_object(Reading& in, YamlNode const& node, std::string const& path) {
  json::object object;
  for (Entry const& entry : entries_of(in, node, path)) {
    object[entry.key->text] = read_json(in, *entry.value, join(path, entry.key->text));
  }
  return object;
}

json::array read_array(Reading& in, YamlNode const& node, std::string const& path) {
  json::array list;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    list.push_back(read_json(in, node.items[i], join(path, i)));
  }
  return list;
}

json::value read_json(Reading& in, YamlNode const& node, std::string const& path) {
  if (is_bare_placeholder(node)) {
    in.complain(node.line, path, "a placeholder needs quotes: \"{" + node.keys[0].text + "}\"");
    return nullptr;
  }
  switch (node.kind) {
    case YamlNode::Kind::null: return nullptr;
    case YamlNode::Kind::list: return read_array(in, node, path);
    case YamlNode::Kind::map: return read_object(in, node, path);
    case YamlNode::Kind::scalar: break;
  }
  auto value = read_json_scalar(in, node, path);
  if (!value) return nullptr;
  if (auto const* text = value->if_string()) {
    check_template(in, node, path, {text->data(), text->size()});
  }
  return *std::move(value);
}

}  // namespace

void read_value(
    Reading& in, YamlNode const& node, std::string const& path, DenialBody out, Rule const&
) {
  if (in.is_map(node, path)) out.body = read_object(in, node, path);
}

void read_value(
    Reading& in, YamlNode const& node, std::string const& path, DenialText out, Rule const&
) {
  constexpr Rule kText{.min = 1, .max = 1'000};
  if (is_bare_placeholder(node)) {
    read_json(in, node, path);
    return;
  }
  read_value(in, node, path, out.text, kText);
  check_template(in, node, path, out.text);
}

void read_value(
    Reading& in, YamlNode const& node, std::string const& path, Denials out, Rule const&
) {
  static std::vector<std::string> const kNames = to_strings(api::Problems::form_names());
  if (!in.is_map(node, path)) return;
  for (Entry const& entry : entries_of(in, node, path)) {
    std::string const& name = entry.key->text;
    std::string form_path = join(path, name);
    in.note_line(form_path, entry.key->line);
    if (std::ranges::find(kNames, name) == kNames.end()) {
      complain_unknown(in, form_path, "refusal", name, kNames);
    }
    read_value(in, *entry.value, form_path, out.forms[name], Rule{});
  }
}

}  // namespace keystead::app

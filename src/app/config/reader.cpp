#include "app/config/reader.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "app/config/nearest.hpp"
#include "codec/json.hpp"
#include "codec/utf8.hpp"

namespace keystead::app {
namespace {

std::string printable(std::string_view text) {
  constexpr std::size_t kShownMax = 80;
  std::string out(text.substr(0, kShownMax));
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return out;
}

std::string said_length(Rule const& rule) {
  return "expected " + std::to_string(rule.min) + " to " + std::to_string(rule.max) + " bytes";
}

std::optional<std::int64_t> read_whole_number(
    Reading& in, YamlNode const& node, std::string const& path, Rule const& rule
) {
  auto text = in.scalar(node, path, "a whole number");
  if (!text) return std::nullopt;
  std::string_view digits = text->text;
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  bool plain = !node.quoted || text->from_environment;
  if (!plain || end != digits.data() + digits.size() || error == std::errc::invalid_argument) {
    in.complain(node.line, path, "expected a whole number, found text");
    return std::nullopt;
  }
  if (error == std::errc{} && value >= rule.min && value <= rule.max) return value;
  in.complain(
      node.line,
      path,
      "expected a whole number from " + std::to_string(rule.min) + " to " + std::to_string(rule.max)
  );
  return std::nullopt;
}

}  // namespace

bool is_name(std::string_view text) {
  constexpr std::size_t kNameMax = 63;
  return !text.empty() && text.size() <= kNameMax && text.front() >= 'a' && text.front() <= 'z' &&
         std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

std::string join(std::string_view path, std::string_view key) {
  return path.empty() ? printable(key) : std::string(path) + "." + printable(key);
}

std::string join(std::string_view path, std::size_t index) {
  return std::string(path) + "[" + std::to_string(index) + "]";
}

std::string_view found(YamlNode const& node) {
  switch (node.kind) {
    case YamlNode::Kind::null: return "found nothing";
    case YamlNode::Kind::scalar: return "found text";
    case YamlNode::Kind::list: return "found a list";
    case YamlNode::Kind::map: return "found a map";
  }
  return "";
}

void Reading::complain(std::size_t line, std::string_view path, std::string_view what) {
  std::string text(path);
  if (!path.empty()) text += ": ";
  auto place = std::ranges::upper_bound(mistakes_, line, {}, &Mistake::line);
  mistakes_.insert(place, {line, text + std::string(what)});
}

std::size_t Reading::line_of(std::string_view path) const {
  std::string_view known = path;
  auto at = lines_.find(known);
  while (at == lines_.end() && !known.empty()) {
    std::size_t dot = known.find_last_of(".[");
    known = known.substr(0, dot == std::string_view::npos ? 0 : dot);
    at = lines_.find(known);
  }
  return at == lines_.end() ? 1 : at->second;
}

void Reading::complain_at(std::string_view path, std::string_view what) {
  complain(line_of(path), path, what);
}

std::optional<Expansion> Reading::scalar(
    YamlNode const& node, std::string const& path, std::string_view expected
) {
  if (node.kind != YamlNode::Kind::scalar) {
    complain(
        node.line, path, "expected " + std::string(expected) + ", " + std::string(found(node))
    );
    return std::nullopt;
  }
  Expansion text = expand(node.text, environment_);
  for (auto const& mistake : text.mistakes) complain(node.line, path, mistake);
  if (!text.mistakes.empty()) return std::nullopt;
  if (text.from_environment) from_environment_.insert(path);
  return text;
}

bool Reading::is_map(YamlNode const& node, std::string const& path) {
  if (node.kind == YamlNode::Kind::map) return true;
  complain(node.line, path, "expected a map, " + std::string(found(node)));
  return false;
}

bool Reading::is_list(YamlNode const& node, std::string const& path) {
  if (node.kind == YamlNode::Kind::list) return true;
  complain(node.line, path, "expected a list, " + std::string(found(node)));
  return false;
}

std::vector<Entry> entries_of(Reading& in, YamlNode const& node, std::string const& path) {
  std::vector<Entry> entries;
  std::map<std::string_view, std::size_t> lines;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    YamlNode const& key = node.keys[i];
    auto [first, is_new] = lines.emplace(key.text, key.line);
    if (is_new) {
      entries.push_back({&key, &node.items[i]});
    } else {
      std::string what = "duplicate key; the first is on line " + std::to_string(first->second);
      in.complain(key.line, join(path, key.text), what);
    }
  }
  return entries;
}

YamlNode const* ObjectReader::find(std::string_view key) {
  auto at = std::ranges::find_if(entries_, [&](Entry const& e) { return e.key->text == key; });
  if (at == entries_.end()) return nullptr;
  in_.note_line(join(path_, key), at->key->line);
  return at->value;
}

void ObjectReader::finish() {
  for (Entry const& entry : entries_) {
    std::string const& key = entry.key->text;
    if (std::ranges::find(known_, key) != known_.end()) continue;
    std::string what = "unknown key";
    if (auto meant = nearest(key, known_)) what += "; did you mean \"" + *meant + "\"?";
    in_.complain(entry.key->line, join(path_, key), what);
  }
}

void read_value(
    Reading& in, YamlNode const& node, std::string const& path, bool& out, Rule const&
) {
  auto text = in.scalar(node, path, "true or false");
  if (!text) return;
  bool plain = !node.quoted || text->from_environment;
  if (plain && (text->text == "true" || text->text == "false")) {
    out = text->text == "true";
  } else {
    in.complain(node.line, path, "expected true or false, found text");
  }
}

void read_value(
    Reading& in, YamlNode const& node, std::string const& path, std::string& out, Rule const& rule
) {
  auto text = in.scalar(node, path, "text");
  if (!text) return;
  auto size = static_cast<std::int64_t>(text->text.size());
  if (size < rule.min || size > rule.max) {
    in.complain(node.line, path, said_length(rule));
  } else if (text->text.contains('\0')) {
    in.complain(node.line, path, "text must not hold a NUL");
  } else {
    out = std::move(text->text);
  }
}

void read_value(
    Reading& in, YamlNode const& node, std::string const& path, std::size_t& out, Rule const& rule
) {
  if (auto value = read_whole_number(in, node, path, rule)) out = static_cast<std::size_t>(*value);
}

void read_value(
    Reading& in, YamlNode const& node, std::string const& path, int& out, Rule const& rule
) {
  if (auto value = read_whole_number(in, node, path, rule)) out = static_cast<int>(*value);
}

std::optional<json::value> read_json_scalar(
    Reading& in, YamlNode const& node, std::string const& path
) {
  auto text = in.scalar(node, path, "a value");
  if (!text) return std::nullopt;
  if (!node.quoted && !text->from_environment) {
    auto value = codec::parse_json(text->text);
    if (value && (value->is_number() || value->is_bool())) return *value;
  }
  if (codec::is_utf8(text->text)) return json::value(text->text);
  in.complain(node.line, path, "expected text in UTF-8");
  return std::nullopt;
}

void complain_unknown(
    Reading& in,
    std::string const& path,
    std::string_view noun,
    std::string const& name,
    std::span<std::string const> known
) {
  if (in.is_from_environment(path)) {
    in.complain_at(path, "there is no such " + std::string(noun));
    return;
  }
  std::string what = "there is no " + std::string(noun) + " \"" + printable(name) + "\"";
  if (auto meant = nearest(name, known)) what += "; did you mean \"" + *meant + "\"?";
  in.complain_at(path, what);
}

}  // namespace keystead::app

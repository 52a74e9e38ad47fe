// The kinds of values that read themselves in a way of their own: nouns, scopes, keys, addresses.
#include <algorithm>
#include <utility>

#include "api/key_json.hpp"
#include "app/config/checks.hpp"
#include "app/config/nearest.hpp"
#include "app/config/reader.hpp"

namespace keystead::app {
namespace {

std::vector<std::string> names_of(std::vector<domain::Scope> const& scopes) {
  std::vector<std::string> names(scopes.size());
  std::ranges::transform(scopes, names.begin(), &domain::Scope::name);
  return names;
}

}  // namespace

std::string unknown_scope(std::vector<domain::Scope> const& scopes, std::string const& name) {
  auto names = names_of(scopes);
  std::string what = "scope \"" + name + "\" is not in keys.scopes";
  if (auto meant = nearest(name, names)) what += "; did you mean \"" + *meant + "\"?";
  return what;
}

void read_value(
    Reading& in, YamlNode const& node, std::string const& path, domain::KeyFormat& out, Rule const&
) {
  constexpr std::string_view kPrefix = "key format: ";
  auto text = in.scalar(node, path, "a key format");
  if (!text) return;
  if (auto format = domain::KeyFormat::parse(text->text)) {
    out = std::move(*format);
  } else if (text->from_environment) {
    in.complain(node.line, path, "not a key format");
  } else {
    std::string_view what = format.error().public_text;
    if (what.starts_with(kPrefix)) what.remove_prefix(kPrefix.size());
    in.complain(node.line, path, what);
  }
}

void read_value(
    Reading& in, YamlNode const& node, std::string const& path, TenantConfig& out, Rule const&
) {
  constexpr Rule kNoun{.min = 1, .max = 40};
  if (node.kind != YamlNode::Kind::list) {
    read_value(in, node, path, out.nouns.front(), kNoun);
  } else if (node.items.size() < 1 || node.items.size() > 2) {
    in.complain(node.line, path, "expected one noun, or a list of two");
  } else {
    read_value(in, node, path, out.nouns, kNoun);
  }
}

void read_value(
    Reading& in, YamlNode const& node, std::string const& path, Scopes out, Rule const&
) {
  if (!in.is_map(node, path)) return;
  for (Entry const& entry : entries_of(in, node, path)) {
    domain::Scope& scope = out.scopes.emplace_back();
    scope.name = entry.key->text;
    std::string scope_path = join(path, scope.name);
    read_value(in, *entry.value, scope_path, scope.label, Rule{.min = 1, .max = 200});
    if (auto catalog = domain::ScopeCatalog::make({scope}); !catalog) {
      in.complain(entry.key->line, scope_path, catalog.error().public_text);
    }
  }
  if (out.scopes.size() > domain::ScopeSet::kCountMax) {
    in.complain(
        node.line, path, "more than " + std::to_string(domain::ScopeSet::kCountMax) + " scopes"
    );
  }
}

void read_value(
    Reading& in, YamlNode const& node, std::string const& path, ImpliedScopes out, Rule const&
) {
  if (!in.is_map(node, path)) return;
  for (Entry const& entry : entries_of(in, node, path)) {
    std::string scope_path = join(path, entry.key->text);
    std::vector<std::string> implied;
    read_value(in, *entry.value, scope_path, implied, Rule{.min = 1, .max = 128});
    auto scope = std::ranges::find(out.scopes, entry.key->text, &domain::Scope::name);
    if (scope == out.scopes.end()) {
      in.complain(entry.key->line, scope_path, unknown_scope(out.scopes, entry.key->text));
      continue;
    }
    scope->implies = std::move(implied);
  }
}

void read_value(
    Reading& in, YamlNode const& node, std::string const& path, Scopeless out, Rule const&
) {
  auto text = in.scalar(node, path, "full or refused");
  if (!text) return;
  out.is_full = text->text == "full";
  if (!out.is_full && text->text != "refused") {
    in.complain(node.line, path, "expected one of full, refused");
  }
}

void read_value(
    Reading& in, YamlNode const& node, std::string const& path, KeyMembers out, Rule const&
) {
  static std::vector<std::string> const kSources = api::KeyJson::sources();
  if (!in.is_map(node, path)) return;
  for (Entry const& entry : entries_of(in, node, path)) {
    KeyMember& member = out.members.emplace_back();
    member.name = entry.key->text;
    std::string member_path = join(path, member.name);
    in.note_line(member_path, entry.key->line);
    auto source = in.scalar(*entry.value, member_path, "what it shows");
    if (!is_name(member.name)) {
      in.complain(entry.key->line, member_path, kNameForm);
    } else if (member.name == "key") {
      in.complain(entry.key->line, member_path, "a new key itself has this name in the answer");
    }
    if (!source) continue;
    member.source = source->text;
    if (std::ranges::find(kSources, member.source) == kSources.end()) {
      complain_unknown(in, member_path, "part of a key", member.source, kSources);
    }
  }
}

void read_value(
    Reading& in,
    YamlNode const& node,
    std::string const& path,
    std::vector<domain::AddressRange>& out,
    Rule const&
) {
  if (!in.is_list(node, path)) return;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    std::string item_path = join(path, i);
    auto text = in.scalar(node.items[i], item_path, "an address or a range");
    if (!text) continue;
    if (auto range = TextForm<domain::AddressRange>::parse(text->text)) {
      out.push_back(*range);
    } else {
      in.complain(node.items[i].line, item_path, range.error().public_text);
    }
  }
}

void read_value(
    Reading& in, YamlNode const& node, std::string const& path, PublicKeys out, Rule const&
) {
  constexpr std::size_t kIdentifierMax = 128;
  if (!in.is_map(node, path)) return;
  for (Entry const& entry : entries_of(in, node, path)) {
    auto& [identifier, file] = out.keys.emplace_back(entry.key->text, "");
    std::string key_path = join(path, identifier);
    read_value(in, *entry.value, key_path, file, Rule{});
    if (identifier.empty() || identifier.size() > kIdentifierMax) {
      in.complain(entry.key->line, key_path, "an identifier has 1 to 128 bytes");
    }
  }
}

void read_value(Reading&, YamlNode const& node, std::string const&, RawScalar& out, Rule const&) {
  out.node = node;
}

}  // namespace keystead::app

// The kinds of values that read themselves in a way of their own: nouns, scopes, secrets.
#include <algorithm>
#include <utility>

#include "app/config/checks.hpp"
#include "app/config/nearest.hpp"
#include "app/config/reader.hpp"
#include "store/pepper.hpp"

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
    Reading& in, YamlNode const& node, std::string const& path, Secret& out, Rule const&
) {
  auto text = in.scalar(node, path, "${NAME}");
  if (!text) return;
  if (!text->from_environment) {
    in.complain(
        node.line, path, "a secret does not belong in this file: write ${NAME}, or use pepper_file"
    );
    return;
  }
  Secret pepper(std::move(text->text));
  if (auto parsed = store::parse_pepper(pepper); !parsed) {
    in.complain(node.line, path, parsed.error().public_text);
  } else {
    out = std::move(pepper);
  }
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

void read_value(Reading&, YamlNode const& node, std::string const&, RawScalar& out, Rule const&) {
  out.node = node;
}

}  // namespace keystead::app

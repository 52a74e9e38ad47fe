// What must hold of the keys' part of a configuration.
#include <algorithm>
#include <array>
#include <fstream>
#include <utility>

#include "app/config/checks.hpp"
#include "store/pepper.hpp"

namespace keystead::app {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 7> kRefusedHeaders{
    "connection", "content-length", "content-type", "cookie", "host", "origin", "transfer-encoding"
};

bool knows_scope(KeysConfig const& keys, std::string const& name) {
  return std::ranges::find(keys.scopes, name, &domain::Scope::name) != keys.scopes.end();
}

void check_scopes(Reading& in, KeysConfig& keys) {
  for (auto const& scope : keys.scopes) {
    std::string path = join("keys.implies", scope.name);
    for (std::size_t i = 0; i < scope.implies.size(); ++i) {
      check_scope(in, keys, join(path, i), scope.implies[i]);
    }
  }
  if (!keys.default_scopes) {
    keys.default_scopes.emplace();
    if (keys.scopeless_is_full) return;  // a key without scopes has those of tomorrow too
    for (auto const& scope : keys.scopes) keys.default_scopes->push_back(scope.name);
  }
  for (std::size_t i = 0; i < keys.default_scopes->size(); ++i) {
    check_scope(in, keys, join("keys.default_scopes", i), (*keys.default_scopes)[i]);
  }
}

bool is_header_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

void check_headers(Reading& in, std::vector<std::string> const& headers) {
  if (headers.empty()) in.complain_at("keys.headers", "at least one header is needed");
  for (std::size_t i = 0; i < headers.size(); ++i) {
    std::string path = join("keys.headers", i);
    auto here = headers.begin() + static_cast<std::ptrdiff_t>(i);
    if (!is_header_name(headers[i])) {
      in.complain_at(path, "a header name is lower-case letters, digits and -");
    } else if (std::ranges::find(kRefusedHeaders, headers[i]) != kRefusedHeaders.end()) {
      in.complain_at(path, "this header cannot carry a key");
    } else if (std::find(headers.begin(), here, headers[i]) != here) {
      in.complain_at(path, "this header comes twice");
    }
  }
}

void read_pepper_file(Reading& in, KeysConfig& keys) {
  constexpr std::string_view kPath = "keys.pepper_file";
  constexpr std::size_t kSizeMax = 65536;
  if (in.has("keys.pepper")) {
    in.complain_at(kPath, "there is keys.pepper too; one of them is enough");
    return;
  }
  std::ifstream file(keys.pepper_file, std::ios::binary);
  std::string text(kSizeMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  if (!file.is_open() || file.bad() || text.size() > kSizeMax) {
    in.complain_at(kPath, "the file cannot be read, or is larger than 64 KiB");
    return;
  }
  Secret pepper(std::move(text));
  if (auto parsed = store::parse_pepper(pepper); !parsed) {
    in.complain_at(kPath, parsed.error().public_text);
  } else {
    keys.pepper = std::move(pepper);
  }
}

void check_path(Reading& in, std::string_view path) {
  constexpr std::string_view kPath = "keys.path";
  std::string_view name = path;
  if (name.starts_with(kApiPath)) name.remove_prefix(kApiPath.size());
  std::string plain(name);
  std::ranges::replace(plain, '-', '_');
  if (name.size() == path.size() || !is_name(plain)) {
    in.complain_at(kPath, "expected /api/v1/ and a name of a-z, 0-9, - and _");
  } else if (is_reserved_route(name)) {
    in.complain_at(kPath, "there is a route of this path already");
  }
}

// The environment of a key decides which data it reaches, by its place in the list.
void check_environments(Reading& in, KeysConfig const& keys, domain::KeyKind const& kind) {
  auto const& environments = kind.format.environments();
  if (environments == keys.format.environments()) return;
  if (environments.empty() && !kind.tenant_bound) return;
  in.complain_at(
      join(join("keys.kinds", kind.name), "format"),
      "it must have the environments of keys.format, in the same order"
  );
}

std::string why_not(Reading const& in, domain::KeyKind const& kind, Failure const& failure) {
  bool repeats = !in.is_from_environment("keys.format") &&
                 !in.is_from_environment(join(join("keys.kinds", kind.name), "format"));
  return repeats ? failure.public_text : "its keys begin as those of another kind";
}

void make_kinds(Reading& in, Config& config) {
  std::vector<domain::KeyKind> kinds{{"tenant", config.keys.format, true}};
  config.key_kinds = domain::KeyKinds::make(kinds).value();
  for (auto const& kind : config.keys.kinds) {
    std::string path = join("keys.kinds", kind.name);
    if (!is_name(kind.name)) {
      in.complain_at(path, kNameForm);
    } else if (kind.name == "tenant") {
      in.complain_at(path, "this is the kind whose format is keys.format");
    } else if (!kind.format.grammar().empty()) {  // it was there, and could be read
      check_environments(in, config.keys, kind);
      kinds.push_back(kind);
      auto made = domain::KeyKinds::make(kinds);
      if (made) {
        config.key_kinds = std::move(*made);
      } else {
        in.complain_at(path, why_not(in, kind, made.error()));
        kinds.pop_back();
      }
    }
  }
}

}  // namespace

void check_scope(
    Reading& in, KeysConfig const& keys, std::string const& path, std::string const& name
) {
  if (name.empty() || knows_scope(keys, name)) return;
  if (in.is_from_environment(path)) {
    in.complain_at(path, "this scope is not in keys.scopes");
  } else {
    in.complain_at(path, unknown_scope(keys.scopes, name));
  }
}

void finish_keys(Reading& in, Config& config, fs::path const& folder) {
  check_headers(in, config.keys.headers);
  check_scopes(in, config.keys);
  if (auto catalog = domain::ScopeCatalog::make(config.keys.scopes)) {
    config.scope_catalog = std::move(*catalog);
  }
  make_kinds(in, config);
  check_path(in, config.keys.path);
  if (config.keys.manage) check_scope(in, config.keys, "keys.manage", *config.keys.manage);
  if (config.keys.read) check_scope(in, config.keys, "keys.read", *config.keys.read);
  make_absolute(config.keys.pepper_file, folder);
  if (!config.keys.pepper_file.empty()) read_pepper_file(in, config.keys);
}

}  // namespace keystead::app

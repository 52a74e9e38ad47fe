#include "app/config/checks.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <utility>

#include "store/pepper.hpp"

namespace keystead::app {
namespace {

namespace fs = std::filesystem;

// MCP allows 64 characters in a tool's name, and the longest suffix of a collection's tools is
// _update.
constexpr std::size_t kCollectionNameMax = 64 - std::string_view("_update").size();
constexpr std::size_t kCollectionsMax = 200;
constexpr std::size_t kFieldsMax = 100;

constexpr std::array<std::string_view, 4> kReservedFields{
    "id", "created_at", "updated_at", "tenant"
};
// /api/v1/version and /api/v1/whoami are routes of their own.
constexpr std::array<std::string_view, 2> kReservedCollections{"version", "whoami"};

constexpr std::array<std::string_view, 7> kRefusedHeaders{
    "connection", "content-length", "content-type", "cookie", "host", "origin", "transfer-encoding"
};

constexpr std::string_view kNameForm = "a name is a-z, then up to 62 of a-z, 0-9 and _";

bool knows_scope(KeysConfig const& keys, std::string const& name) {
  return std::ranges::find(keys.scopes, name, &domain::Scope::name) != keys.scopes.end();
}

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

void check_scopes(Reading& in, KeysConfig& keys) {
  for (auto const& scope : keys.scopes) {
    std::string path = join("keys.implies", scope.name);
    for (std::size_t i = 0; i < scope.implies.size(); ++i) {
      check_scope(in, keys, join(path, i), scope.implies[i]);
    }
  }
  if (!keys.default_scopes) {
    keys.default_scopes.emplace();
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

void check_fields(Reading& in, std::string const& path, std::vector<domain::Field> const& fields) {
  if (in.has(path) && (fields.empty() || fields.size() > kFieldsMax)) {
    in.complain_at(path, "expected 1 to " + std::to_string(kFieldsMax) + " fields");
  }
  for (auto const& field : fields) {
    if (!is_name(field.name)) {
      in.complain_at(join(path, field.name), kNameForm);
    } else if (std::ranges::find(kReservedFields, field.name) != kReservedFields.end()) {
      in.complain_at(join(path, field.name), "every row has a field of this name already");
    }
  }
}

void check_collection(Reading& in, KeysConfig const& keys, domain::Collection const& collection) {
  std::string path = join("collections", collection.name);
  if (!is_name(collection.name)) {
    in.complain_at(path, kNameForm);
  } else if (collection.name.size() > kCollectionNameMax) {
    in.complain_at(
        path,
        "longer than " + std::to_string(kCollectionNameMax) +
            " characters, which the names of its tools leave room for"
    );
  } else if (
      std::ranges::find(kReservedCollections, collection.name) != kReservedCollections.end()
  ) {
    in.complain_at(path, "/api/v1 has a route of this name already");
  }
  check_fields(in, join(path, "fields"), collection.fields);
  check_scope(in, keys, join(path, "read"), collection.read_scope);
  check_scope(in, keys, join(path, "write"), collection.write_scope);
}

void make_absolute(fs::path& path, fs::path const& folder) {
  if (!path.empty() && path.is_relative()) path = folder / path;
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

void check_limits(Reading& in, LimitsConfig const& limits) {
  constexpr ByteSize kHeaderMin{1024}, kHeaderMax{1U << 20};
  constexpr ByteSize kBodyMin{1024}, kBodyMax{1U << 30};
  if (limits.header < kHeaderMin || limits.header > kHeaderMax) {
    in.complain_at("limits.header", "expected 1KiB to 1MiB");
  }
  if (limits.body < kBodyMin || limits.body > kBodyMax) {
    in.complain_at("limits.body", "expected 1KiB to 1GiB");
  }
}

}  // namespace

void finish_config(Reading& in, Config& config, fs::path const& folder) {
  check_headers(in, config.keys.headers);
  check_scopes(in, config.keys);
  if (auto catalog = domain::ScopeCatalog::make(config.keys.scopes)) {
    config.scope_catalog = std::move(*catalog);
  }
  make_absolute(config.keys.pepper_file, folder);
  if (!config.keys.pepper_file.empty()) read_pepper_file(in, config.keys);
  if (config.listen.tls) {
    make_absolute(config.listen.tls->certificate, folder);
    make_absolute(config.listen.tls->key, folder);
  }
  check_limits(in, config.limits);
  if (config.collections.size() > kCollectionsMax) {
    in.complain_at("collections", "more than " + std::to_string(kCollectionsMax) + " collections");
  }
  for (auto const& item : config.collections) check_collection(in, config.keys, item.collection);
}

}  // namespace keystead::app

#include "app/config/checks.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "app/config/collection_tools.hpp"

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
      is_reserved_route(collection.name) || keys.path == std::string(kApiPath) + collection.name
  ) {
    in.complain_at(path, "/api/v1 has a route of this name already");
  }
  check_fields(in, join(path, "fields"), collection.fields);
  check_scope(in, keys, join(path, "read"), collection.read_scope);
  check_scope(in, keys, join(path, "write"), collection.write_scope);
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

bool is_plain_path(std::string_view path) {
  return path.starts_with('/') && !path.ends_with('/') && !path.contains("//") &&
         std::ranges::all_of(path, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  std::string_view("/_-").contains(c);
         });
}

void check_mcp(Reading& in, std::vector<std::string> const& paths) {
  constexpr std::array<std::string_view, 8> kTaken{
      "/account", "/healthz", "/metrics", "/readyz", "/reset", "/sign-in", "/sign-out", "/verify"
  };
  if (paths.empty()) in.complain_at("mcp.paths", "at least one path is needed");
  for (std::size_t i = 0; i < paths.size(); ++i) {
    std::string item = join("mcp.paths", i);
    auto here = paths.begin() + static_cast<std::ptrdiff_t>(i);
    if (paths[i].empty()) continue;
    if (!is_plain_path(paths[i])) {
      in.complain_at(item, "expected a path such as /mcp, of letters, digits, - and _");
    } else if (
        paths[i].starts_with("/api/") || paths[i].starts_with("/docs/") ||
        std::ranges::find(kTaken, paths[i]) != kTaken.end()
    ) {
      in.complain_at(item, "there is a route of this path already");
    } else if (std::find(paths.begin(), here, paths[i]) != here) {
      in.complain_at(item, "this path comes twice");
    }
  }
}

}  // namespace

void make_absolute(fs::path& path, fs::path const& folder) {
  if (!path.empty() && path.is_relative()) path = folder / path;
}

// /api/v1/NAME of these are routes of their own, now or in a later version.
bool is_reserved_route(std::string_view name) {
  constexpr std::array<std::string_view, 11> kReserved{
      "auth",
      "connections",
      "denials",
      "leaks",
      "members",
      "openapi.json",
      "seq",
      "verify",
      "version",
      "webhooks",
      "whoami",
  };
  return std::ranges::find(kReserved, name) != kReserved.end();
}

void finish_config(Reading& in, Config& config, fs::path const& folder) {
  finish_keys(in, config, folder);
  finish_policy(in, config, folder);
  if (config.listen.tls) {
    make_absolute(config.listen.tls->certificate, folder);
    make_absolute(config.listen.tls->key, folder);
  }
  check_limits(in, config.limits);
  check_mcp(in, config.mcp.paths);
  if (config.collections.size() > kCollectionsMax) {
    in.complain_at("collections", "more than " + std::to_string(kCollectionsMax) + " collections");
  }
  for (auto const& item : config.collections) check_collection(in, config.keys, item.collection);
  check_collection_tools(in, config);
}

}  // namespace keystead::app

// The command line as typed options. Nothing is executed here, and no file is opened.
#pragma once

#include <chrono>
#include <expected>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "app/config/environment.hpp"
#include "app/config/text_form.hpp"
#include "base/clock.hpp"

namespace keystead::app {

// When a key ends: a length of time from now, or a moment.
using Expiry = std::variant<std::chrono::seconds, Time>;

struct ServeCommand {
  std::optional<ListenAddress> listen;  // instead of the configuration's
};
struct DemoCommand {
  std::optional<ListenAddress> listen;
};

struct TenantCreateCommand {
  std::string name;
  std::string parent;  // empty: none
};
struct TenantListCommand {};
struct TenantDeleteCommand {
  std::string id;
};

struct KeyCreateCommand {
  std::string tenant;
  std::string name;
  std::optional<std::vector<std::string>> scopes;  // none: the configuration's default_scopes
  std::optional<Expiry> expires;
  std::string environment;  // empty: none
  std::string kind;         // empty: none
};
struct KeyListCommand {
  std::string tenant;  // empty: of all tenants
};
struct KeyRevokeCommand {
  std::string id;
};
struct KeyRotateCommand {
  std::string id;
  std::optional<std::chrono::seconds> overlap;  // none: the old key ends at once
};

struct UserCreateCommand {
  std::string email;
  std::string tenant;
};

struct ClientCreateCommand {
  std::string tenant;
  std::string name;
};
struct ClientListCommand {};
struct ClientDeleteCommand {
  std::string id;
};

struct AuditVerifyCommand {};
struct AuditTailCommand {};

struct ConfigCheckCommand {
  std::filesystem::path file;
};
struct ConfigSchemaCommand {};

struct DoctorCommand {};
struct BackupCommand {
  std::filesystem::path to;
};
struct RestoreCommand {
  std::filesystem::path from;
};
struct ImportKeysCommand {
  std::filesystem::path file;
};
struct VersionCommand {};

using Command = std::variant<
    ServeCommand,
    DemoCommand,
    TenantCreateCommand,
    TenantListCommand,
    TenantDeleteCommand,
    KeyCreateCommand,
    KeyListCommand,
    KeyRevokeCommand,
    KeyRotateCommand,
    UserCreateCommand,
    ClientCreateCommand,
    ClientListCommand,
    ClientDeleteCommand,
    AuditVerifyCommand,
    AuditTailCommand,
    ConfigCheckCommand,
    ConfigSchemaCommand,
    DoctorCommand,
    BackupCommand,
    RestoreCommand,
    ImportKeysCommand,
    VersionCommand>;

struct CommandLine {
  Command command;
  std::string name;  // "key create", as it was written
  std::filesystem::path
      config;  // --config or KEYSTEAD_CONFIG; empty: neither. Never empty for serve
  std::filesystem::path
      data;  // --data or KEYSTEAD_DATA, else ./keystead-data; empty for demo without either
  bool json = false;
};

// The command line asks for no command: help was wanted (status 0, text for stdout), or the usage
// is wrong (status 2, text for stderr). The text ends with a line feed.
struct Exit {
  int status;
  std::string text;
};

inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;

// `arguments` without the program's name.
std::expected<CommandLine, Exit> parse_command_line(
    std::span<std::string const> arguments, Environment const& environment
);

}  // namespace keystead::app

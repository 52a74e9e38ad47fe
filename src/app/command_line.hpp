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
#include "base/secret.hpp"

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
  std::string tenant;  // empty: none, which only some kinds may
  std::string name;
  std::optional<std::vector<std::string>> scopes;  // none: the configuration's default_scopes
  std::optional<Expiry> expires;
  std::string environment;             // empty: none
  std::string kind;                    // empty: the tenants' kind
  std::vector<std::string> addresses;  // that it may be used from, each an AddressRange; none: any
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

struct KeyRenameCommand {
  std::string id;
  std::string name;
};
// What is left out is as the parent has it.
struct KeyNarrowCommand {
  std::string id;
  std::string name;  // empty: none
  std::optional<std::vector<std::string>> scopes;
  std::vector<std::string> tools;
  std::optional<Expiry> expires;
};

struct UserCreateCommand {
  std::string email;
  std::string tenant;
  std::string role;     // empty: member
  std::string issuer;   // name of one in the configuration; empty for a user of our own
  std::string subject;  // what the issuer calls the user; empty exactly where there is no issuer
};

struct UserListCommand {
  std::string tenant;  // empty: of all tenants
};
struct UserEndCommand {
  std::string id;
};
struct UserInviteCommand {
  std::string email;
  std::string tenant;
  std::string role;  // empty: member
};
struct UserResetPasswordCommand {
  std::string email;
};

struct ClientCreateCommand {
  std::string tenant;  // in which it acts by itself; empty: it does not
  std::string name;
  std::vector<std::string> redirect_uris;  // of one that acts for people
  // How it proves itself; empty: by its keys where it has some, and else client_secret_basic.
  std::string auth;
  std::filesystem::path jwks;  // its keys, a JWK set
  std::string jwks_uri;        // where it publishes them
  bool key_bound = false;      // whether it takes no token that is not bound to a key
  bool enterprise = false;     // whether it acts for people whom an issuer sends
};
struct ClientListCommand {};
struct ClientDeleteCommand {
  std::string id;
};
struct RotateKeysCommand {};

struct WhyCommand {
  std::string id;  // of a denial
};
struct AuditVerifyCommand {
  std::string head;  // what the log must still hold, 64 hexadecimal digits; empty: not asked
};
struct AuditTailCommand {
  std::size_t lines = 20;
  bool follow = false;
};

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
  bool dry_run = false;
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
    KeyRenameCommand,
    KeyNarrowCommand,
    UserCreateCommand,
    UserListCommand,
    UserEndCommand,
    UserInviteCommand,
    UserResetPasswordCommand,
    ClientCreateCommand,
    ClientListCommand,
    ClientDeleteCommand,
    RotateKeysCommand,
    WhyCommand,
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
  // --config or KEYSTEAD_CONFIG; empty: neither. Never empty for serve.
  std::filesystem::path config;
  // --data or KEYSTEAD_DATA, else ./keystead-data; empty for demo without either, and for a
  // database, whose URL it then was.
  std::filesystem::path data;
  std::optional<Secret> database;
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

#include "app/command_line.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include <CLI/CLI.hpp>

namespace keystead::app {
namespace {

namespace fs = std::filesystem;

constexpr char kDefaultData[] = "./keystead-data";

Result<Expiry> parse_expiry(std::string const& text) {
  if (auto length = parse_duration(text)) return Expiry(*length);
  if (auto time = parse_time(text)) return Expiry(*time);
  return fail(
      Code::invalid_request,
      "expected a length of time such as 30d, or a time such as 2027-01-31T00:00:00Z"
  );
}

// a,b and "a b" are two scopes each.
std::vector<std::string> split_scopes(std::vector<std::string> const& given) {
  std::vector<std::string> scopes;
  for (auto const& list : given) {
    for (std::size_t begin = 0; begin < list.size();) {
      std::size_t end = std::min(list.find_first_of(", ", begin), list.size());
      std::string scope = list.substr(begin, end - begin);
      if (!scope.empty() && std::ranges::find(scopes, scope) == scopes.end()) {
        scopes.push_back(std::move(scope));
      }
      begin = end + 1;
    }
  }
  return scopes;
}

// "--tenant ID": an option and what help calls its value; "ID" alone is a positional argument.
struct Spec {
  Spec(char const* text) : option(text) {
    std::size_t space = option.find(' ');
    if (space == std::string::npos) return;
    type = option.substr(space + 1);
    option.resize(space);
  }
  std::string option;
  std::string type;
};

// Reads an option's text into a typed value; CLI11 prints the message with the option's name.
template <class T, class Parse>
void typed(
    CLI::App& command, Spec const& spec, std::optional<T>& out, std::string const& help, Parse parse
) {
  auto read = [&out, option = spec.option, parse](std::string const& text) {
    auto value = parse(text);
    if (!value) throw CLI::ValidationError(option, value.error().public_text);
    out = std::move(*value);
  };
  command.add_option_function<std::string>(spec.option, read, help)->type_name(spec.type);
}

// Every option of every command, filled by CLI11; then one Command is made of those that belong to
// the chosen one.
class Grammar {
 public:
  Grammar() {
    app_.require_subcommand(0, 1);
    app_.set_version_flag("--version", "keystead", "Print the version and exit");
    app_.set_help_flag("-h,--help", "Print this help and exit");
    app_.get_formatter()->column_width(34);
    app_.footer(
        "Start with\n"
        "  keystead demo\n"
        "which needs no configuration and prints how to call it.\n"
        "\"keystead COMMAND --help\" says more about one command."
    );
    servers();
    tenants();
    keys();
    people();
    configuration();
    upkeep();
  }

  std::expected<CommandLine, Exit> parse(std::span<std::string const> arguments) {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants them
    try {
      app_.parse(std::move(reversed));
    } catch (CLI::CallForVersion const&) {
      line_.command = VersionCommand{};
      line_.name = "version";
      return std::move(line_);
    } catch (CLI::CallForHelp const&) {
      return std::unexpected(Exit{kExitDone, app_.help()});  // of the command that was chosen
    } catch (CLI::ParseError const& error) {
      return std::unexpected(wrong_usage(error.what()));
    }
    auto make = makers_.find(&chosen());
    if (make == makers_.end()) return std::unexpected(wrong_usage("a command is missing"));
    line_.command = make->second();
    line_.name = path_of(chosen());
    return std::move(line_);
  }

  Exit wrong_usage(std::string const& what) const {
    std::string name = path_of(chosen());
    std::string help = "keystead " + name + (name.empty() ? "" : " ") + "--help";
    return {kExitUsage, "keystead: " + what + "\nTry: " + help + "\n"};
  }

 private:
  enum class Options { none, json, admin };

  // The command that was written, as far as it was understood.
  CLI::App const& chosen() const {
    CLI::App const* at = &app_;
    while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
    return *at;
  }

  static std::string path_of(CLI::App const& command) {
    if (command.get_parent() == nullptr) return "";
    std::string outer = path_of(*command.get_parent());
    return outer.empty() ? command.get_name() : outer + " " + command.get_name();
  }

  CLI::App& group(std::string const& name, std::string const& description) {
    CLI::App& group = *app_.add_subcommand(name, description);
    group.require_subcommand(0, 1);
    group.footer("\"keystead " + name + " COMMAND --help\" says more about one command.");
    return group;
  }

  // A command; `make` gives its Command after parsing. `example` follows "keystead ".
  CLI::App& command(
      CLI::App& parent,
      std::string const& name,
      std::string const& description,
      std::string const& example,
      Options options,
      std::function<Command()> make
  ) {
    CLI::App& command = *parent.add_subcommand(name, description);
    command.footer("Example:\n  keystead " + example);
    if (options == Options::admin) {
      command.add_option("--config", line_.config, "Configuration file (or KEYSTEAD_CONFIG)")
          ->type_name("FILE");
      command
          .add_option(
              "--data",
              line_.data,
              std::string("Data folder (or KEYSTEAD_DATA); otherwise ") + kDefaultData
          )
          ->type_name("DIR");
    }
    if (options != Options::none) command.add_flag("--json", line_.json, "Print JSON");
    makers_[&command] = std::move(make);
    return command;
  }

  template <class T>
  static void required(CLI::App& command, Spec const& spec, T& out, std::string const& help) {
    command.add_option(spec.option, out, help)->required()->type_name(spec.type);
  }

  void servers();
  void tenants();
  void keys();
  void people();
  void configuration();
  void upkeep();

  CLI::App app_{"Keystead: the gate in front of an MCP server.", "keystead"};
  std::map<CLI::App const*, std::function<Command()>> makers_;
  CommandLine line_;

  std::optional<ListenAddress> listen_;
  std::string id_, tenant_, name_, parent_, email_, environment_, kind_;
  std::vector<std::string> scopes_;
  CLI::Option* scopes_option_ = nullptr;
  std::optional<Expiry> expires_;
  std::optional<std::chrono::seconds> overlap_;
  fs::path file_;
};

void Grammar::servers() {
  auto parse = [](std::string const& text) { return TextForm<ListenAddress>::parse(text); };
  std::string help = "Listen here instead of where the configuration says; port 0 takes a free one";

  CLI::App& serve = command(
      app_,
      "serve",
      "Serve what the configuration declares",
      "serve --config keystead.yaml --data /var/lib/keystead --listen 0.0.0.0:8080",
      Options::admin,
      [this] { return ServeCommand{listen_}; }
  );
  typed(serve, "--listen IP:PORT", listen_, help, parse);

  CLI::App& demo = command(
      app_,
      "demo",
      "Serve a demo: a tenant, a user, a key and sample data",
      "demo",
      Options::admin,
      [this] { return DemoCommand{listen_}; }
  );
  typed(demo, "--listen IP:PORT", listen_, help, parse);
}

void Grammar::tenants() {
  CLI::App& tenant = group("tenant", "Tenants: create, list, delete");
  CLI::App& create = command(
      tenant, "create", "Create a tenant", "tenant create --name \"Acme\"", Options::admin, [this] {
        return TenantCreateCommand{name_, parent_};
      }
  );
  required(create, "--name NAME", name_, "What people call it");
  create.add_option("--parent", parent_, "Id of the tenant above it, where there are two levels")
      ->type_name("ID");
  command(tenant, "list", "List all tenants", "tenant list --json", Options::admin, [] {
    return TenantListCommand{};
  });
  CLI::App& remove = command(
      tenant,
      "delete",
      "Delete a tenant with its keys and its data",
      "tenant delete 0b6c1d9e-6a52-4a39-8f0f-3a1c9d1d2e4f",
      Options::admin,
      [this] { return TenantDeleteCommand{id_}; }
  );
  required(remove, "ID", id_, "Id of the tenant");
}

void Grammar::keys() {
  CLI::App& key = group("key", "API keys: create, list, revoke, rotate");
  CLI::App& create = command(
      key,
      "create",
      "Create an API key; it is shown once",
      "key create --tenant 0b6c1d9e-6a52-4a39-8f0f-3a1c9d1d2e4f --name ci --scope data:read "
      "--expires 30d",
      Options::admin,
      [this] {
        KeyCreateCommand made;
        made.tenant = tenant_;
        made.name = name_;
        if (scopes_option_->count() > 0) made.scopes = split_scopes(scopes_);
        made.expires = expires_;
        made.environment = environment_;
        made.kind = kind_;
        return made;
      }
  );
  required(create, "--tenant ID", tenant_, "Id of the tenant it belongs to");
  required(create, "--name NAME", name_, "What people call it");
  scopes_option_ =
      create
          .add_option("--scope", scopes_, "A scope, or several: repeated, or with commas between")
          ->allow_extra_args(false)
          // An empty list must not pass for "none given", which means the default scopes.
          ->check([](std::string const& list) {
            return split_scopes({list}).empty() ? std::string("names no scope") : std::string();
          })
          ->type_name("SCOPE");
  typed(
      create,
      "--expires WHEN",
      expires_,
      "When it ends: 30d, or 2027-01-31T00:00:00Z; never if absent",
      parse_expiry
  );
  create
      .add_option("--env", environment_, "Environment, where the key format has some: live, test")
      ->type_name("ENV");
  create.add_option("--kind", kind_, "Kind of key, where the configuration has several")
      ->type_name("KIND");

  CLI::App& list =
      command(key, "list", "List keys, newest first", "key list --json", Options::admin, [this] {
        return KeyListCommand{tenant_};
      });
  list.add_option("--tenant", tenant_, "Only of this tenant")->type_name("ID");
  CLI::App& revoke = command(
      key,
      "revoke",
      "End a key now",
      "key revoke 6f1f7c52-0d6b-4b8e-9a53-5f0a1f6b7c11",
      Options::admin,
      [this] { return KeyRevokeCommand{id_}; }
  );
  required(revoke, "ID", id_, "Id of the key");
  CLI::App& rotate = command(
      key,
      "rotate",
      "Replace a key by a fresh one with the same name and scopes",
      "key rotate 6f1f7c52-0d6b-4b8e-9a53-5f0a1f6b7c11",
      Options::admin,
      [this] { return KeyRotateCommand{id_, overlap_}; }
  );
  required(rotate, "ID", id_, "Id of the key");
  typed(
      rotate,
      "--overlap LENGTH",
      overlap_,
      "How long the old key stays valid: 24h; it ends at once if absent",
      [](std::string const& text) { return TextForm<std::chrono::seconds>::parse(text); }
  );
}

void Grammar::people() {
  CLI::App& user = group("user", "Users: create");
  CLI::App& create = command(
      user,
      "create",
      "Create a user of a tenant",
      "user create --email ada@example.com --tenant 0b6c1d9e-6a52-4a39-8f0f-3a1c9d1d2e4f",
      Options::admin,
      [this] { return UserCreateCommand{email_, tenant_}; }
  );
  required(create, "--email E", email_, "E-mail address");
  required(create, "--tenant ID", tenant_, "Id of the tenant");

  CLI::App& client = group("client", "OAuth clients: create, list, delete");
  CLI::App& create_client = command(
      client,
      "create",
      "Create an OAuth client of a tenant",
      "client create --tenant 0b6c1d9e-6a52-4a39-8f0f-3a1c9d1d2e4f --name backend",
      Options::admin,
      [this] { return ClientCreateCommand{tenant_, name_}; }
  );
  create_client.add_option("--tenant", tenant_, "Id of the tenant")->type_name("ID");
  create_client.add_option("--name", name_, "What people call it")->type_name("NAME");
  command(client, "list", "List OAuth clients", "client list --json", Options::admin, [] {
    return ClientListCommand{};
  });
  CLI::App& remove = command(
      client,
      "delete",
      "Delete an OAuth client and end its grants",
      "client delete 9d0c4f7e-52a1-4f11-8c7d-1e2f3a4b5c6d",
      Options::admin,
      [this] { return ClientDeleteCommand{id_}; }
  );
  required(remove, "ID", id_, "Id of the client");
}

void Grammar::configuration() {
  CLI::App& config = group("config", "The configuration file: check, schema");
  CLI::App& check = command(
      config,
      "check",
      "Read a configuration file and say all that is wrong with it",
      "config check keystead.yaml",
      Options::json,
      [this] { return ConfigCheckCommand{file_}; }
  );
  required(check, "FILE", file_, "Configuration file");
  command(
      config,
      "schema",
      "Print the JSON Schema of the configuration file",
      "config schema > keystead.schema.json",
      Options::json,
      [] { return ConfigSchemaCommand{}; }
  );
}

void Grammar::upkeep() {
  CLI::App& audit = group("audit", "The audit log: verify, tail");
  command(
      audit, "verify", "Verify that the audit log is whole", "audit verify", Options::admin, [] {
        return AuditVerifyCommand{};
      }
  );
  command(audit, "tail", "Follow the audit log", "audit tail --json", Options::admin, [] {
    return AuditTailCommand{};
  });
  command(
      app_,
      "doctor",
      "Look for what is wrong with this installation",
      "doctor",
      Options::admin,
      [] { return DoctorCommand{}; }
  );
  CLI::App& backup = command(
      app_,
      "backup",
      "Write a consistent copy of all data",
      "backup /backups/keystead-2026-11-22",
      Options::admin,
      [this] { return BackupCommand{file_}; }
  );
  required(backup, "TO", file_, "Folder to write; it must not exist");
  CLI::App& restore = command(
      app_,
      "restore",
      "Put a backup in place of the data",
      "restore /backups/keystead-2026-11-22",
      Options::admin,
      [this] { return RestoreCommand{file_}; }
  );
  required(restore, "FROM", file_, "Folder that backup wrote");
  CLI::App& import = group("import", "Import: keys");
  CLI::App& keys = command(
      import,
      "keys",
      "Import digests of existing keys",
      "import keys keys.jsonl",
      Options::admin,
      [this] { return ImportKeysCommand{file_}; }
  );
  required(keys, "FILE", file_, "File with one JSON object a line");
  command(app_, "version", "Print the version", "version", Options::json, [] {
    return VersionCommand{};
  });
}

void take_from(Environment const& environment, std::string_view variable, fs::path& path) {
  auto at = environment.find(variable);
  if (path.empty() && at != environment.end()) path = at->second;
}

}  // namespace

std::expected<CommandLine, Exit> parse_command_line(
    std::span<std::string const> arguments, Environment const& environment
) {
  Grammar grammar;
  auto line = grammar.parse(arguments);
  if (!line) return line;
  take_from(environment, "KEYSTEAD_CONFIG", line->config);
  take_from(environment, "KEYSTEAD_DATA", line->data);
  bool is_demo = std::holds_alternative<DemoCommand>(line->command);
  if (line->data.empty() && !is_demo) line->data = kDefaultData;
  if (std::holds_alternative<ServeCommand>(line->command) && line->config.empty()) {
    return std::unexpected(grammar.wrong_usage("--config is required (or KEYSTEAD_CONFIG)"));
  }
  return line;
}

}  // namespace keystead::app

#include "app/command_grammar.hpp"

namespace keystead::app {

Grammar::Grammar() {
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
  audit();
  upkeep();
}

std::expected<CommandLine, Exit> Grammar::parse(std::span<std::string const> arguments) {
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants them
  try {
    app_.parse(std::move(reversed));
    auto make = makers_.find(&chosen());
    if (make == makers_.end()) return std::unexpected(wrong_usage("a command is missing"));
    line_.command = make->second();
  } catch (CLI::CallForVersion const&) {
    line_.command = VersionCommand{};
    line_.name = "version";
    return std::move(line_);
  } catch (CLI::CallForHelp const&) {
    return std::unexpected(Exit{kExitDone, app_.help()});  // of the command that was chosen
  } catch (CLI::ParseError const& error) {
    return std::unexpected(wrong_usage(error.what()));
  }
  line_.name = path_of(chosen());
  return std::move(line_);
}

Exit Grammar::wrong_usage(std::string const& what) const {
  std::string name = path_of(chosen());
  std::string help = "keystead " + name + (name.empty() ? "" : " ") + "--help";
  return {kExitUsage, "keystead: " + what + "\nTry: " + help + "\n"};
}

CLI::App const& Grammar::chosen() const {
  CLI::App const* at = &app_;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
  return *at;
}

std::string Grammar::path_of(CLI::App const& command) {
  if (command.get_parent() == nullptr) return "";
  std::string outer = path_of(*command.get_parent());
  return outer.empty() ? command.get_name() : outer + " " + command.get_name();
}

CLI::App& Grammar::group(std::string const& name, std::string const& description) {
  CLI::App& group = *app_.add_subcommand(name, description);
  group.require_subcommand(0, 1);
  group.footer("\"keystead " + name + " COMMAND --help\" says more about one command.");
  return group;
}

CLI::App& Grammar::command(
    CLI::App& parent,
    std::string const& name,
    std::string const& description,
    std::string const& example,
    Options options,
    std::function<Command()> make
) {
  CLI::App& command = *parent.add_subcommand(name, description);
  command.footer("Example:\n  keystead " + example);
  // What was forgotten behind --data must not make a folder called --json.
  auto no_option = [](std::string const& value) {
    return value.starts_with("--") ? "expected a value, found the option " + value : std::string();
  };
  if (options == Options::admin) {
    command.add_option("--config", line_.config, "Configuration file (or KEYSTEAD_CONFIG)")
        ->type_name("FILE")
        ->check(no_option);
    command
        .add_option(
            "--data",
            line_.data,
            std::string("Data folder or postgres:// URL (or KEYSTEAD_DATA); otherwise ") +
                kDefaultData
        )
        ->type_name("DIR")
        ->check(no_option);
  }
  if (options != Options::none) command.add_flag("--json", line_.json, "Print JSON");
  makers_[&command] = std::move(make);
  return command;
}

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

void Grammar::people() {
  CLI::App& user = group("user", "Users: create, list, end, invite, reset-password");
  CLI::App& create = command(
      user,
      "create",
      "Create a user of a tenant",
      "user create --email ada@example.com --tenant 0b6c1d9e-6a52-4a39-8f0f-3a1c9d1d2e4f",
      Options::admin,
      [this] { return UserCreateCommand{email_, tenant_, role_, issuer_, subject_}; }
  );
  required(create, "--email E", email_, "E-mail address");
  required(create, "--tenant ID", tenant_, "Id of the tenant");
  role_of(create);
  auto* issuer = create.add_option("--issuer", issuer_, "Name of the issuer whose user it is")
                     ->type_name("NAME");
  auto* subject = create.add_option("--subject", subject_, "What that issuer's tokens say in sub")
                      ->type_name("SUB")
                      ->needs(issuer);
  issuer->needs(subject);
  people_who_are_there(user);

  CLI::App& client = group("client", "OAuth clients: create, list, delete");
  CLI::App& create_client = command(
      client,
      "create",
      "Create an OAuth client that acts for people, for a tenant, or both",
      "client create --name Agent --redirect-uri https://agent.example/callback",
      Options::admin,
      [this] {
        return ClientCreateCommand{
            tenant_, name_, redirect_uris_, auth_, jwks_, jwks_uri_, key_bound_, enterprise_
        };
      }
  );
  create_client.add_option("--tenant", tenant_, "Id of the tenant in which it acts by itself")
      ->type_name("ID");
  create_client.add_option("--name", name_, "What people call it")->type_name("NAME");
  create_client
      .add_option(
          "--redirect-uri",
          redirect_uris_,
          "Where it takes people back to, or several: repeated; it acts for people then"
      )
      ->type_name("URI");
  create_client
      .add_option(
          "--auth",
          auth_,
          "How it proves itself: client_secret_basic (the default), client_secret_post, "
          "private_key_jwt (the default with keys) or none"
      )
      ->type_name("METHOD")
      ->check(
          CLI::IsMember({"none", "client_secret_basic", "client_secret_post", "private_key_jwt"})
      );
  create_client.add_flag(
      "--enterprise", enterprise_, "It acts for people whom an issuer sends (ID-JAG)"
  );
  create_client.add_option("--jwks", jwks_, "Its public keys, a JWK set")->type_name("FILE");
  create_client.add_option("--jwks-uri", jwks_uri_, "Where it publishes its keys")
      ->type_name("URL");
  create_client.add_flag(
      "--dpop-bound", key_bound_, "It gets no token that is not bound to a key (DPoP)"
  );
  command(client, "list", "List OAuth clients", "client list --json", Options::admin, [] {
    return ClientListCommand{};
  });
  CLI::App& remove = command(
      client,
      "delete",
      "Delete an OAuth client and end its grants",
      "client delete kc_Zt8lq0mJ5cQ1n2yV7aXr3g",
      Options::admin,
      [this] { return ClientDeleteCommand{id_}; }
  );
  required(remove, "ID", id_, "Id of the client");
  CLI::App& oauth = group("oauth", "The authorization server: rotate-keys");
  command(
      oauth,
      "rotate-keys",
      "Sign tokens with the next key from now on; those of the one before stay good",
      "oauth rotate-keys",
      Options::admin,
      [] { return RotateKeysCommand{}; }
  );
}

void Grammar::role_of(CLI::App& command) {
  command.add_option("--role", role_, "owner, admin, member (the default) or read-only")
      ->type_name("ROLE")
      ->check(CLI::IsMember({"owner", "admin", "member", "read-only"}));
}

void Grammar::people_who_are_there(CLI::App& user) {
  CLI::App& list = command(user, "list", "List users", "user list --json", Options::admin, [this] {
    return UserListCommand{tenant_};
  });
  list.add_option("--tenant", tenant_, "Id of the tenant whose members are listed")
      ->type_name("ID");
  CLI::App& end = command(
      user,
      "end",
      "End a user with its sessions, keys and memberships",
      "user end 9d0c4f7e-52a1-4f11-8c7d-1e2f3a4b5c6d",
      Options::admin,
      [this] { return UserEndCommand{id_}; }
  );
  required(end, "ID", id_, "Id of the user");
  CLI::App& invite = command(
      user,
      "invite",
      "Print a link by which somebody joins a tenant",
      "user invite --email ada@example.com --tenant 0b6c1d9e-6a52-4a39-8f0f-3a1c9d1d2e4f",
      Options::admin,
      [this] { return UserInviteCommand{email_, tenant_, role_}; }
  );
  required(invite, "--email E", email_, "E-mail address");
  required(invite, "--tenant ID", tenant_, "Id of the tenant");
  role_of(invite);
  CLI::App& reset = command(
      user,
      "reset-password",
      "Print a link by which a user sets a new password",
      "user reset-password --email ada@example.com",
      Options::admin,
      [this] { return UserResetPasswordCommand{email_}; }
  );
  required(reset, "--email E", email_, "E-mail address");
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

}  // namespace keystead::app

// The commands about API keys.
#include <algorithm>

#include "app/command_grammar.hpp"
#include "domain/address_range.hpp"

namespace keystead::app {
namespace {

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

// For CLI11: why the text is no address or range; empty if it is one.
std::string no_address(std::string const& text) {
  auto range = domain::AddressRange::parse(text);
  return range ? std::string() : range.error().public_text;
}

}  // namespace

CLI::Option& Grammar::scopes_of(CLI::App& command, std::string const& help) {
  return *command.add_option("--scope", scopes_, help)
              ->allow_extra_args(false)
              // An empty list must not pass for "none given", which means something else.
              ->check([](std::string const& list) {
                return split_scopes({list}).empty() ? std::string("names no scope") : std::string();
              })
              ->type_name("SCOPE");
}

void Grammar::expires_of(CLI::App& command) {
  typed(
      command,
      "--expires WHEN",
      expires_,
      "When it ends: 30d, or 2027-01-31T00:00:00Z; never if absent",
      parse_expiry
  );
}

void Grammar::key_creation(CLI::App& key) {
  CLI::App& create = command(
      key,
      "create",
      "Create an API key; it is shown once",
      "key create --tenant 0b6c1d9e-6a52-4a39-8f0f-3a1c9d1d2e4f --name ci --scope data:read "
      "--expires 30d",
      Options::admin,
      [this] {
        // A kind may be bound to no tenant; which are is for the configuration to say.
        if (tenant_.empty() && kind_.empty()) throw CLI::RequiredError("--tenant");
        KeyCreateCommand made;
        made.tenant = tenant_;
        made.name = name_;
        if (!scopes_.empty()) made.scopes = split_scopes(scopes_);
        made.expires = expires_;
        made.environment = environment_;
        made.kind = kind_;
        made.addresses = addresses_;
        return made;
      }
  );
  create
      .add_option("--tenant", tenant_, "Id of the tenant it belongs to, unless its kind has none")
      ->type_name("ID");
  required(create, "--name NAME", name_, "What people call it");
  scopes_of(create, "A scope, or several: repeated, or with commas between");
  expires_of(create);
  create
      .add_option("--env", environment_, "Environment, where the key format has some: live, test")
      ->type_name("ENV");
  create.add_option("--kind", kind_, "Kind of key, where the configuration has several")
      ->type_name("KIND");
  create
      .add_option(
          "--allow-address",
          addresses_,
          "Address or range it may be used from, or several: repeated; anywhere if absent"
      )
      ->allow_extra_args(false)
      ->check(no_address)
      ->type_name("CIDR");
}

void Grammar::key_changes(CLI::App& key) {
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
  CLI::App& rename = command(
      key,
      "rename",
      "Call a key by another name",
      "key rename 6f1f7c52-0d6b-4b8e-9a53-5f0a1f6b7c11 --name \"CI, new\"",
      Options::admin,
      [this] { return KeyRenameCommand{id_, name_}; }
  );
  required(rename, "ID", id_, "Id of the key");
  required(rename, "--name NAME", name_, "What people call it");
  CLI::App& narrow = command(
      key,
      "narrow",
      "Create a key that may do less than another, and ends with it",
      "key narrow 6f1f7c52-0d6b-4b8e-9a53-5f0a1f6b7c11 --scope data:read --tool tasks_list "
      "--expires 1h",
      Options::admin,
      [this] {
        KeyNarrowCommand made{id_, name_, {}, tools_, expires_};
        if (!scopes_.empty()) made.scopes = split_scopes(scopes_);
        return made;
      }
  );
  required(narrow, "ID", id_, "Id of the key that it is made from");
  narrow.add_option("--name", name_, "What people call it")->type_name("NAME");
  scopes_of(narrow, "A scope of that key, or several; all of them if absent");
  narrow.add_option("--tool", tools_, "A tool it may call, or several: repeated; all if absent")
      ->allow_extra_args(false)
      ->type_name("TOOL");
  expires_of(narrow);
}

void Grammar::keys() {
  CLI::App& key = group("key", "API keys: create, list, revoke, rotate, rename, narrow");
  key_creation(key);
  CLI::App& list =
      command(key, "list", "List keys, newest first", "key list --json", Options::admin, [this] {
        return KeyListCommand{tenant_};
      });
  list.add_option("--tenant", tenant_, "Only of this tenant")->type_name("ID");
  key_changes(key);
  CLI::App& import = group("import", "Import: keys");
  CLI::App& keys = command(
      import,
      "keys",
      "Import existing keys by their hashes, all of them or none",
      "import keys keys.jsonl --dry-run",
      Options::admin,
      [this] { return ImportKeysCommand{file_, dry_run_}; }
  );
  required(keys, "FILE", file_, "File with one JSON object a line, or a JSON array");
  keys.add_flag("--dry-run", dry_run_, "Say what would be imported, and write nothing");
}

}  // namespace keystead::app

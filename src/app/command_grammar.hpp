// The grammar of the command line: every command with its options and its help, as CLI11 reads
// them.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "app/command_line.hpp"

namespace keystead::app {

inline constexpr char kDefaultData[] = "./keystead-data";

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
  Grammar();

  std::expected<CommandLine, Exit> parse(std::span<std::string const> arguments);
  // Of the command that was written, as far as it was understood.
  Exit wrong_usage(std::string const& what) const;

 private:
  enum class Options { none, json, admin };

  CLI::App const& chosen() const;
  static std::string path_of(CLI::App const& command);

  CLI::App& group(std::string const& name, std::string const& description);
  // A command; `make` gives its Command after parsing, or throws a CLI::ParseError. `example`
  // follows "keystead ".
  CLI::App& command(
      CLI::App& parent,
      std::string const& name,
      std::string const& description,
      std::string const& example,
      Options options,
      std::function<Command()> make
  );

  template <class T>
  static void required(CLI::App& command, Spec const& spec, T& out, std::string const& help) {
    command.add_option(spec.option, out, help)->required()->type_name(spec.type);
  }
  CLI::Option& scopes_of(CLI::App& command, std::string const& help);
  void expires_of(CLI::App& command);

  void servers();
  void tenants();
  void keys();
  void key_creation(CLI::App& key);
  void key_changes(CLI::App& key);
  void people();
  void people_who_are_there(CLI::App& user);
  void role_of(CLI::App& command);
  void configuration();
  void audit();
  void upkeep();

  CLI::App app_{"Keystead: the gate in front of an MCP server.", "keystead"};
  std::map<CLI::App const*, std::function<Command()>> makers_;
  CommandLine line_;

  std::optional<ListenAddress> listen_;
  std::string id_, tenant_, name_, parent_, email_, environment_, kind_, head_;
  std::string role_, issuer_, subject_, auth_, jwks_uri_;
  std::vector<std::string> scopes_, tools_, addresses_, redirect_uris_;
  std::optional<Expiry> expires_;
  std::optional<std::chrono::seconds> overlap_;
  std::size_t lines_ = AuditTailCommand{}.lines;
  bool follow_ = false, dry_run_ = false, key_bound_ = false, enterprise_ = false;
  std::filesystem::path file_, jwks_;
};

}  // namespace keystead::app

#include "app/command_line.hpp"

#include "app/command_grammar.hpp"

namespace keystead::app {
namespace {

bool is_database(std::string_view data) {
  return data.starts_with("postgres://") || data.starts_with("postgresql://");
}

void take_from(
    Environment const& environment, std::string_view variable, std::filesystem::path& path
) {
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
  if (is_database(line->data.native())) {
    line->database = Secret(line->data.native());
    line->data.clear();
  } else if (line->data.empty() && !is_demo) {
    line->data = kDefaultData;
  }
  if (std::holds_alternative<ServeCommand>(line->command) && line->config.empty()) {
    return std::unexpected(grammar.wrong_usage("--config is required (or KEYSTEAD_CONFIG)"));
  }
  return line;
}

}  // namespace keystead::app

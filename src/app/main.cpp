// keystead: reads the command line and hands over.
#include <csignal>
#include <cstdio>
#include <exception>

#include "app/admin_command.hpp"
#include "app/command_line.hpp"
#include "app/config/config.hpp"
#include "app/serve_command.hpp"
#include "app/service.hpp"
#include "app/version.hpp"
#include "codec/json.hpp"

namespace keystead::app {
namespace {

int check_config(std::filesystem::path const& file, bool as_json) {
  auto config = load_config(file);
  auto checked = config ? Service::check(*config) : std::unexpected(config.error());
  if (!checked) {
    std::fprintf(stderr, "%s\n", checked.error().public_text.c_str());
    return kExitFailed;
  }
  std::string text =
      as_json ? codec::to_text({{"file", file.string()}, {"valid", true}}) : file.string() + ": ok";
  std::puts(text.c_str());
  return kExitDone;
}

int run(CommandLine const& line) {
  if (auto const* command = std::get_if<ServeCommand>(&line.command))
    return run_serve(line, *command);
  if (auto const* command = std::get_if<DemoCommand>(&line.command))
    return run_demo(line, *command);
  if (auto const* command = std::get_if<ConfigCheckCommand>(&line.command))
    return check_config(command->file, line.json);
  if (std::holds_alternative<ConfigSchemaCommand>(line.command)) {
    std::puts(codec::to_text(config_schema()).c_str());
    return kExitDone;
  }
  if (std::holds_alternative<VersionCommand>(line.command)) {
    std::printf("keystead %s\n", std::string(kVersion).c_str());
    return kExitDone;
  }
  if (auto act = admin_act_of(line.command)) return run_admin_act(line, *act);
  std::fprintf(stderr, "keystead: \"%s\" is not available in this version\n", line.name.c_str());
  return kExitUsage;
}

// Signals are taken by one thread, in serve; all others, which inherit this mask, never see them.
void block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (int each : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, each);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace
}  // namespace keystead::app

int main(int argc, char** argv) {
  using namespace keystead::app;
  std::vector<std::string> arguments(argv + 1, argv + argc);
  auto line = parse_command_line(arguments, process_environment());
  if (!line) {
    std::fputs(line.error().text.c_str(), line.error().status == kExitDone ? stdout : stderr);
    return line.error().status;
  }
  bool serves = std::holds_alternative<ServeCommand>(line->command) ||
                std::holds_alternative<DemoCommand>(line->command);
  if (serves) block_signals();
  try {
    return run(*line);
  } catch (std::exception const& error) {
    std::fprintf(stderr, "keystead: %s\n", error.what());
    return kExitFailed;
  }
}

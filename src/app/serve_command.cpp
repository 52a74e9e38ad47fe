#include "app/serve_command.hpp"

#include <cstdio>

#include <unistd.h>

#include "app/demo.hpp"
#include "app/demo_configuration.hpp"
#include "app/running_server.hpp"
#include "codec/json.hpp"

namespace keystead::app {
namespace {

int complain(std::string const& text) {
  std::fprintf(stderr, "keystead: %s\n", text.c_str());
  return kExitFailed;
}

void say(std::string const& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

// A folder for one run, removed with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "keystead-demo-XXXXXX").string();
    if (!::mkdtemp(name.data()))
      throw std::filesystem::filesystem_error("mkdtemp", name, {errno, std::generic_category()});
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(TemporaryFolder const&) = delete;
  TemporaryFolder& operator=(TemporaryFolder const&) = delete;
  std::filesystem::path const& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

Result<Config> demo_config(CommandLine const& line) {
  if (!line.config.empty()) return load_config(line.config);
  return parse_config(kDemoConfiguration, "demo.yaml", process_environment());
}

std::string welcome(
    RunningServer const& server, Installation const& installation, Demo const& demo
) {
  std::string key(demo.key.reveal());
  std::string const& mcp_path = installation.config().mcp.paths.front();
  std::string out = "\n" + installation.config().service.name + " is ready.\n\n";
  out += "  MCP   " + server.url() + mcp_path + "\n  REST  " + server.url() + "/api/v1/\n  key   " +
         key + "\n";
  out += "  data  " + installation.place().shown() + "\n";
  out += "  sign in at " + server.url() + "/sign-in as " + demo.email + " with " +
         std::string(demo.password.reveal()) + "\n\nCall it:\n\n";
  out += "curl -s " + server.url() + mcp_path + " -H 'Authorization: Bearer " + key +
         "' -H 'Content-Type: application/json' \\\n";
  out += "  -d '{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{}}'\n\n";
  return out + "Ctrl-C ends it.\n";
}

std::string ready_line(
    RunningServer const& server, Installation const& installation, Demo const& demo
) {
  return codec::to_text({
             {"url", server.url()},
             {"mcp", server.url() + installation.config().mcp.paths.front()},
             {"tenant", demo.tenant},
             {"key", demo.key.reveal()},
             {"data", installation.place().shown()},
             {"console", {{"email", demo.email}, {"password", demo.password.reveal()}}},
         }) +
         "\n";
}

Result<void> serve_demo(
    CommandLine const& line,
    DemoCommand const& command,
    Config config,
    Place const& place,
    log::Output const& log
) {
  auto installation = TRY(Installation::open(std::move(config), place));
  auto demo = TRY(make_demo(*installation));
  auto server = TRY(RunningServer::start(*installation, command.listen, log, UnsentMail::logged));
  TRY(add_samples(*installation, demo, server->handler()));
  say(line.json ? ready_line(*server, *installation, demo) : welcome(*server, *installation, demo));
  server->serve_until_signal();
  return {};
}

Result<void> serve(
    CommandLine const& line, ServeCommand const& command, Config config, log::Output const& log
) {
  auto place = TRY(place_of(line.data, line.database));
  auto installation = TRY(Installation::open(std::move(config), place));
  auto server = TRY(RunningServer::start(*installation, command.listen, log));
  if (line.json)
    say(codec::to_text({{"url", server->url()}}) + "\n");
  else
    say("Ready: " + server->url() + "\n");
  server->serve_until_signal();
  return {};
}

}  // namespace

int run_serve(CommandLine const& line, ServeCommand const& command) {
  auto config = load_config(line.config);
  if (!config) return complain(config.error().public_text);
  SystemClock clock;
  log::Output log({.level = config->log.level}, clock);
  auto served = serve(line, command, std::move(*config), log);
  return served ? kExitDone : complain(served.error().public_text);
}

int run_demo(CommandLine const& line, DemoCommand const& command) {
  auto config = demo_config(line);
  if (!config) return complain(config.error().public_text);
  SystemClock clock;
  log::Output log({.level = config->log.level}, clock);
  std::optional<TemporaryFolder> temporary;
  if (line.data.empty() && !line.database) temporary.emplace();
  auto place = place_of(temporary ? temporary->path() : line.data, line.database);
  if (!place) return complain(place.error().public_text);
  auto served = serve_demo(line, command, std::move(*config), *place, log);
  return served ? kExitDone : complain(served.error().public_text);
}

}  // namespace keystead::app

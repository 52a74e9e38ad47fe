#include "app/admin_command.hpp"

#include <cstdio>

#include "app/admin_client.hpp"
#include "app/administration.hpp"
#include "app/printout.hpp"
#include "codec/json.hpp"

namespace keystead::app {
namespace {

// Turns a command into an act; each says which of its options become arguments.
struct ToAct {
  std::optional<AdminAct> operator()(TenantCreateCommand const& command) const {
    AdminAct act{"tenant.create", {{"name", command.name}}};
    if (!command.parent.empty()) act.arguments["parent"] = command.parent;
    return act;
  }
  std::optional<AdminAct> operator()(TenantListCommand const&) const {
    return AdminAct{"tenant.list", {}};
  }
  std::optional<AdminAct> operator()(TenantDeleteCommand const& command) const {
    return AdminAct{"tenant.delete", {{"id", command.id}}};
  }
  std::optional<AdminAct> operator()(KeyCreateCommand const& command) const {
    AdminAct act{"key.create", {{"tenant", command.tenant}, {"name", command.name}}};
    if (command.scopes)
      act.arguments["scopes"] = json::array(command.scopes->begin(), command.scopes->end());
    if (command.expires) act.arguments["expires"] = text_of(*command.expires);
    if (!command.environment.empty()) act.arguments["env"] = command.environment;
    if (!command.kind.empty()) act.arguments["kind"] = command.kind;
    return act;
  }
  std::optional<AdminAct> operator()(KeyListCommand const& command) const {
    AdminAct act{"key.list", {}};
    if (!command.tenant.empty()) act.arguments["tenant"] = command.tenant;
    return act;
  }
  std::optional<AdminAct> operator()(KeyRevokeCommand const& command) const {
    return AdminAct{"key.revoke", {{"id", command.id}}};
  }
  std::optional<AdminAct> operator()(KeyRotateCommand const& command) const {
    AdminAct act{"key.rotate", {{"id", command.id}}};
    if (command.overlap) act.arguments["overlap"] = text_of(*command.overlap);
    return act;
  }
  std::optional<AdminAct> operator()(UserCreateCommand const& command) const {
    return AdminAct{"user.create", {{"email", command.email}, {"tenant", command.tenant}}};
  }
  template <class Other>
  std::optional<AdminAct> operator()(Other const&) const {
    return std::nullopt;
  }

  static std::string text_of(Expiry const& expiry) {
    if (auto const* moment = std::get_if<Time>(&expiry)) return format_time(*moment);
    return std::to_string(std::get<std::chrono::seconds>(expiry).count()) + "s";
  }
};

Result<json::value> do_here(CommandLine const& line, AdminAct const& act) {
  if (line.config.empty()) {
    return fail(
        Code::invalid_request,
        "no server runs on " + line.data.string() +
            "; to work on its data, name the configuration with --config FILE"
    );
  }
  auto config = TRY(load_config(line.config));
  auto installation = TRY(Installation::open(std::move(config), line.data));
  return administer(*installation, act.name, act.arguments);
}

Result<json::value> run(CommandLine const& line, AdminAct const& act) {
  auto answer = TRY(ask_server(line.data / "admin.sock", act.name, act.arguments));
  if (!answer) return do_here(line, act);
  auto const* body = answer->body.if_object();
  if (auto const* result = body ? body->if_contains("result") : nullptr) return *result;
  auto const* error = body ? body->if_contains("error") : nullptr;
  if (!error || !error->is_string())
    return fail(Code::unavailable, "the server's answer makes no sense");
  return fail(Code::invalid_request, std::string(error->get_string()));
}

}  // namespace

std::optional<AdminAct> admin_act_of(Command const& command) {
  return std::visit(ToAct{}, command);
}

int run_admin_act(CommandLine const& line, AdminAct const& act) {
  auto result = run(line, act);
  if (!result) {
    std::fprintf(stderr, "keystead: %s\n", result.error().public_text.c_str());
    return kExitFailed;
  }
  std::string text = line.json ? codec::to_text(*result) + "\n" : readable(act.name, *result);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return std::fflush(stdout) == 0 ? kExitDone : kExitFailed;
}

}  // namespace keystead::app

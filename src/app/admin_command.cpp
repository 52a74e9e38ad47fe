#include "app/admin_command.hpp"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <thread>

#include "app/admin_client.hpp"
#include "app/administration.hpp"
#include "app/printout.hpp"
#include "app/upkeep.hpp"
#include "codec/json.hpp"
#include "codec/utf8.hpp"

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
    AdminAct act{"key.create", {{"name", command.name}}};
    if (!command.tenant.empty()) act.arguments["tenant"] = command.tenant;
    if (command.scopes) act.arguments["scopes"] = to_array(*command.scopes);
    if (command.expires) act.arguments["expires"] = text_of(*command.expires);
    if (!command.environment.empty()) act.arguments["env"] = command.environment;
    if (!command.kind.empty()) act.arguments["kind"] = command.kind;
    if (!command.addresses.empty()) act.arguments["addresses"] = to_array(command.addresses);
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
  std::optional<AdminAct> operator()(KeyRenameCommand const& command) const {
    return AdminAct{"key.rename", {{"id", command.id}, {"name", command.name}}};
  }
  std::optional<AdminAct> operator()(KeyNarrowCommand const& command) const {
    AdminAct act{"key.narrow", {{"id", command.id}}};
    if (!command.name.empty()) act.arguments["name"] = command.name;
    if (command.scopes) act.arguments["scopes"] = to_array(*command.scopes);
    if (!command.tools.empty()) act.arguments["tools"] = to_array(command.tools);
    if (command.expires) act.arguments["expires"] = text_of(*command.expires);
    return act;
  }
  std::optional<AdminAct> operator()(UserCreateCommand const& command) const {
    AdminAct act{"user.create", {{"email", command.email}, {"tenant", command.tenant}}};
    if (!command.role.empty()) act.arguments["role"] = command.role;
    if (!command.issuer.empty()) {
      act.arguments["issuer"] = command.issuer;
      act.arguments["subject"] = command.subject;
    }
    return act;
  }
  std::optional<AdminAct> operator()(UserListCommand const& command) const {
    AdminAct act{"user.list", {}};
    if (!command.tenant.empty()) act.arguments["tenant"] = command.tenant;
    return act;
  }
  std::optional<AdminAct> operator()(UserEndCommand const& command) const {
    return AdminAct{"user.end", {{"id", command.id}}};
  }
  std::optional<AdminAct> operator()(UserInviteCommand const& command) const {
    AdminAct act{"user.invite", {{"email", command.email}, {"tenant", command.tenant}}};
    if (!command.role.empty()) act.arguments["role"] = command.role;
    return act;
  }
  std::optional<AdminAct> operator()(UserResetPasswordCommand const& command) const {
    return AdminAct{"user.reset_password", {{"email", command.email}}};
  }
  std::optional<AdminAct> operator()(ClientCreateCommand const& command) const {
    AdminAct act{"client.create", {{"name", command.name}}};
    if (!command.tenant.empty()) act.arguments["tenant"] = command.tenant;
    if (!command.auth.empty()) act.arguments["auth"] = command.auth;
    if (command.enterprise) act.arguments["enterprise"] = true;
    if (!command.jwks_uri.empty()) act.arguments["jwks_uri"] = command.jwks_uri;
    if (command.key_bound) act.arguments["dpop_bound"] = true;
    act.arguments["redirect_uris"] = to_array(command.redirect_uris);
    return act;
  }
  std::optional<AdminAct> operator()(ClientListCommand const&) const {
    return AdminAct{"client.list", {}};
  }
  std::optional<AdminAct> operator()(ClientDeleteCommand const& command) const {
    return AdminAct{"client.delete", {{"id", command.id}}};
  }
  std::optional<AdminAct> operator()(RotateKeysCommand const&) const {
    return AdminAct{"oauth.rotate_keys", {}};
  }
  std::optional<AdminAct> operator()(WhyCommand const& command) const {
    return AdminAct{"why", {{"id", command.id}}};
  }
  std::optional<AdminAct> operator()(AuditVerifyCommand const& command) const {
    AdminAct act{"audit.verify", {}};
    if (!command.head.empty()) act.arguments["head"] = command.head;
    return act;
  }
  std::optional<AdminAct> operator()(AuditTailCommand const& command) const {
    return AdminAct{"audit.tail", {{"lines", command.lines}, {"follow", command.follow}}};
  }
  std::optional<AdminAct> operator()(DoctorCommand const&) const { return AdminAct{"doctor", {}}; }
  // The server has a working folder of its own.
  std::optional<AdminAct> operator()(BackupCommand const& command) const {
    return AdminAct{"backup", {{"to", std::filesystem::absolute(command.to).string()}}};
  }
  std::optional<AdminAct> operator()(RestoreCommand const& command) const {
    return AdminAct{"restore", {{"from", std::filesystem::absolute(command.from).string()}}};
  }
  // The keys themselves are read when the act is run.
  std::optional<AdminAct> operator()(ImportKeysCommand const& command) const {
    return AdminAct{"key.import", {{"dry_run", command.dry_run}}};
  }
  template <class Other>
  std::optional<AdminAct> operator()(Other const&) const {
    return std::nullopt;
  }

  static json::array to_array(std::vector<std::string> const& texts) {
    return json::array(texts.begin(), texts.end());
  }

  static std::string text_of(Expiry const& expiry) {
    if (auto const* moment = std::get_if<Time>(&expiry)) return format_time(*moment);
    return std::to_string(std::get<std::chrono::seconds>(expiry).count()) + "s";
  }
};

// What a file holds: the server may not be able to read it, so its text is sent.
Result<std::string> read_text(std::filesystem::path const& file) {
  constexpr std::size_t kSizeMax = 64U << 20;
  std::ifstream stream(file, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(stream)), {});
  if (!stream.is_open() || stream.bad() || std::filesystem::is_directory(file)) {
    return fail(Code::not_found, file.string() + ": the file cannot be read");
  }
  if (text.size() > kSizeMax) {
    return fail(Code::payload_too_large, file.string() + ": larger than 64 MiB");
  }
  if (!codec::is_utf8(text)) return fail(Code::invalid_request, file.string() + ": not UTF-8");
  return text;
}

Result<json::value> do_here(CommandLine const& line, Place const& place, AdminAct const& act) {
  if (line.config.empty()) {
    return fail(
        Code::invalid_request,
        "no server runs on " + place.shown() +
            "; to work on its data, name the configuration with --config FILE"
    );
  }
  auto config = TRY(load_config(line.config));
  auto installation = TRY(Installation::open(std::move(config), place));
  return administer(*installation, act.name, act.arguments);
}

struct Outcome {
  json::value result;
  bool by_server = false;
};

Result<Outcome> run(CommandLine const& line, AdminAct const& act) {
  auto place = TRY(place_of(line.data, line.database));
  if (std::holds_alternative<RestoreCommand>(line.command)) {
    return Outcome{TRY(restore_data(place, act.arguments))};
  }
  auto answer = TRY(ask_server(place.admin_socket(), act.name, act.arguments));
  if (!answer) return Outcome{TRY(do_here(line, place, act))};
  auto const* body = answer->body.if_object();
  if (auto const* result = body ? body->if_contains("result") : nullptr) {
    return Outcome{*result, true};
  }
  auto const* error = body ? body->if_contains("error") : nullptr;
  if (!error || !error->is_string())
    return fail(Code::unavailable, "the server's answer makes no sense");
  return fail(Code::invalid_request, std::string(error->get_string()));
}

int complain(Failure const& failure) {
  std::fprintf(stderr, "keystead: %s\n", failure.public_text.c_str());
  return kExitFailed;
}

bool print(std::string const& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  return std::fflush(stdout) == 0;
}

// Rows of the audit log, each on a line of its own.
bool print_rows(CommandLine const& line, json::array const& rows) {
  std::string text;
  for (auto const& row : rows) {
    text += line.json ? codec::to_text(row) + "\n" : readable("audit.tail", json::array{row});
  }
  return print(text);
}

// Asks again and again for what came behind the last row, until the server or the reader is gone.
int follow_audit(CommandLine const& line, AdminAct const& first) {
  AdminAct act = first;
  while (true) {
    auto outcome = run(line, act);
    if (!outcome) return complain(outcome.error());
    auto const& rows = outcome->result.as_array();
    if (!print_rows(line, rows)) return kExitFailed;
    // Where no server runs and the folder is nobody's, nothing more will come.
    if (!outcome->by_server) return kExitDone;
    if (!rows.empty()) {
      act.arguments = {{"after", rows.back().at("sequence")}};
    } else if (!act.arguments.contains("after")) {
      act.arguments = {{"after", 0}};
    }
    std::this_thread::sleep_for(std::chrono::seconds{1});
  }
}

}  // namespace

std::optional<AdminAct> admin_act_of(Command const& command) {
  return std::visit(ToAct{}, command);
}

int run_admin_act(CommandLine const& line, AdminAct act) {
  auto const* tail = std::get_if<AuditTailCommand>(&line.command);
  if (tail && tail->follow) return follow_audit(line, act);
  if (auto const* import = std::get_if<ImportKeysCommand>(&line.command)) {
    auto keys = read_text(import->file);
    if (!keys) return complain(keys.error());
    act.arguments["keys"] = *keys;
  }
  auto const* client = std::get_if<ClientCreateCommand>(&line.command);
  if (client && !client->jwks.empty()) {
    auto jwks = read_text(client->jwks);
    if (!jwks) return complain(jwks.error());
    act.arguments["jwks"] = *jwks;
  }
  auto outcome = run(line, act);
  if (!outcome) return complain(outcome.error());
  auto const& result = outcome->result;
  bool printed = print(line.json ? codec::to_text(result) + "\n" : readable(act.name, result));
  return printed ? kExitDone : kExitFailed;
}

}  // namespace keystead::app

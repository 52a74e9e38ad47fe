// The commands of an operator on call.
#include <algorithm>

#include "app/command_grammar.hpp"

namespace keystead::app {
namespace {

constexpr std::size_t kLinesMax = 1000;

std::string no_hash(std::string const& text) {
  constexpr std::size_t kDigits = 64;
  bool good = text.size() == kDigits && std::ranges::all_of(text, [](char c) {
                return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
              });
  return good ? std::string() : "expected 64 hexadecimal digits, as \"audit verify\" prints them";
}

}  // namespace

void Grammar::audit() {
  CLI::App& why = command(
      app_,
      "why",
      "Say why a request was denied, and what would grant it",
      "why 019aa1c4-5a7c-7d5e-9b0e-2f6d1c3b4a59",
      Options::admin,
      [this] { return WhyCommand{id_}; }
  );
  required(why, "ID", id_, "Id of the denial: X-Request-Id of the answer");

  CLI::App& audit = group("audit", "The audit log: verify, tail");
  CLI::App& verify = command(
      audit,
      "verify",
      "Verify that no row of the audit log was changed, removed or moved",
      "audit verify",
      Options::admin,
      [this] { return AuditVerifyCommand{head_}; }
  );
  verify
      .add_option(
          "--head", head_, "The head that an earlier verification printed; the log must hold it"
      )
      ->check(no_hash)
      ->type_name("HASH");
  CLI::App& tail = command(
      audit,
      "tail",
      "Print the end of the audit log",
      "audit tail --follow --json",
      Options::admin,
      [this] { return AuditTailCommand{lines_, follow_}; }
  );
  tail.add_option("-n,--lines", lines_, "How many rows; 20 if absent")
      ->check(CLI::Range(std::size_t{1}, kLinesMax))
      ->type_name("N");
  tail.add_flag("--follow", follow_, "Go on with each row that is written");
}

void Grammar::upkeep() {
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
  command(app_, "version", "Print the version", "version", Options::json, [] {
    return VersionCommand{};
  });
}

}  // namespace keystead::app

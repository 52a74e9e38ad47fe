#include "app/upkeep.hpp"

#include <algorithm>

#include "store/audit_chain.hpp"
#include "store/backup.hpp"
#include "store/finding.hpp"
#include "store/postgres/server_check.hpp"
#include "store/restore.hpp"

namespace keystead::app {
namespace {

using store::Finding;

std::string_view name_of(Finding::Grade grade) {
  switch (grade) {
    case Finding::Grade::good: return "good";
    case Finding::Grade::warning: return "warning";
    case Finding::Grade::bad: break;
  }
  return "bad";
}

Result<std::string> text_of(json::object const& arguments, std::string_view name) {
  auto const* value = arguments.if_contains(name);
  if (!value || !value->is_string()) {
    return fail(Code::invalid_request, std::string(name) + " is missing");
  }
  return std::string(value->get_string());
}

Finding look_at_seals(Installation& installation) {
  auto broken = installation.control().broken_seals();
  if (broken == 0) return {Finding::Grade::good, "the seals of all keys and grants fit"};
  return {
      Finding::Grade::bad,
      std::to_string(broken) +
          " rows of keys or grants were changed behind our back; they are refused"
  };
}

Finding look_at_audit(Installation& installation) {
  auto check = store::check_audit(installation.control(), installation.seal());
  if (check.fault) return {Finding::Grade::bad, "the audit log: " + check.fault->what};
  return {
      Finding::Grade::good, "the audit log is intact: " + std::to_string(check.records) + " records"
  };
}

Finding look_at_url(Config const& config) {
  if (config.service.url) return {Finding::Grade::good, "service.url is set"};
  return {
      Finding::Grade::warning,
      "service.url is not set: challenges and documents name the address that is listened on"
  };
}

Finding look_at_disk(Place const& place) {
  constexpr std::uintmax_t kFreeMin = 256U << 20;
  std::error_code error;
  auto space = std::filesystem::space(place.folder, error);
  if (!error && space.available >= kFreeMin) return {Finding::Grade::good, "there is disk space"};
  return {Finding::Grade::warning, "less than 256 MiB of disk space are left"};
}

}  // namespace

Result<json::value> look_after(Installation& installation, json::object const&) {
  installation.audit().flush();
  std::vector<Finding> findings;
  auto const& place = installation.place();
  if (place.database) findings = store::postgres::inspect(*place.database);
  // Reading every key checks every seal.
  installation.control().list_keys({});
  findings.push_back(look_at_seals(installation));
  findings.push_back(look_at_audit(installation));
  findings.push_back(look_at_url(installation.config()));
  findings.push_back(look_at_disk(place));
  json::array out;
  for (auto const& finding : findings) {
    out.push_back(json::object{{"grade", name_of(finding.grade)}, {"text", finding.text}});
  }
  bool healthy = std::ranges::none_of(findings, [](Finding const& finding) {
    return finding.grade == Finding::Grade::bad;
  });
  return json::object{{"healthy", healthy}, {"findings", std::move(out)}};
}

Result<json::value> back_up(Installation& installation, json::object const& arguments) {
  auto to = TRY(text_of(arguments, "to"));
  auto const& place = installation.place();
  if (place.database) {
    return fail(
        Code::invalid_request, "a PostgreSQL database is backed up with its own tools: pg_dump"
    );
  }
  installation.note_key_uses();
  installation.audit().flush();
  auto done = TRY(store::backup(place.folder, to, store::PepperCopy::leave_out));
  return json::object{{"to", to}, {"databases", done.databases}};
}

Result<json::value> restore_data(Place const& place, json::object const& arguments) {
  auto from = TRY(text_of(arguments, "from"));
  if (place.database) {
    return fail(
        Code::invalid_request, "a PostgreSQL database is restored with its own tools: pg_restore"
    );
  }
  auto done = TRY(store::restore(from, place.folder));
  json::object out{{"from", from}, {"databases", done.databases}, {"ended_keys", done.ended_keys}};
  if (done.replaced) out["replaced"] = done.replaced->string();
  return out;
}

}  // namespace keystead::app

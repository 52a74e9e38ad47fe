#include "app/audit_acts.hpp"

#include <algorithm>
#include <deque>

#include "codec/json.hpp"
#include "store/audit_chain.hpp"

namespace keystead::app {
namespace {

constexpr std::size_t kPage = 1000;

std::string hex(domain::AuditHash const& hash) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (unsigned char byte : hash) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string_view name_of(domain::AuditKind kind) {
  switch (kind) {
    case domain::AuditKind::act: return "act";
    case domain::AuditKind::denial: return "denial";
    case domain::AuditKind::call: break;
  }
  return "call";
}

json::object describe(domain::AuditRecord const& record) {
  auto const& entry = record.entry;
  json::object out{
      {"sequence", record.sequence},
      {"at", format_time(entry.at)},
      {"kind", name_of(entry.kind)},
      {"event", entry.event},
      {"actor", entry.actor},
      {"subject", entry.subject},
  };
  if (entry.tenant) out["tenant"] = entry.tenant->text();
  if (!entry.request.empty()) out["request"] = entry.request;
  auto detail = codec::parse_json(entry.detail);
  if (detail && detail->is_object() && !detail->get_object().empty()) out["detail"] = *detail;
  out["hash"] = hex(record.hash);
  return out;
}

std::size_t count_of(json::object const& arguments, std::string_view name, std::size_t otherwise) {
  auto const* value = arguments.if_contains(name);
  if (!value || !value->is_number()) return otherwise;
  boost::system::error_code error;
  auto count = value->to_number<std::uint64_t>(error);
  return error ? otherwise : static_cast<std::size_t>(count);
}

bool holds(store::ControlStore& store, std::string_view head) {
  std::uint64_t after = 0;
  while (true) {
    auto page = store.read_audit(after, kPage);
    if (page.empty()) return false;
    for (auto const& record : page) {
      if (hex(record.hash) == head) return true;
    }
    after = page.back().sequence;
  }
}

}  // namespace

Result<json::value> verify_audit(Installation& installation, json::object const& arguments) {
  installation.audit().flush();
  auto check = store::check_audit(installation.control(), installation.seal());
  if (check.fault) return fail(Code::conflict, "the audit log is not intact: " + check.fault->what);
  auto const* head = arguments.if_contains("head");
  if (head && head->is_string() && !head->get_string().empty() &&
      !holds(installation.control(), head->get_string())) {
    return fail(
        Code::conflict, "the audit log is not intact: it does not hold the head that was given"
    );
  }
  return json::object{{"intact", true}, {"records", check.records}, {"head", hex(check.head)}};
}

Result<json::value> tail_audit(Installation& installation, json::object const& arguments) {
  installation.audit().flush();
  std::size_t lines = std::min(count_of(arguments, "lines", 20), kPage);
  std::uint64_t after = count_of(arguments, "after", 0);
  bool from_the_end = !arguments.contains("after");
  std::deque<json::value> records;
  while (true) {
    auto page = installation.control().read_audit(after, kPage);
    for (auto const& record : page) {
      records.emplace_back(describe(record));
      if (from_the_end && records.size() > lines) records.pop_front();
    }
    if (page.size() < kPage || !from_the_end) break;
    after = page.back().sequence;
  }
  return json::array(records.begin(), records.end());
}

}  // namespace keystead::app

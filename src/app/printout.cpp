#include "app/printout.hpp"

#include <algorithm>
#include <vector>

#include "codec/json.hpp"

namespace keystead::app {
namespace {

namespace json = boost::json;

// Control characters in a name must not steer the terminal.
std::string plain(json::value const& value) {
  if (value.is_null()) return "-";
  std::string text;
  if (auto const* list = value.if_array()) {
    for (auto const& each : *list) text += (text.empty() ? "" : " ") + plain(each);
    return text.empty() ? "-" : text;
  }
  text = value.is_string() ? std::string(value.get_string()) : codec::to_text(value);
  if (text.empty()) return "-";
  std::ranges::replace_if(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return text;
}

using Columns = std::vector<std::string_view>;

// The columns of a list; where nothing is said, the members of its first row.
Columns columns_of(std::string_view act, json::array const& rows) {
  if (act == "key.list") {
    return {"id", "name", "prefix", "kind", "scopes", "state", "expires_at", "last_used_at"};
  }
  if (act == "client.list") return {"id", "name", "origin", "auth", "last_used_at"};
  if (act == "tenant.list") return {"id", "name", "slug", "created_at"};
  Columns columns;
  for (auto const& member : rows.front().get_object()) columns.push_back(member.key());
  return columns;
}

std::string table(json::array const& rows, Columns const& columns) {
  std::vector<std::vector<std::string>> cells;
  std::vector<std::size_t> widths;
  for (auto column : columns) widths.push_back(column.size());
  for (auto const& row : rows) {
    auto& line = cells.emplace_back();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      auto const* value = row.get_object().if_contains(columns[i]);
      line.push_back(value ? plain(*value) : "-");
      widths[i] = std::max(widths[i], line.back().size());
    }
  }
  std::string out;
  auto write = [&](auto const& line) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      out += line[i];
      bool is_last = i + 1 == widths.size();
      out.append(is_last ? 0 : widths[i] - line[i].size() + 2, ' ');
    }
    out += '\n';
  };
  write(columns);
  for (auto const& line : cells) write(line);
  return out;
}

// A line for each, and no table: what is followed has no widest cell.
std::string audit_lines(json::array const& rows) {
  constexpr std::string_view kMembers[] = {"sequence", "at", "event", "actor", "subject", "detail"};
  std::string out;
  for (auto const& row : rows) {
    std::string line;
    for (auto name : kMembers) {
      auto const* value = row.get_object().if_contains(name);
      if (value) line += (line.empty() ? "" : "  ") + plain(*value);
    }
    out += line + "\n";
  }
  return out;
}

bool is_list_of_objects(json::value const& value) {
  auto const* list = value.if_array();
  return list && !list->empty() && list->front().is_object();
}

std::string readable_object(json::object const& object) {
  std::string lines, tables;
  for (auto const& [name, value] : object) {
    if (is_list_of_objects(value)) {
      auto const& rows = value.get_array();
      tables.append("\n").append(table(rows, columns_of("", rows)));
    } else {
      lines.append(name).append(": ").append(plain(value)).append("\n");
    }
  }
  return lines + tables;
}

}  // namespace

std::string readable(std::string_view act, json::value const& result) {
  if (auto const* rows = result.if_array()) {
    if (act == "audit.tail") return audit_lines(*rows);
    if (rows->empty()) return "none\n";
    return is_list_of_objects(result) ? table(*rows, columns_of(act, *rows)) : plain(result) + "\n";
  }
  std::string out = readable_object(result.get_object());
  bool made_key = act == "key.create" || act == "key.rotate" || act == "key.narrow";
  if (act == "client.create" && result.get_object().contains("secret")) {
    out += "\nThe secret is shown this once; copy it now.\n";
  }
  if (made_key) out += "\nThe key is shown this once; copy it now.\n";
  return out;
}

}  // namespace keystead::app

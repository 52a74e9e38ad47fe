#include "app/printout.hpp"

#include <algorithm>
#include <array>
#include <span>
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
  std::ranges::replace_if(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return text;
}

constexpr std::array<std::string_view, 7> kKeyColumns{
    "id", "name", "prefix", "scopes", "state", "expires_at", "last_used_at"
};
constexpr std::array<std::string_view, 3> kTenantColumns{"id", "name", "created_at"};

std::string table(json::array const& rows, std::span<std::string_view const> columns) {
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

}  // namespace

std::string readable(std::string_view act, json::value const& result) {
  if (auto const* rows = result.if_array()) {
    if (rows->empty()) return "none\n";
    return act == "key.list" ? table(*rows, kKeyColumns) : table(*rows, kTenantColumns);
  }
  std::string out;
  for (auto const& [name, value] : result.get_object()) {
    out.append(name).append(": ").append(plain(value)).append("\n");
  }
  if (result.get_object().contains("key")) out += "\nThe key is shown this once; copy it now.\n";
  return out;
}

}  // namespace keystead::app

#include "data/row_codec.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/id.hpp"
#include "data/complaints.hpp"
#include "data/field_value.hpp"

namespace keystead::data {
namespace {

using domain::Collection;
using domain::Field;
using domain::FieldValue;

constexpr std::array<std::string_view, 3> kSetByServer = {"id", "created_at", "updated_at"};
constexpr std::string_view kRequired = "required";

void complain_of_unknown(
    Collection const& collection, std::string_view name, Complaints& complaints
) {
  if (is_set_by_server(name)) return complaints.add(name, "set by the server");
  std::vector<std::string_view> known;
  known.reserve(collection.fields.size());
  for (Field const& field : collection.fields) known.push_back(field.name);
  complaints.add_unknown("", name, "field", known);
}

std::optional<FieldValue> decode_member(
    Field const& field, json::value const& value, Complaints& complaints
) {
  if (value.is_null()) {
    if (!field.required) return FieldValue();
    complaints.add(field.name, "required, so it cannot be null");
    return std::nullopt;
  }
  auto decoded = decode_value(field, value);
  if (decoded) return *std::move(decoded);
  complaints.add(field.name, decoded.error());
  return std::nullopt;
}

enum class IdMember { refused, skipped };

FieldChanges decode_members(
    Collection const& collection,
    json::object const& members,
    IdMember id_member,
    Complaints& complaints
) {
  FieldChanges changes;
  for (auto const& member : members) {
    std::string_view name(member.key().data(), member.key().size());
    if (name == "id" && id_member == IdMember::skipped) continue;
    std::size_t index = collection.find(name);
    if (index == collection.fields.size()) {
      complain_of_unknown(collection, name, complaints);
      continue;
    }
    auto value = decode_member(collection.fields[index], member.value(), complaints);
    if (value) changes.emplace_back(index, *std::move(value));
  }
  return changes;
}

std::string decode_id(
    json::object const& arguments, std::string_view argument, Complaints& complaints
) {
  auto const* value = arguments.if_contains(argument);
  if (!value) {
    complaints.add(argument, kRequired);
    return {};
  }
  std::string_view text;
  if (value->is_string())
    text = std::string_view(value->get_string().data(), value->get_string().size());
  if (!parse_uuid(text)) complaints.add(argument, "not a UUID in lower case");
  return std::string(text);
}

void refuse_others(
    json::object const& arguments, std::string_view argument, Complaints& complaints
) {
  for (auto const& member : arguments) {
    std::string_view name(member.key().data(), member.key().size());
    if (name != argument) complaints.add_unknown("", name, "argument", {&argument, 1});
  }
}

}  // namespace

bool is_set_by_server(std::string_view name) {
  return std::ranges::find(kSetByServer, name) != kSetByServer.end();
}

Result<std::vector<FieldValue>> decode_new_row(
    Collection const& collection, json::object const& members
) {
  Complaints complaints;
  auto given = decode_members(collection, members, IdMember::refused, complaints);
  std::vector<FieldValue> values;
  for (Field const& field : collection.fields) {
    if (field.required && !field.default_value && !members.contains(field.name)) {
      complaints.add(field.name, kRequired);
    }
    values.push_back(field.default_value.value_or(FieldValue()));
  }
  if (!complaints.empty()) return complaints.failure();
  for (auto& [index, value] : given) values[index] = std::move(value);
  return values;
}

Result<FieldChanges> decode_changes(Collection const& collection, json::object const& members) {
  Complaints complaints;
  auto changes = decode_members(collection, members, IdMember::refused, complaints);
  if (!complaints.empty()) return complaints.failure();
  return changes;
}

Result<RowChange> decode_row_change(Collection const& collection, json::object const& arguments) {
  Complaints complaints;
  RowChange change;
  change.id = decode_id(arguments, "id", complaints);
  change.changes = decode_members(collection, arguments, IdMember::skipped, complaints);
  if (!complaints.empty()) return complaints.failure();
  return change;
}

Result<std::string> decode_row_id(json::object const& arguments, std::string_view argument) {
  Complaints complaints;
  std::string id = decode_id(arguments, argument, complaints);
  refuse_others(arguments, argument, complaints);
  if (!complaints.empty()) return complaints.failure();
  return id;
}

Result<FieldValue> decode_key(
    Field const& field, json::object const& arguments, std::string_view argument
) {
  Complaints complaints;
  FieldValue key;
  auto const* value = arguments.if_contains(argument);
  if (!value) {
    complaints.add(argument, kRequired);
  } else if (auto decoded = decode_value(field, *value)) {
    key = *std::move(decoded);
  } else {
    complaints.add(argument, decoded.error());
  }
  refuse_others(arguments, argument, complaints);
  if (!complaints.empty()) return complaints.failure();
  return key;
}

json::object encode_row(Collection const& collection, domain::Row const& row) {
  json::object out;
  out.reserve(collection.fields.size() + kSetByServer.size());
  out["id"] = row.id;
  for (std::size_t i = 0; i < collection.fields.size(); ++i) {
    out[collection.fields[i].name] = encode_value(row.values[i]);
  }
  out["created_at"] = format_time(row.created_at);
  out["updated_at"] = format_time(row.updated_at);
  return out;
}

json::object encode_fields(Collection const& collection, std::vector<FieldValue> const& values) {
  json::object out;
  out.reserve(collection.fields.size());
  for (std::size_t i = 0; i < collection.fields.size(); ++i) {
    out[collection.fields[i].name] = encode_value(values[i]);
  }
  return out;
}

}  // namespace keystead::data

#include "store/column.hpp"

#include <cmath>
#include <stdexcept>

#include "codec/crc32.hpp"
#include "codec/utf8.hpp"
#include "store/control_store.hpp"

namespace keystead::store {
namespace {

using domain::FieldType;
using domain::FieldValue;

// The last guard between a name and SQL text; the configuration has checked it before.
std::string_view checked(std::string_view name) {
  bool is_good = !name.empty() && name.size() <= 63 && name[0] >= 'a' && name[0] <= 'z';
  for (char c : name) {
    is_good = is_good && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
  }
  if (!is_good) throw std::logic_error("not a name for a collection or a field");
  return name;
}

// A tilde is in no name, so a name that was cut is like none that was not. That two which were cut
// are the same is told where tables are made.
std::string fitted(Dialect const& dialect, std::string name) {
  if (name.size() <= dialect.name_max) return name;
  std::uint32_t sum = codec::crc32(name);
  name.resize(dialect.name_max - 9);
  name += '~';
  for (int shift = 28; shift >= 0; shift -= 4) name += "0123456789abcdef"[(sum >> shift) & 15];
  return name;
}

std::unexpected<Failure> refuse(std::string_view name, std::string_view why) {
  return fail(Code::invalid_request, std::string(name) + ": " + std::string(why));
}

Result<FieldValue> stored_text(std::string_view name, FieldValue const& value) {
  auto const* text = std::get_if<std::string>(&value);
  if (text == nullptr) return refuse(name, "expected text");
  if (text->contains('\0')) return refuse(name, "holds a NUL");
  if (!codec::is_utf8(*text)) return refuse(name, "is not UTF-8");
  return *text;
}

Result<FieldValue> stored_number(std::string_view name, FieldValue const& value) {
  double number = 0;
  if (auto const* real = std::get_if<double>(&value))
    number = *real;
  else if (auto const* whole = std::get_if<std::int64_t>(&value))
    number = static_cast<double>(*whole);
  else
    return refuse(name, "expected a number");
  if (!std::isfinite(number)) return refuse(name, "expected a finite number");
  return number;
}

Result<Time> time_of(std::string_view name, FieldValue const& value) {
  auto const* text = std::get_if<std::string>(&value);
  auto time = text == nullptr ? std::nullopt : parse_time(*text);
  if (!time) return refuse(name, "expected an RFC 3339 date-time");
  return *time;
}

// 2026-11-22T16:50:00Z would sort after 2026-11-22T16:50:00.250Z.
std::string fixed_width(Time time) {
  std::string text = format_time(time);
  if (!text.contains('.')) text.insert(text.size() - 1, ".000");
  return text;
}

std::string shortened(std::string text) {
  if (text.ends_with(".000Z")) text.replace(text.size() - 5, 5, "Z");
  return text;
}

}  // namespace

std::string table_name(Dialect const& dialect, domain::Collection const& collection) {
  return fitted(dialect, "c_" + std::string(checked(collection.name)));
}

std::string column_name(Dialect const& dialect, domain::Field const& field) {
  return fitted(dialect, "f_" + std::string(checked(field.name)));
}

std::string unique_index_name(
    Dialect const& dialect, domain::Collection const& collection, domain::Field const& field
) {
  // A point is in no name, so a_b.c and a.b_c stay apart.
  std::string name = "u." + std::string(checked(collection.name)) + ".";
  return fitted(dialect, name + std::string(checked(field.name)));
}

std::string with_quotes(std::string_view name) {
  return "\"" + std::string(name) + "\"";
}

std::string table_of(Dialect const& dialect, domain::Collection const& collection) {
  return with_quotes(table_name(dialect, collection));
}

std::string column_of(Dialect const& dialect, domain::Field const& field) {
  return with_quotes(column_name(dialect, field));
}

std::string place_of(domain::Collection const& collection, domain::Field const& field) {
  return "collection " + collection.name + ", field " + field.name;
}

Result<Column> find_column(
    Dialect const& dialect, domain::Collection const& collection, std::string_view name
) {
  if (name == "id") return Column{Column::Kind::id, 0, "id"};
  if (name == "created_at") return Column{Column::Kind::created_at, 0, "created_at"};
  if (name == "updated_at") return Column{Column::Kind::updated_at, 0, "updated_at"};
  std::size_t field = collection.find(name);
  if (field == collection.fields.size()) return refuse(name, "no such field");
  return Column{Column::Kind::field, field, column_of(dialect, collection.fields[field])};
}

Result<FieldValue> to_stored(domain::Field const& field, FieldValue const& value) {
  if (std::holds_alternative<std::monostate>(value)) return value;
  switch (field.type) {
    case FieldType::integer:
      if (!std::holds_alternative<std::int64_t>(value))
        return refuse(field.name, "expected an integer");
      return value;
    case FieldType::boolean:
      if (!std::holds_alternative<bool>(value)) return refuse(field.name, "expected true or false");
      return std::int64_t{std::get<bool>(value)};
    case FieldType::number: return stored_number(field.name, value);
    case FieldType::datetime: return fixed_width(TRY(time_of(field.name, value)));
    case FieldType::text:
    case FieldType::date:
    case FieldType::choice: break;
  }
  return stored_text(field.name, value);
}

Result<FieldValue> to_stored(
    domain::Collection const& collection, Column const& column, FieldValue const& value
) {
  if (column.kind == Column::Kind::field) return to_stored(collection.fields[column.field], value);
  if (std::holds_alternative<std::monostate>(value)) return value;
  if (column.kind == Column::Kind::id) return stored_text("id", value);
  return std::int64_t{TRY(time_of(column.sql, value)).time_since_epoch().count()};
}

FieldValue stored_in(
    domain::Collection const& collection, Column const& column, domain::Row const& row
) {
  switch (column.kind) {
    case Column::Kind::id: return row.id;
    case Column::Kind::created_at: return std::int64_t{row.created_at.time_since_epoch().count()};
    case Column::Kind::updated_at: return std::int64_t{row.updated_at.time_since_epoch().count()};
    case Column::Kind::field: break;
  }
  auto stored = to_stored(collection.fields[column.field], row.values[column.field]);
  // What was read from the store in this type can be written in it.
  if (!stored) throw Broken("a stored value of " + collection.name + " is not of its type");
  return std::move(*stored);
}

FieldValue from_stored(domain::Field const& field, FieldValue stored) {
  if (auto const* whole = std::get_if<std::int64_t>(&stored)) {
    if (field.type == FieldType::boolean) return *whole != 0;
    if (field.type == FieldType::number) return static_cast<double>(*whole);
  }
  if (auto* text = std::get_if<std::string>(&stored); text && field.type == FieldType::datetime) {
    return shortened(std::move(*text));
  }
  return stored;
}

}  // namespace keystead::store

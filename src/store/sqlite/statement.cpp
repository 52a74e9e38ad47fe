#include "store/sqlite/statement.hpp"

#include <cstring>
#include <utility>

#include <sqlite3.h>

#include "store/sqlite/database.hpp"

namespace keystead::store {

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_),
      sql_(std::move(other.sql_)),
      handle_(std::exchange(other.handle_, nullptr)),
      bound_(other.bound_) {}

Statement::~Statement() {
  if (handle_ == nullptr) return;
  // The reset repeats the error of the last step, which has been told already.
  sqlite3_reset(handle_);
  sqlite3_clear_bindings(handle_);
  database_->give_back(std::move(sql_), handle_);
}

Statement& Statement::again() {
  sqlite3_reset(handle_);
  bound_ = 0;
  return *this;
}

bool Statement::next() {
  int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) database_->fail_with(code);
  return false;
}

void Statement::run() {
  while (next()) {
  }
}

std::expected<bool, Violation> Statement::try_next() {
  int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  Violation violation;
  if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY) {
    violation.kind = Violation::Kind::unique;
  } else if (code == SQLITE_CONSTRAINT_FOREIGNKEY) {
    violation.kind = Violation::Kind::foreign_key;
  } else {
    database_->fail_with(code);
  }
  violation.text = sqlite3_errmsg(database_->handle());
  sqlite3_reset(handle_);
  return std::unexpected(std::move(violation));
}

Violation Statement::try_run() {
  auto more = try_next();
  while (more && *more) more = try_next();
  if (!more) return std::move(more.error());
  sqlite3_reset(handle_);
  return {};
}

int Statement::columns() const {
  return sqlite3_column_count(handle_);
}

Statement::Type Statement::type(int column) const {
  switch (sqlite3_column_type(handle_, column)) {
    case SQLITE_INTEGER: return Type::integer;
    case SQLITE_FLOAT: return Type::number;
    case SQLITE_TEXT: return Type::text;
    case SQLITE_BLOB: return Type::blob;
    default: break;
  }
  return Type::null;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(handle_, column);
}

double Statement::number(int column) const {
  return sqlite3_column_double(handle_, column);
}

std::string_view Statement::text(int column) const {
  auto const* text = reinterpret_cast<char const*>(sqlite3_column_text(handle_, column));
  if (text == nullptr) return {};
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

std::span<unsigned char const> Statement::blob(int column) const {
  auto const* bytes = static_cast<unsigned char const*>(sqlite3_column_blob(handle_, column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

std::optional<Time> Statement::time_or_null(int column) const {
  if (is_null(column)) return std::nullopt;
  return time(column);
}

void Statement::copy_exactly(int column, std::span<unsigned char> out) const {
  auto bytes = blob(column);
  if (bytes.size() != out.size()) database_->fail_with(SQLITE_CORRUPT);
  std::memcpy(out.data(), bytes.data(), out.size());
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) database_->fail_with(code);
}

void Statement::put(std::nullptr_t) {
  check(sqlite3_bind_null(handle_, ++bound_));
}

void Statement::put(std::int64_t value) {
  check(sqlite3_bind_int64(handle_, ++bound_, value));
}

void Statement::put(double value) {
  check(sqlite3_bind_double(handle_, ++bound_, value));
}

void Statement::put(std::string_view text) {
  // A null pointer would bind NULL, and an empty view may hold one.
  char const* data = text.data() == nullptr ? "" : text.data();
  check(sqlite3_bind_text64(handle_, ++bound_, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::put(std::span<unsigned char const> blob) {
  void const* data = blob.data() == nullptr ? "" : static_cast<void const*>(blob.data());
  check(sqlite3_bind_blob64(handle_, ++bound_, data, blob.size(), SQLITE_TRANSIENT));
}

}  // namespace keystead::store

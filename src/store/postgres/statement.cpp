#include "store/postgres/statement.hpp"

#include <bit>
#include <charconv>
#include <cstring>

#include <libpq-fe.h>

#include "store/postgres/connection.hpp"

namespace keystead::store::postgres {
namespace {

// From PostgreSQL's catalogue pg_type, where they never change.
constexpr unsigned kBool = 16, kBytea = 17, kName = 19, kInt8 = 20, kInt2 = 21, kInt4 = 23;
constexpr unsigned kText = 25, kFloat8 = 701, kUuid = 2950;

std::string big_endian(std::uint64_t value) {
  std::string bytes(8, '\0');
  for (int i = 7; i >= 0; --i, value >>= 8) {
    bytes[static_cast<std::size_t>(i)] = static_cast<char>(value & 0xff);
  }
  return bytes;
}

// Of 1, 2, 4 or 8 bytes, with a sign if it has more than one.
std::int64_t from_big_endian(std::span<unsigned char const> bytes) {
  std::uint64_t value = bytes.size() > 1 && (bytes[0] & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  for (unsigned char byte : bytes) value = value << 8 | byte;
  return static_cast<std::int64_t>(value);
}

}  // namespace

void FreeResult::operator()(PGresult* result) const {
  PQclear(result);
}

void Parameters::add(unsigned type, std::string bytes) {
  types_.push_back(type);
  values_.emplace_back(std::move(bytes));
}

void Parameters::put(std::nullptr_t) {
  types_.push_back(0);
  values_.emplace_back(std::nullopt);
}

void Parameters::put(bool value) {
  add(kBool, std::string(1, value ? '\1' : '\0'));
}

void Parameters::put(std::int64_t value) {
  add(kInt8, big_endian(static_cast<std::uint64_t>(value)));
}

void Parameters::put(double value) {
  add(kFloat8, big_endian(std::bit_cast<std::uint64_t>(value)));
}

void Parameters::put(std::string_view text) {
  add(kText, std::string(text));
}

void Parameters::put(std::span<unsigned char const> blob) {
  add(kBytea, std::string(blob.begin(), blob.end()));
}

void Parameters::put_uuid(std::span<unsigned char const> bytes) {
  add(kUuid, std::string(bytes.begin(), bytes.end()));
}

void Parameters::clear() {
  types_.clear();
  values_.clear();
}

void Statement::start() {
  result_.reset(connection_->run(sql_, parameters_));
  row_ = -1;
}

bool Statement::next() {
  if (!result_) {
    start();
    check();
  } else if (PQresultStatus(result_.get()) == PGRES_SINGLE_TUPLE) {
    result_.reset(connection_->next_answer());
    row_ = -1;
    check();
  }
  return ++row_ < PQntuples(result_.get());
}

void Statement::check() const {
  switch (PQresultStatus(result_.get())) {
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
    case PGRES_SINGLE_TUPLE: return;
    default: connection_->fail_with(result_.get());
  }
}

void Statement::run() {
  next();
}

Violation Statement::try_run() {
  start();
  auto status = PQresultStatus(result_.get());
  Violation violation;
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) return violation;
  char const* state = PQresultErrorField(result_.get(), PG_DIAG_SQLSTATE);
  std::string_view code = state == nullptr ? "" : state;
  if (code == "23505")
    violation.kind = Violation::Kind::unique;
  else if (code == "23503")
    violation.kind = Violation::Kind::foreign_key;
  else
    connection_->fail_with(result_.get());
  char const* constraint = PQresultErrorField(result_.get(), PG_DIAG_CONSTRAINT_NAME);
  violation.text = constraint == nullptr ? "" : constraint;
  return violation;
}

Statement& Statement::again() {
  parameters_.clear();
  result_.reset();
  return *this;
}

std::int64_t Statement::changes() const {
  std::string_view text = PQcmdTuples(result_.get());
  std::int64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

int Statement::columns() const {
  return PQnfields(result_.get());
}

Statement::Type Statement::type(int column) const {
  if (is_null(column)) return Type::null;
  switch (PQftype(result_.get(), column)) {
    case kBool: return Type::boolean;
    case kInt2:
    case kInt4:
    case kInt8: return Type::integer;
    case kFloat8: return Type::number;
    case kText:
    case kName: return Type::text;
    case kUuid: return Type::uuid;
    default: break;
  }
  return Type::blob;
}

bool Statement::is_null(int column) const {
  return PQgetisnull(result_.get(), row_, column) != 0;
}

std::int64_t Statement::integer(int column) const {
  return from_big_endian(blob(column));
}

double Statement::number(int column) const {
  return std::bit_cast<double>(integer(column));
}

std::string_view Statement::text(int column) const {
  return {
      PQgetvalue(result_.get(), row_, column),
      static_cast<std::size_t>(PQgetlength(result_.get(), row_, column))
  };
}

std::span<unsigned char const> Statement::blob(int column) const {
  auto bytes = text(column);
  return {reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size()};
}

std::optional<Time> Statement::time_or_null(int column) const {
  if (is_null(column)) return std::nullopt;
  return time(column);
}

void Statement::copy_exactly(int column, std::span<unsigned char> out) const {
  auto bytes = blob(column);
  if (bytes.size() != out.size()) {
    throw Broken(connection_->name() + ": a stored value does not have its length");
  }
  std::memcpy(out.data(), bytes.data(), out.size());
}

}  // namespace keystead::store::postgres

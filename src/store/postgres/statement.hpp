// A statement with its parameters, and the rows that it answered. Parameters and rows travel in
// PostgreSQL's binary form, apart from the SQL text, so that no value is ever read as SQL or
// rounded. It is used by the thread that holds the connection, and must end before that does.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/id.hpp"
#include "store/violation.hpp"

struct pg_result;
using PGresult = pg_result;

namespace keystead::store::postgres {

class Connection;

struct FreeResult {
  void operator()(PGresult* result) const;
};

// The values of $1, $2 and so on. Text and blobs are copied.
class Parameters {
 public:
  void put(std::nullptr_t);
  void put(bool value);
  void put(std::int64_t value);
  void put(int value) { put(std::int64_t{value}); }
  void put(double value);
  void put(std::string_view text);
  void put(std::string const& text) { put(std::string_view(text)); }
  void put(char const* text) { put(std::string_view(text)); }
  void put(std::span<unsigned char const> blob);
  template <std::size_t N>
  void put(std::array<unsigned char, N> const& blob) {
    put(std::span<unsigned char const>(blob));
  }
  void put(Time time) { put(std::int64_t{time.time_since_epoch().count()}); }
  template <class Tag>
  void put(Id<Tag> const& id) {
    put_uuid(id.bytes());
  }
  template <class Value>
  void put(std::optional<Value> const& value) {
    if (value)
      put(*value);
    else
      put(nullptr);
  }
  void clear();

 private:
  friend class Connection;
  void put_uuid(std::span<unsigned char const> bytes);
  void add(unsigned type, std::string bytes);

  std::vector<unsigned> types_;                     // 0 lets the server say which
  std::vector<std::optional<std::string>> values_;  // none is null
};

class Statement {
 public:
  Statement(Connection& connection, std::string sql)
      : connection_(&connection), sql_(std::move(sql)) {}

  // Binds the next parameters in order.
  template <class... Values>
  Statement& bind(Values const&... values) {
    (parameters_.put(values), ...);
    return *this;
  }

  // Runs at the first call, and steps to the next row: false at the end. Any error throws
  // store::Broken.
  bool next();
  // Runs to the end. Any error throws store::Broken.
  void run();
  // The same, but a Violation is told. It ends the transaction that it happens in.
  [[nodiscard]] Violation try_run();
  // Ready to be bound and run again.
  Statement& again();

  // How many rows it changed, once it has run.
  std::int64_t changes() const;

  // Columns of the present row, counted from 0. Views hold until the statement is run again or
  // ends.
  enum class Type { null, boolean, integer, number, text, uuid, blob };
  int columns() const;
  Type type(int column) const;
  bool is_null(int column) const;
  bool boolean(int column) const { return integer(column) != 0; }
  std::int64_t integer(int column) const;
  double number(int column) const;
  std::string_view text(int column) const;
  std::span<unsigned char const> blob(int column) const;
  Time time(int column) const { return Time(std::chrono::milliseconds(integer(column))); }
  std::optional<Time> time_or_null(int column) const;
  // Throws store::Broken if the stored blob has another length.
  template <std::size_t N>
  void copy_blob(int column, std::array<unsigned char, N>& out) const {
    copy_exactly(column, out);
  }
  template <class IdType>
  IdType id(int column) const {
    UuidBytes bytes;
    copy_exactly(column, bytes);
    return IdType(bytes);
  }

 private:
  void start();
  void check() const;
  void copy_exactly(int column, std::span<unsigned char> out) const;

  Connection* connection_;
  std::string sql_;
  Parameters parameters_;
  std::unique_ptr<PGresult, FreeResult> result_;
  int row_ = -1;
};

}  // namespace keystead::store::postgres

// A prepared statement, borrowed from its connection's cache for as long as the object lives. It is
// used by the thread that holds the connection, and must end before the connection does.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/id.hpp"
#include "store/violation.hpp"

struct sqlite3_stmt;

namespace keystead::store {

class Database;

class Statement {
 public:
  Statement(Database& database, std::string sql, sqlite3_stmt* handle)
      : database_(&database), sql_(std::move(sql)), handle_(handle) {}
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  // Binds the next parameters in order. Text and blobs are copied.
  template <class... Values>
  Statement& bind(Values const&... values) {
    (put(values), ...);
    return *this;
  }

  // Steps to the next row: false at the end. Any error throws store::Broken.
  bool next();
  // The same, but a broken uniqueness or foreign key is told; then the statement is over.
  std::expected<bool, Violation> try_next();
  // Runs to the end. Any error throws store::Broken.
  void run();
  // Runs to the end, telling like try_next.
  [[nodiscard]] Violation try_run();
  // Ready to be bound and run again.
  Statement& again();

  // Columns of the present row, counted from 0. Views hold until the next step.
  enum class Type { null, integer, number, text, blob };
  int columns() const;
  Type type(int column) const;
  bool is_null(int column) const { return type(column) == Type::null; }
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
  void put(std::nullptr_t);
  void put(std::int64_t value);
  void put(int value) { put(std::int64_t{value}); }
  void put(double value);
  void put(std::string_view text);
  void put(std::span<unsigned char const> blob);
  void put(Time time) { put(std::int64_t{time.time_since_epoch().count()}); }
  template <class Tag>
  void put(Id<Tag> const& id) {
    put(std::span<unsigned char const>(id.bytes()));
  }
  template <class Value>
  void put(std::optional<Value> const& value) {
    if (value)
      put(*value);
    else
      put(nullptr);
  }

  void check(int code) const;
  void copy_exactly(int column, std::span<unsigned char> out) const;

  Database* database_;
  std::string sql_;
  sqlite3_stmt* handle_;
  int bound_ = 0;
};

}  // namespace keystead::store

// One connection to a PostgreSQL server, used by one thread at a time. Everything that waits for
// the server has a deadline; behind it the connection is broken and stays so.
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "store/broken.hpp"
#include "store/postgres/statement.hpp"
#include "store/postgres/url.hpp"

struct pg_conn;

namespace keystead::store::postgres {

// The schema in which everything of ours lies. It is the whole search path, so that nobody's table
// or function of the same name is found instead.
inline constexpr std::string_view kSchema = "keystead";

// A value is larger than an index can hold, which is some 2700 bytes.
class TooLarge : public Broken {
 public:
  using Broken::Broken;
};

class Connection {
 public:
  struct Options {
    // A statement that takes longer ends with store::Broken; waiting for a lock counts.
    std::chrono::milliseconds statement_time_max = std::chrono::seconds(5);
    // Rows are taken from the server one by one instead of all at once: for tables of any size. One
    // statement at a time, run to its end.
    bool streams_rows = false;
  };

  // Throws store::Broken with a text that shows no password.
  explicit Connection(Url const& url) : Connection(url, Options{}) {}
  Connection(Url const& url, Options options);
  Connection(Connection const&) = delete;
  Connection& operator=(Connection const&) = delete;
  ~Connection();

  // The server parses the text when it is first run, and knows it from then on. Parameters are $1,
  // $2, or as SQLite has them, so that both can be given the same text: ? is the next one, ?1 the
  // first. There is no other use of a question mark.
  Statement prepare(std::string_view sql) { return Statement(*this, with_dollars(sql)); }
  // Runs one or several statements without parameters.
  void execute(std::string const& sql);

  // Whether it can be used for another transaction, as far as is known without asking the server.
  bool is_usable();
  std::string const& name() const { return name_; }
  int server_version() const;  // 150014 for 15.14
  bool is_encrypted() const;

 private:
  friend class Statement;
  friend class Transaction;

  static std::string with_dollars(std::string_view sql);
  PGresult* run(std::string const& sql, Parameters const& parameters);
  std::string const& prepared(std::string const& sql, Parameters const& parameters);
  PGresult* answer();
  PGresult* next_answer();  // of a statement that streams
  void await_input(std::chrono::steady_clock::time_point deadline);
  void forget_oldest();
  [[noreturn]] void lose(std::string const& why);
  [[noreturn]] void fail_with(PGresult const* result) const;

  std::string name_;  // of the database, for error texts
  std::chrono::milliseconds time_max_;
  bool streams_rows_;
  pg_conn* handle_ = nullptr;
  bool is_lost_ = false;

  // Statements that the server knows, the latest made first, by their text and the types of their
  // parameters.
  std::list<std::pair<std::string, std::string>> prepared_;
  std::unordered_map<std::string_view, std::string const*> names_;
  std::uint64_t last_name_ = 0;
};

// Rolled back unless committed. Declare it before the statements that run in it.
class Transaction {
 public:
  explicit Transaction(Connection& connection);
  Transaction(Transaction const&) = delete;
  Transaction& operator=(Transaction const&) = delete;
  ~Transaction();

  // Durable when it returns, as far as the server is set up to be.
  void commit();

 private:
  Connection& connection_;
  bool open_ = true;
};

}  // namespace keystead::store::postgres

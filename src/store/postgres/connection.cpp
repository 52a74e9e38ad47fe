#include "store/postgres/connection.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

#include <libpq-fe.h>
#include <poll.h>

namespace keystead::store::postgres {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kPreparedMax = 256;
// How much longer than a statement may run its answer may take: for the way, and for a server that
// is slow to notice.
constexpr milliseconds kGrace = std::chrono::seconds(5);

// libpq goes on about what the reader might try.
std::string first_line(char const* text) {
  std::string line(text == nullptr ? "" : text);
  return line.substr(0, line.find('\n'));
}

// The URL may override what stands before it, and not what stands behind it.
pg_conn* connect(Url const& url) {
  std::string text(url.text().reveal());
  char const* const names[] = {
      "connect_timeout",
      "tcp_user_timeout",
      "fallback_application_name",
      "dbname",
      "client_encoding",
      nullptr
  };
  char const* const values[] = {"5", "15000", "keystead", text.c_str(), "UTF8", nullptr};
  auto* handle = PQconnectdbParams(names, values, 1);
  ::explicit_bzero(text.data(), text.size());
  return handle;
}

std::string session_settings(milliseconds statement_time_max) {
  auto time = std::max<milliseconds::rep>(statement_time_max.count(), 1);
  // With row_security off a query fails that the policies would cut.
  return "SET search_path = " + std::string(kSchema) +
         ", pg_temp; SET row_security = on; SET client_min_messages = error;"
         " SET default_transaction_isolation = 'read committed';"
         " SET idle_in_transaction_session_timeout = '60s';"
         " SET statement_timeout = " +
         std::to_string(time);
}

}  // namespace

Connection::Connection(Url const& url, Options options)
    : name_(url.shown()),
      time_max_(options.statement_time_max),
      streams_rows_(options.streams_rows),
      handle_(connect(url)) {
  try {
    if (PQstatus(handle_) != CONNECTION_OK) {
      throw Broken(name_ + ": " + first_line(PQerrorMessage(handle_)));
    }
    // Otherwise libpq writes them to the standard error.
    PQsetNoticeReceiver(handle_, [](void*, PGresult const*) {}, nullptr);
    execute(session_settings(time_max_));
  } catch (...) {
    PQfinish(handle_);
    throw;
  }
}

Connection::~Connection() {
  PQfinish(handle_);
}

int Connection::server_version() const {
  return PQserverVersion(handle_);
}

bool Connection::is_encrypted() const {
  return PQsslInUse(handle_) != 0;
}

bool Connection::is_usable() {
  if (is_lost_) return false;
  // An idle connection has nothing to read but the server's farewell, and the end behind it.
  pollfd socket{.fd = PQsocket(handle_), .events = POLLIN, .revents = 0};
  while (::poll(&socket, 1, 0) > 0 && PQconsumeInput(handle_) != 0) {
  }
  return PQstatus(handle_) == CONNECTION_OK && PQtransactionStatus(handle_) == PQTRANS_IDLE;
}

void Connection::lose(std::string const& why) {
  is_lost_ = true;
  throw Broken(name_ + ": " + why);
}

void Connection::fail_with(PGresult const* result) const {
  char const* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  if (state == nullptr) throw Broken(name_ + ": " + first_line(PQresultErrorMessage(result)));
  std::string code(state);
  // The texts of class 22 repeat the value that they complain about.
  std::string text = code.starts_with("22")
                         ? "a value that it does not take"
                         : first_line(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
  text = name_ + ": " + text + " (PostgreSQL error " + code + ")";
  if (code == "54000") throw TooLarge(text);
  throw Broken(text);
}

void Connection::await_input(steady_clock::time_point deadline) {
  while (PQisBusy(handle_) != 0) {
    auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now()).count();
    pollfd socket{.fd = PQsocket(handle_), .events = POLLIN, .revents = 0};
    int ready = left <= 0 ? 0 : ::poll(&socket, 1, static_cast<int>(left));
    if (ready == 0) lose("no answer in time");
    if (ready < 0 && errno != EINTR) lose(std::generic_category().message(errno));
    if (PQconsumeInput(handle_) == 0) lose(first_line(PQerrorMessage(handle_)));
  }
}

// The first result that is an error, or else the last.
PGresult* Connection::answer() {
  auto deadline = steady_clock::now() + time_max_ + kGrace;
  std::unique_ptr<PGresult, FreeResult> kept;
  for (;;) {
    await_input(deadline);
    std::unique_ptr<PGresult, FreeResult> result(PQgetResult(handle_));
    if (!result) break;
    bool has_failed = kept && PQresultStatus(kept.get()) == PGRES_FATAL_ERROR;
    if (!has_failed) kept = std::move(result);
  }
  if (!kept) lose(first_line(PQerrorMessage(handle_)));
  return kept.release();
}

PGresult* Connection::next_answer() {
  await_input(steady_clock::now() + time_max_ + kGrace);
  return PQgetResult(handle_);
}

std::string Connection::with_dollars(std::string_view sql) {
  std::string text;
  int number = 0;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    if (sql[i] != '?') {
      text += sql[i];
      continue;
    }
    text += '$';
    bool is_numbered = i + 1 < sql.size() && sql[i + 1] >= '0' && sql[i + 1] <= '9';
    if (!is_numbered) text += std::to_string(++number);
  }
  return text;
}

void Connection::execute(std::string const& sql) {
  if (is_lost_) throw Broken(name_ + ": the connection is lost");
  if (PQsendQuery(handle_, sql.c_str()) == 0) lose(first_line(PQerrorMessage(handle_)));
  std::unique_ptr<PGresult, FreeResult> result(answer());
  if (PQresultStatus(result.get()) == PGRES_FATAL_ERROR) fail_with(result.get());
}

void Connection::forget_oldest() {
  std::string name = prepared_.back().second;
  names_.erase(prepared_.back().first);
  prepared_.pop_back();
  execute("DEALLOCATE " + name);
}

std::string const& Connection::prepared(std::string const& sql, Parameters const& parameters) {
  std::string key = sql;
  for (unsigned type : parameters.types_) key += '\0' + std::to_string(type);
  if (auto known = names_.find(key); known != names_.end()) return *known->second;
  if (prepared_.size() >= kPreparedMax) forget_oldest();
  std::string name = "s" + std::to_string(++last_name_);
  int sent = PQsendPrepare(
      handle_,
      name.c_str(),
      sql.c_str(),
      static_cast<int>(parameters.types_.size()),
      parameters.types_.data()
  );
  if (sent == 0) lose(first_line(PQerrorMessage(handle_)));
  std::unique_ptr<PGresult, FreeResult> result(answer());
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) fail_with(result.get());
  auto const& entry = prepared_.emplace_front(std::move(key), std::move(name));
  names_.emplace(entry.first, &entry.second);
  return entry.second;
}

PGresult* Connection::run(std::string const& sql, Parameters const& parameters) {
  if (is_lost_) throw Broken(name_ + ": the connection is lost");
  std::string const& name = prepared(sql, parameters);
  std::size_t count = parameters.values_.size();
  std::vector<char const*> values(count);
  std::vector<int> lengths(count), formats(count, 1);
  for (std::size_t i = 0; i < count; ++i) {
    auto const& value = parameters.values_[i];
    values[i] = value ? value->data() : nullptr;
    lengths[i] = value ? static_cast<int>(value->size()) : 0;
  }
  int sent = PQsendQueryPrepared(
      handle_,
      name.c_str(),
      static_cast<int>(count),
      values.data(),
      lengths.data(),
      formats.data(),
      1
  );
  if (sent == 0) lose(first_line(PQerrorMessage(handle_)));
  if (!streams_rows_) return answer();
  PQsetSingleRowMode(handle_);
  return next_answer();
}

Transaction::Transaction(Connection& connection) : connection_(connection) {
  connection_.execute("BEGIN");
}

Transaction::~Transaction() {
  if (!open_ || connection_.is_lost_ || PQstatus(connection_.handle_) != CONNECTION_OK) return;
  try {
    connection_.execute("ROLLBACK");
  } catch (Broken const&) {
    // The server has rolled back, or will when it sees that we are gone.
    connection_.is_lost_ = true;
  }
}

void Transaction::commit() {
  connection_.execute("COMMIT");
  open_ = false;
}

}  // namespace keystead::store::postgres

// A PostgreSQL server for this process's tests, started when the first of them asks and ended with
// the process; and fresh databases on it, each with a role of its own. A test fails where the
// server is not installed.
#pragma once

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/postgres/connection.hpp"

namespace keystead::store {

class TestServer {
 public:
  static TestServer& get() {
    static TestServer server;
    return server;
  }

  TestServer(TestServer const&) = delete;
  TestServer& operator=(TestServer const&) = delete;
  ~TestServer() { stop(); }

  postgres::Url url(std::string const& user, std::string const& database) const {
    std::string host;
    for (char c : folder_) host += c == '/' ? "%2F" : std::string(1, c);
    return postgres::Url::parse(Secret("postgresql://" + user + "@" + host + "/" + database))
        .value();
  }

 private:
  // The server ends when its standard input does, so it does not outlive a test that crashes.
  TestServer() {
    std::array<int, 2> input, output;
    if (::pipe2(input.data(), O_CLOEXEC) != 0 || ::pipe2(output.data(), O_CLOEXEC) != 0) {
      throw std::runtime_error("pipe failed");
    }
    auto program = std::string(KEYSTEAD_SOURCE_DIR) + "/tests/postgres/server";
    // The unused cluster is kept beside the test's program, which is in the build folder.
    auto cache = std::filesystem::read_symlink("/proc/self/exe").parent_path().string();
    process_ = ::fork();
    if (process_ == 0) {
      ::dup2(input[0], STDIN_FILENO);
      ::dup2(output[1], STDOUT_FILENO);
      ::execl(program.c_str(), program.c_str(), cache.c_str(), nullptr);
      ::_exit(127);
    }
    ::close(input[0]);
    ::close(output[1]);
    input_ = input[1];
    folder_ = read_line(output[0]);
    ::close(output[0]);
    if (process_ < 0 || folder_.empty()) {
      stop();
      throw std::runtime_error("PostgreSQL did not start; tools/setup test installs it");
    }
  }

  static std::string read_line(int fd) {
    std::string line;
    char c = 0;
    while (::read(fd, &c, 1) == 1 && c != '\n') line += c;
    return line;
  }

  void stop() {
    ::close(input_);
    if (process_ > 0) ::waitpid(process_, nullptr, 0);
  }

  int input_ = -1;
  pid_t process_ = -1;
  std::string folder_;
};

// A database that is owned by a role which may do nothing else. It goes with the server.
class TestDatabase {
 public:
  TestDatabase() : name_("test" + std::to_string(++last())) {
    auto server = as_superuser("postgres");
    server.execute("CREATE ROLE " + name_ + " LOGIN");
    server.execute("CREATE DATABASE " + name_ + " OWNER " + name_);
  }
  TestDatabase(TestDatabase const&) = delete;
  TestDatabase& operator=(TestDatabase const&) = delete;
  std::string const& name() const { return name_; }
  postgres::Url url() const { return TestServer::get().url(name_, name_); }
  // As the role that owns it, whom the walls hold.
  postgres::Connection connect() const { return postgres::Connection(url()); }
  // As one whom they do not.
  postgres::Connection as_superuser() const { return as_superuser(name_); }

 private:
  static postgres::Connection as_superuser(std::string const& database) {
    return postgres::Connection(TestServer::get().url("postgres", database));
  }
  static int& last() {
    static int number = 0;
    return number;
  }

  std::string name_;
};

}  // namespace keystead::store

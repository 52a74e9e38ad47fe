#include "app/admin_client.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string>
#include <utility>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "codec/json.hpp"

namespace keystead::app {
namespace {

namespace json = boost::json;
using Steady = std::chrono::steady_clock;

constexpr std::string_view kSlow = "the server did not answer in time";

std::unexpected<Failure> unavailable(std::string_view what, std::string detail = {}) {
  return fail(Code::unavailable, "admin socket: " + std::string(what), std::move(detail));
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(Descriptor const&) = delete;
  Descriptor& operator=(Descriptor const&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

// False when the deadline has passed.
bool wait_for(int fd, short events, Steady::time_point deadline) {
  while (true) {
    auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Steady::now()).count();
    if (left <= 0) return false;
    pollfd entry{fd, events, 0};
    int ready = ::poll(&entry, 1, static_cast<int>(std::min<long long>(left, 60'000)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

enum class Connected { yes, no_server };

Result<Connected> connect_to(int fd, sockaddr_un const& address, Steady::time_point deadline) {
  while (::connect(fd, reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0) {
    int reason = errno;
    if (reason == ENOENT || reason == ECONNREFUSED) return Connected::no_server;
    if (reason == EINTR) continue;
    // A Unix socket whose backlog is full says EAGAIN, and there is nothing to poll for.
    if (reason != EAGAIN) return unavailable(std::strerror(reason));
    if (Steady::now() >= deadline) return unavailable(kSlow);
    ::usleep(10'000);
  }
  return Connected::yes;
}

Result<void> send_all(int fd, std::string_view bytes, Steady::time_point deadline) {
  while (!bytes.empty()) {
    if (!wait_for(fd, POLLOUT, deadline)) return unavailable(kSlow);
    ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EPIPE || errno == ECONNRESET) {
      return {};  // the server refused early; what it said may still be read
    } else if (errno != EAGAIN && errno != EINTR) {
      return unavailable(std::strerror(errno));
    }
  }
  return {};
}

struct Head {
  int status = 0;
  std::size_t body_begin = 0;
  std::optional<std::size_t> body_size;  // none: up to the end of the connection
};

bool equals_ignoring_case(std::string_view a, std::string_view lower) {
  return std::ranges::equal(a, lower, [](char x, char y) {
    return (x >= 'A' && x <= 'Z' ? static_cast<char>(x - 'A' + 'a') : x) == y;
  });
}

template <class Number>
std::optional<Number> read_digits(std::string_view text) {
  Number value{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || text.front() == '-' || error != std::errc{} ||
      end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

Result<void> read_field(std::string_view line, Head& head) {
  std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return unavailable("a malformed answer");
  std::string_view name = line.substr(0, colon), value = line.substr(colon + 1);
  while (value.starts_with(' ')) value.remove_prefix(1);
  while (value.ends_with(' ')) value.remove_suffix(1);
  if (equals_ignoring_case(name, "transfer-encoding")) return unavailable("a malformed answer");
  if (equals_ignoring_case(name, "content-length")) {
    head.body_size = read_digits<std::size_t>(value);
    if (!head.body_size) return unavailable("a malformed answer");
  }
  return {};
}

// Nothing until the whole head is there.
Result<std::optional<Head>> read_head(std::string_view bytes) {
  constexpr std::size_t kHeadMax = 16U << 10;
  std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) {
    if (bytes.size() > kHeadMax) return unavailable("a malformed answer");
    return std::nullopt;
  }
  Head head;
  head.body_begin = end + 4;
  std::string_view rest = bytes.substr(0, end + 2);
  std::string_view line = rest.substr(0, rest.find("\r\n"));
  auto status = line.size() >= 12 && line.starts_with("HTTP/1.1 ")
                    ? read_digits<int>(line.substr(9, 3))
                    : std::nullopt;
  if (!status) return unavailable("a malformed answer");
  head.status = *status;
  while (true) {
    rest.remove_prefix(line.size() + 2);
    if (rest.empty()) return head;
    line = rest.substr(0, rest.find("\r\n"));
    TRY(read_field(line, head));
  }
}

enum class Arrived { some, end };

Result<Arrived> receive_some(int fd, std::string& bytes, Steady::time_point deadline) {
  std::array<char, 16384> chunk;
  while (true) {
    if (!wait_for(fd, POLLIN, deadline)) return unavailable(kSlow);
    ssize_t got = ::recv(fd, chunk.data(), chunk.size(), 0);
    if (got > 0) {
      bytes.append(chunk.data(), static_cast<std::size_t>(got));
      return Arrived::some;
    }
    if (got == 0) return Arrived::end;
    if (errno != EAGAIN && errno != EINTR) return unavailable(std::strerror(errno));
  }
}

Result<AdminAnswer> receive(int fd, Steady::time_point deadline, std::size_t response_max) {
  std::string bytes;
  std::optional<Head> head;
  while (true) {
    if (!head) head = TRY(read_head(bytes));
    if (head && head->body_size && bytes.size() - head->body_begin >= *head->body_size) break;
    Arrived arrived = TRY(receive_some(fd, bytes, deadline));
    if (bytes.size() > response_max) return unavailable("the answer is too large");
    if (arrived == Arrived::some) continue;
    if (!head || head->body_size) return unavailable("the server ended the connection");
    break;
  }
  std::string_view body = std::string_view(bytes).substr(head->body_begin);
  if (head->body_size) body = body.substr(0, *head->body_size);
  auto value = codec::parse_json(body);
  if (!value) return unavailable("an answer that is not JSON", value.error().public_text);
  return AdminAnswer{head->status, std::move(*value)};
}

std::string write_request(std::string_view command, json::object const& arguments) {
  std::string body = codec::to_text(json::object{{"command", command}, {"arguments", arguments}});
  return "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
         "application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

}  // namespace

Result<std::optional<AdminAnswer>> ask_server(
    std::filesystem::path const& socket,
    std::string_view command,
    json::object const& arguments,
    AdminLimits const& limits
) {
  auto deadline = Steady::now() + limits.deadline;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::string path = socket.string();
  if (path.size() >= sizeof address.sun_path) {
    return unavailable(
        "its path is longer than " + std::to_string(sizeof address.sun_path - 1) + " bytes"
    );
  }
  std::ranges::copy(path, address.sun_path);

  Descriptor fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (fd.get() < 0) return unavailable(std::strerror(errno));
  if (TRY(connect_to(fd.get(), address, deadline)) == Connected::no_server) return std::nullopt;
  TRY(send_all(fd.get(), write_request(command, arguments), deadline));
  return TRY(receive(fd.get(), deadline, limits.response_max));
}

}  // namespace keystead::app

#include "net/listener.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/connection.hpp"
#include "net/drained_read.hpp"

namespace keystead::net {
namespace {

using boost::system::error_code;

// When there are no descriptors left, connections wait in the kernel until some have ended.
constexpr std::chrono::milliseconds kPauseWhenFull{50};

std::unexpected<Failure> cannot_listen(std::string const& where, std::string const& why) {
  return fail(Code::unavailable, "cannot listen on " + where + ": " + why);
}

std::string text_of(asio::ip::tcp::endpoint const& endpoint) {
  auto address = endpoint.address().to_string();
  if (endpoint.address().is_v6()) address = "[" + address + "]";
  return address + ":" + std::to_string(endpoint.port());
}

error_code last_error() {
  return {errno, boost::system::system_category()};
}

error_code share_port(int socket) {
  int const on = 1;
  int result = ::setsockopt(socket, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  return result == 0 ? error_code() : last_error();
}

asio::ip::address plain_address(asio::ip::address const& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  }
  return address;
}

PeerSlots::Key key_of(asio::ip::address const& address) {
  if (address.is_v4()) return {false, address.to_v4().to_uint()};
  auto bytes = address.to_v6().to_bytes();
  std::uint64_t network = 0;
  std::memcpy(&network, bytes.data(), sizeof network);
  return {true, network};
}

template <class Acceptor>
error_code open_acceptor(Acceptor& acceptor, auto const& endpoint, auto&& set_up) {
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) set_up(acceptor, error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  return error;
}

bool somebody_answers(asio::local::stream_protocol::endpoint const& endpoint) {
  asio::io_context context;
  asio::local::stream_protocol::socket probe(context);
  error_code error;
  probe.connect(endpoint, error);
  return !error;
}

// Tells a plain client why it is turned away, if its connection takes the answer at once.
void turn_away(Loop& loop, asio::basic_stream_socket<asio::ip::tcp, Executor>& socket, bool tls) {
  loop.state().counters.refused.add();
  if (tls) return;
  std::string answer;
  http::Refusal refusal{503, "There are too many connections."};
  append_problem(answer, refusal, loop.state().standing, Body::sent, Persistence::close);
  ::send(socket.native_handle(), answer.data(), answer.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

class TcpListener final : public LoopListener {
 public:
  TcpListener(Loop& loop, TcpAcceptor acceptor, Doorway doorway)
      : loop_(loop), acceptor_(std::move(acceptor)), doorway_(doorway) {}

  void close() override {
    error_code ignored;
    acceptor_.close(ignored);
  }

  Awaitable<> accept() {
    Timer pause(loop_.context());
    while (acceptor_.is_open()) {
      asio::ip::tcp::endpoint peer;
      auto [error, socket] = co_await acceptor_.async_accept(peer, kAwait);
      if (!error) {
        admit(std::move(socket), plain_address(peer.address()));
      } else if (acceptor_.is_open()) {
        pause.expires_after(kPauseWhenFull);
        co_await pause.async_wait(kAwait);
      }
    }
  }

 private:
  void admit(
      asio::basic_stream_socket<asio::ip::tcp, Executor> socket, asio::ip::address const& peer
  ) {
    auto slot = doorway_.slots.take(key_of(peer));
    if (!slot) return turn_away(loop_, socket, doorway_.tls != nullptr);
    std::shared_ptr<TlsContext> tls;
    if (doorway_.tls) tls = doorway_.tls->context();
    start_connection(
        loop_,
        doorway_.handler,
        {Socket(std::move(socket)), peer.to_string(), std::move(slot), std::move(tls)}
    );
  }

  Loop& loop_;
  TcpAcceptor acceptor_;
  Doorway doorway_;
};

class LocalListener final : public LoopListener {
 public:
  LocalListener(Loop& loop, LocalAcceptor acceptor, http::Handler& handler)
      : loop_(loop), acceptor_(std::move(acceptor)), handler_(handler) {
    error_code ignored;
    path_ = acceptor_.local_endpoint(ignored).path();
  }
  ~LocalListener() override { close(); }

  void close() override {
    if (!acceptor_.is_open()) return;
    error_code ignored;
    acceptor_.close(ignored);
    ::unlink(path_.c_str());
  }

  Awaitable<> accept() {
    Timer pause(loop_.context());
    while (acceptor_.is_open()) {
      auto [error, socket] = co_await acceptor_.async_accept(kAwait);
      if (!error) {
        start_connection(loop_, handler_, {Socket(std::move(socket)), "local", {}, {}});
      } else if (acceptor_.is_open()) {
        pause.expires_after(kPauseWhenFull);
        co_await pause.async_wait(kAwait);
      }
    }
  }

 private:
  Loop& loop_;
  LocalAcceptor acceptor_;
  http::Handler& handler_;
  std::string path_;
};

}  // namespace

Result<> check_unused(asio::ip::tcp::endpoint const& endpoint) {
  asio::io_context context;
  TcpAcceptor probe(context);
  auto error = open_acceptor(probe, endpoint, [](TcpAcceptor& acceptor, error_code& failed) {
    acceptor.set_option(asio::socket_base::reuse_address(true), failed);
  });
  if (error) return cannot_listen(text_of(endpoint), error.message());
  return {};
}

Result<TcpAcceptor> listen_tcp(Loop& loop, asio::ip::tcp::endpoint const& endpoint) {
  TcpAcceptor acceptor(loop.context());
  auto error = open_acceptor(acceptor, endpoint, [](TcpAcceptor& opened, error_code& failed) {
    opened.set_option(asio::socket_base::reuse_address(true), failed);
    if (!failed) failed = share_port(opened.native_handle());
    // Linux hands this down to the sockets accepted.
    if (!failed) opened.set_option(asio::ip::tcp::no_delay(true), failed);
    error_code unsupported;
    opened.set_option(TellsWhatIsLeft(true), unsupported);
  });
  if (error) return cannot_listen(text_of(endpoint), error.message());
  return acceptor;
}

Result<LocalAcceptor> listen_local(Loop& loop, std::string const& path) {
  constexpr std::size_t kPathSizeMax = 107;  // of sockaddr_un
  if (path.size() > kPathSizeMax) return cannot_listen(path, "the path is too long for a socket");
  asio::local::stream_protocol::endpoint endpoint(path);
  struct stat file{};
  if (::lstat(path.c_str(), &file) == 0) {
    if (!S_ISSOCK(file.st_mode)) return cannot_listen(path, "it is not a socket");
    if (somebody_answers(endpoint)) return cannot_listen(path, "a server listens there");
    ::unlink(path.c_str());
  }
  LocalAcceptor acceptor(loop.context());
  auto error = open_acceptor(acceptor, endpoint, [](LocalAcceptor& opened, error_code& failed) {
    // Linux makes the file with the mode of the socket, so that it is never open to others, not
    // even for a moment.
    if (::fchmod(opened.native_handle(), 0600) != 0) failed = last_error();
  });
  if (error) return cannot_listen(path, error.message());
  return acceptor;
}

std::unique_ptr<LoopListener> accept_from(Loop& loop, TcpAcceptor acceptor, Doorway doorway) {
  auto listener = std::make_unique<TcpListener>(loop, std::move(acceptor), doorway);
  asio::co_spawn(loop.context(), listener->accept(), asio::detached);
  return listener;
}

std::unique_ptr<LoopListener> accept_from(
    Loop& loop, LocalAcceptor acceptor, http::Handler& handler
) {
  auto listener = std::make_unique<LocalListener>(loop, std::move(acceptor), handler);
  asio::co_spawn(loop.context(), listener->accept(), asio::detached);
  return listener;
}

}  // namespace keystead::net

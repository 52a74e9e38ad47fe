#include "net/connection.hpp"

#include <algorithm>
#include <functional>
#include <type_traits>
#include <utility>

#include "net/asio_tls.hpp"
#include "net/conversation.hpp"
#include "net/drained_read.hpp"

namespace keystead::net {
namespace {

// So much is read and thrown away after a last answer, so that it is not lost to a reset (RFC 9112
// §9.6): many a client reads the answer to a body that is too large only when it has sent all of
// it.
constexpr std::size_t kLingerBytesMax = 16 * 1024 * 1024;

using TlsStream = asio::ssl::stream<Socket>;

template <class Stream>
class Connection final : public LoopConnection, public WorkerPool::Job {
 public:
  Connection(Loop& loop, http::Handler& handler, Stream stream, Arrival arrival)
      : loop_(loop),
        deadlines_(loop.options().deadlines),
        counters_(loop.state().counters),
        tls_(std::move(arrival.tls)),
        stream_(std::move(stream)),
        slot_(std::move(arrival.slot)),
        conversation_(
            loop.options().request, handler, loop.state(), {std::move(arrival.peer), kSecure}
        ) {
    counters_.accepted.add();
    loop_.enter(*this);
  }
  ~Connection() {
    counters_.closed.add();
    loop_.leave(*this);
  }

  Awaitable<> serve();

  void run() override;
  void close_if_idle() override {
    if (waiting_ == Waiting::read && conversation_.phase() == Phase::idle) close();
  }
  void close() override {
    boost::system::error_code ignored;
    socket().close(ignored);
  }

 private:
  static constexpr bool kSecure = std::is_same_v<Stream, TlsStream>;
  enum class Waiting { handshake, read, write, worker, end };

  Awaitable<bool> shake_hands();
  Awaitable<Next> work();
  Awaitable<bool> write_rest(std::size_t written);
  Awaitable<> finish(Next how);
  Awaitable<> linger();

  auto room_for_read() {
    conversation_.rest();
    if constexpr (kSecure) {
      auto room = conversation_.room();
      return asio::buffer(room.data(), room.size());
    } else {
      return DrainedRead(conversation_);
    }
  }
  std::size_t write_at_once();
  void wait_for(Waiting what, TimerWheel::Tick due) {
    waiting_ = what;
    loop_.wheel().set(*this, due);
  }
  void wait_for_bytes();
  TimerWheel::Tick due_of_phase() const;
  bool body_comes_fast_enough() const;
  void on_due() override;

  Socket& socket() {
    if constexpr (kSecure) {
      return stream_.next_layer();
    } else {
      return stream_;
    }
  }

  Loop& loop_;
  Deadlines const& deadlines_;
  LoopCounters& counters_;
  std::shared_ptr<TlsContext> tls_;
  Stream stream_;
  PeerSlots::Slot slot_;
  Conversation conversation_;

  Waiting waiting_ = Waiting::handshake;
  bool overdue_ = false;
  Phase phase_ = Phase::idle;  // and which message's, since when, with how many bytes
  std::uint64_t phase_message_ = 0;
  TimerWheel::Tick phase_since_ = 0;
  std::size_t phase_bytes_ = 0;

  bool worker_found_ = false;
  std::move_only_function<void()> resume_;  // goes on with the coroutine once a worker is done
};

// After each step the answers gathered so far are written, and then Next is done.
template <class Stream>
Awaitable<> Connection<Stream>::serve() {
  if constexpr (kSecure) {
    if (!(co_await shake_hands())) co_return;
  }
  Next next = Next::read;
  while (next != Next::close && next != Next::linger) {
    if (next == Next::read) {
      wait_for_bytes();
      auto [error, count] = co_await stream_.async_read_some(room_for_read(), kAwait);
      if (error) {
        if (!overdue_) co_return;
        next = conversation_.overdue();
      } else {
        counters_.bytes_in.add(count);
        phase_bytes_ += count;
        next = conversation_.received(count);
      }
    } else if (next == Next::work) {
      next = co_await work();
    } else {
      next = conversation_.go_on();
    }
    if (!conversation_.has_output()) continue;
    std::size_t written = write_at_once();
    if (written < conversation_.output().size() && !(co_await write_rest(written))) co_return;
    conversation_.output().clear();
  }
  co_await finish(next);
}

template <class Stream>
Awaitable<bool> Connection<Stream>::shake_hands() {
  wait_for(Waiting::handshake, loop_.after(deadlines_.header));
  if constexpr (kSecure) {
    auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::server, kAwait);
    if (error) counters_.tls_failures.add();
    co_return !error;
  }
  co_return true;
}

// The request stays where it is in the buffer: nothing is read until the worker has answered it.
template <class Stream>
Awaitable<Next> Connection<Stream>::work() {
  wait_for(Waiting::worker, TimerWheel::kNever);
  auto hand_over = [this](auto&& resume) {
    resume_ = std::forward<decltype(resume)>(resume);
    worker_found_ = loop_.workers().submit(*this);
    if (!worker_found_) asio::post(loop_.context(), std::move(resume_));
  };
  co_await asio::async_initiate<asio::use_awaitable_t<Executor> const, void()>(
      hand_over, asio::use_awaitable_t<Executor>()
  );
  co_return worker_found_ ? conversation_.worked() : conversation_.no_worker();
}

template <class Stream>
void Connection<Stream>::run() {
  conversation_.work();
  // From the moment it is posted the coroutine may go on, and end this connection.
  auto& context = loop_.context();
  auto resume = std::move(resume_);
  asio::post(context, std::move(resume));
}

// The kernel nearly always takes an answer at once, and then no operation has to be set up for it.
template <class Stream>
std::size_t Connection<Stream>::write_at_once() {
  if constexpr (kSecure) {
    return 0;
  } else {
    auto const& output = conversation_.output();
    boost::system::error_code would_block;
    auto written = stream_.write_some(asio::buffer(output), would_block);
    counters_.bytes_out.add(written);
    return written;
  }
}

template <class Stream>
Awaitable<bool> Connection<Stream>::write_rest(std::size_t written) {
  auto const& output = conversation_.output();
  while (written < output.size()) {
    wait_for(Waiting::write, loop_.after(deadlines_.write));
    auto rest = asio::buffer(output.data() + written, output.size() - written);
    auto [error, count] = co_await stream_.async_write_some(rest, kAwait);
    if (error) co_return false;
    counters_.bytes_out.add(count);
    written += count;
  }
  co_return true;
}

template <class Stream>
Awaitable<> Connection<Stream>::finish(Next how) {
  wait_for(Waiting::end, loop_.after(deadlines_.linger));
  if constexpr (kSecure) co_await stream_.async_shutdown(kAwait);
  if (how == Next::linger) co_await linger();
}

template <class Stream>
Awaitable<> Connection<Stream>::linger() {
  boost::system::error_code failed;
  socket().shutdown(Socket::shutdown_send, failed);
  std::size_t discarded = 0;
  while (!failed && discarded < kLingerBytesMax) {
    auto room = conversation_.room();
    auto [error, count] =
        co_await socket().async_read_some(asio::buffer(room.data(), room.size()), kAwait);
    failed = error;
    discarded += count;
  }
}

// A head or a body has its deadline from its beginning, however often bytes of it arrive.
template <class Stream>
void Connection<Stream>::wait_for_bytes() {
  Phase phase = conversation_.phase();
  if (phase == Phase::idle || phase != phase_ || phase_message_ != conversation_.message_number()) {
    phase_ = phase;
    phase_message_ = conversation_.message_number();
    phase_since_ = loop_.wheel().now();
    phase_bytes_ = conversation_.unread_size();
  }
  wait_for(Waiting::read, due_of_phase());
}

template <class Stream>
TimerWheel::Tick Connection<Stream>::due_of_phase() const {
  if (phase_ == Phase::head) return loop_.after(phase_since_, deadlines_.header);
  if (phase_ == Phase::body) {
    return std::max(
        loop_.after(phase_since_, std::min(deadlines_.body, deadlines_.body_grace)),
        loop_.wheel().now() + 1
    );
  }
  // Whoever opens a connection has something to say; a stay without a word is for those who said
  // it.
  return loop_.after(phase_since_, phase_message_ == 0 ? deadlines_.header : deadlines_.idle);
}

template <class Stream>
bool Connection<Stream>::body_comes_fast_enough() const {
  auto ticks = loop_.wheel().now() - phase_since_;
  auto passed = deadlines_.tick * static_cast<std::int64_t>(ticks);
  if (passed >= deadlines_.body) return false;
  auto seconds = static_cast<std::size_t>(std::chrono::floor<std::chrono::seconds>(passed).count());
  return phase_bytes_ >= deadlines_.body_rate_min * seconds;
}

// Runs while the coroutine waits. Ending the operation it waits for lets it go on, and it may still
// say 408.
template <class Stream>
void Connection<Stream>::on_due() {
  if (waiting_ != Waiting::read) {
    if (waiting_ != Waiting::end) counters_.timeouts.add();
    close();
    return;
  }
  if (phase_ == Phase::body && body_comes_fast_enough()) {
    loop_.wheel().set(*this, loop_.wheel().now() + 1);
    return;
  }
  overdue_ = true;
  boost::system::error_code ignored;
  socket().cancel(ignored);
}

template <class Stream>
Awaitable<> serve(std::unique_ptr<Connection<Stream>> connection) {
  co_await connection->serve();
}

template <class Stream>
void start(Loop& loop, http::Handler& handler, Stream stream, Arrival arrival) {
  auto connection =
      std::make_unique<Connection<Stream>>(loop, handler, std::move(stream), std::move(arrival));
  asio::co_spawn(loop.context(), serve<Stream>(std::move(connection)), asio::detached);
}

}  // namespace

void start_connection(Loop& loop, http::Handler& handler, Arrival arrival) {
  boost::system::error_code error;
  arrival.socket.non_blocking(true, error);
  if (error) return;
  if (arrival.tls) {
    TlsStream stream(std::move(arrival.socket), arrival.tls->asio);
    start(loop, handler, std::move(stream), std::move(arrival));
  } else {
    Socket socket = std::move(arrival.socket);
    start(loop, handler, std::move(socket), std::move(arrival));
  }
}

}  // namespace keystead::net

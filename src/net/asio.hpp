// The way into Asio for this room; nothing outside it includes this. Sockets name their executor's
// concrete type, which spares every operation a type-erased copy of it.
#pragma once

#define BOOST_ASIO_SEPARATE_COMPILATION

#include <chrono>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace keystead::net {

namespace asio = boost::asio;

using Executor = asio::io_context::executor_type;
template <class T = void>
using Awaitable = asio::awaitable<T, Executor>;

// co_await f(..., kAwait) gives a tuple whose first member is the error code.
inline constexpr asio::as_tuple_t<asio::use_awaitable_t<Executor>> kAwait{};

// TCP and Unix sockets alike, so that there is one connection code for both.
using Socket = asio::basic_stream_socket<asio::generic::stream_protocol, Executor>;
using TcpAcceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;
using LocalAcceptor = asio::basic_socket_acceptor<asio::local::stream_protocol, Executor>;
using Timer = asio::basic_waitable_timer<
    std::chrono::steady_clock,
    asio::wait_traits<std::chrono::steady_clock>,
    Executor>;

}  // namespace keystead::net

// Where connections come in: a TCP port, which every loop listens on for itself, and a Unix socket.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "http/handler.hpp"
#include "net/loop.hpp"
#include "net/peer_slots.hpp"
#include "net/tls.hpp"

namespace keystead::net {

// Fails if somebody else listens there. To be asked first: SO_REUSEPORT, which lets our loops share
// a port, would let us share it with a stranger too.
Result<> check_unused(asio::ip::tcp::endpoint const& endpoint);

// Port 0 takes a free one; the acceptor knows which.
Result<TcpAcceptor> listen_tcp(Loop& loop, asio::ip::tcp::endpoint const& endpoint);

// Creates the socket with mode 0600 whatever the umask allows. Replaces a file that a dead server
// left behind, and fails if a live one listens.
Result<LocalAcceptor> listen_local(Loop& loop, std::string const& path);

struct Doorway {
  http::Handler& handler;
  PeerSlots& slots;
  TlsIdentity const* tls;  // null for plain HTTP
};

// Begins to accept once the loop runs. What the doorway refers to outlives the loop.
std::unique_ptr<LoopListener> accept_from(Loop& loop, TcpAcceptor acceptor, Doorway doorway);
std::unique_ptr<LoopListener> accept_from(
    Loop& loop, LocalAcceptor acceptor, http::Handler& handler
);

}  // namespace keystead::net

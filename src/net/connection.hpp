// A connection: the coroutine that moves bytes between a socket and a Conversation, under
// deadlines. It owns itself and ends with its socket.
#pragma once

#include <memory>
#include <string>

#include "http/handler.hpp"
#include "net/asio.hpp"
#include "net/loop.hpp"
#include "net/peer_slots.hpp"
#include "net/tls.hpp"

namespace keystead::net {

// What a listener hands over.
struct Arrival {
  Socket socket;
  std::string peer;
  PeerSlots::Slot slot;
  std::shared_ptr<TlsContext> tls;  // null for a plain connection
};

// On the loop's thread. `loop` and `handler` outlive the connection.
void start_connection(Loop& loop, http::Handler& handler, Arrival arrival);

}  // namespace keystead::net

// A read that knows whether it has emptied the socket. Asio tries every read at once before it
// waits for one, which for a connection between two requests is a system call for nothing, 3 to 5 %
// of all that a request costs. Linux says with the data how much is left (TCP_INQ; an end of stream
// counts too), so that a read that left nothing lets the next one wait at once.
//
// Asio has no public way to say so. What follows specialises the operation behind async_read_some
// for a buffer type of our own; everybody else's reads are as they were. On a socket that does not
// answer TCP_INQ it behaves as Asio does.
#pragma once

#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "net/asio.hpp"
#include "net/conversation.hpp"

namespace keystead::net {

// Where to read to is asked when there is something to read, so that waiting needs no buffer.
class DrainedRead : public asio::mutable_buffer {
 public:
  explicit DrainedRead(Conversation& conversation)
      : asio::mutable_buffer(&conversation, 1), conversation_(&conversation) {}

  Conversation& conversation() const { return *conversation_; }

 private:
  Conversation* conversation_;
};

// To be set on the listening socket, from which accepted ones have it.
using TellsWhatIsLeft = asio::detail::socket_option::boolean<IPPROTO_TCP, TCP_INQ>;

}  // namespace keystead::net

namespace boost::asio::detail {

template <>
class reactive_socket_recv_op_base<keystead::net::DrainedRead> : public reactor_op {
 public:
  reactive_socket_recv_op_base(
      boost::system::error_code const& success,
      socket_type socket,
      socket_ops::state_type,
      keystead::net::DrainedRead const& buffer,
      socket_base::message_flags flags,
      func_type complete
  )
      : reactor_op(success, &do_perform, complete),
        socket_(socket),
        conversation_(buffer.conversation()),
        flags_(flags) {}

  static status do_perform(reactor_op* base) {
    return static_cast<reactive_socket_recv_op_base*>(base)->read();
  }

 private:
  status read() {
    auto room = conversation_.room();
    iovec part{room.data(), room.size()};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))];
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    ssize_t count;
    do count = ::recvmsg(socket_, &message, flags_);
    while (count < 0 && errno == EINTR);
    if (count < 0) {
      conversation_.rest();
      if (errno == EAGAIN || errno == EWOULDBLOCK) return not_done;
      ec_.assign(errno, boost::system::system_category());
      return done;
    }
    if (count == 0) {
      ec_ = error::eof;
      return done_and_exhausted;
    }
    bytes_transferred_ = static_cast<std::size_t>(count);
    return left(message) == 0 ? done_and_exhausted : done;
  }

  // Bytes, or more than none where it is not known.
  static int left(msghdr& message) {
    cmsghdr const* said = CMSG_FIRSTHDR(&message);
    if (!said || said->cmsg_level != IPPROTO_TCP || said->cmsg_type != TCP_CM_INQ) return 1;
    int bytes;
    std::memcpy(&bytes, CMSG_DATA(said), sizeof bytes);
    return bytes;
  }

  socket_type socket_;
  keystead::net::Conversation& conversation_;
  socket_base::message_flags flags_;
};

}  // namespace boost::asio::detail

// TLS on top of net/asio.hpp, for the files that set it up and speak it.
#pragma once

#include "net/asio.hpp"
// After the above, which says how Asio is compiled.
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

namespace keystead::net {

struct TlsContext {
  asio::ssl::context asio{asio::ssl::context::tls_server};
};

}  // namespace keystead::net

#include "net/outgoing_connection.hpp"

#include <string>

#include <boost/asio/write.hpp>
#include <openssl/x509.h>

#include "http/fetcher.hpp"

namespace keystead::net {
namespace {

std::unexpected<Failure> failed(std::string_view step, boost::system::error_code error) {
  return http::fetch_failed(std::string(step) + ": " + error.message());
}

}  // namespace

template <class Start>
boost::system::error_code OutgoingConnection::finish(Start start, Deadline until) {
  boost::system::error_code result;
  bool done = false;
  start([&](boost::system::error_code error, auto&&...) {
    result = error;
    done = true;
  });
  context_.restart();
  context_.run_until(until);
  if (done) return result;
  // What was started refers to this frame: it must have ended before we leave.
  boost::system::error_code ignored;
  socket_.close(ignored);
  context_.run();
  return asio::error::timed_out;
}

Result<> OutgoingConnection::connect(std::span<asio::ip::tcp::endpoint const> endpoints) {
  boost::system::error_code error = asio::error::host_not_found;
  for (; !endpoints.empty(); endpoints = endpoints.subspan(1)) {
    auto now = std::chrono::steady_clock::now();
    auto share = (deadline_ - now) / static_cast<int>(endpoints.size());
    boost::system::error_code ignored;
    socket_.close(ignored);
    error = finish(
        [&](auto done) { socket_.async_connect(endpoints.front(), std::move(done)); }, now + share
    );
    if (!error) return {};
  }
  return failed("connecting", error);
}

Result<> OutgoingConnection::secure(Trust const& trust, http::Url const& url) {
  tls_.emplace(socket_, trust.context());
  SSL* handle = tls_->native_handle();
  if (!Trust::expect(handle, url)) return http::fetch_failed("TLS: cannot be set up");
  auto error = finish(
      [&](auto done) { tls_->async_handshake(asio::ssl::stream_base::client, std::move(done)); },
      deadline_
  );
  if (!error) return {};
  long verdict = SSL_get_verify_result(handle);
  if (verdict == X509_V_OK) return failed("TLS", error);
  return http::fetch_failed(std::string("certificate: ") + X509_verify_cert_error_string(verdict));
}

Result<> OutgoingConnection::send(std::string_view bytes) {
  auto error = finish(
      [&](auto done) {
        if (tls_)
          asio::async_write(*tls_, asio::buffer(bytes), std::move(done));
        else
          asio::async_write(socket_, asio::buffer(bytes), std::move(done));
      },
      deadline_
  );
  if (error) return failed("sending", error);
  return {};
}

Result<std::string_view> OutgoingConnection::receive() {
  std::size_t size = 0;
  auto error = finish(
      [&](auto done) {
        auto counted = [&size, done](boost::system::error_code result, std::size_t count) mutable {
          size = count;
          done(result);
        };
        if (tls_)
          tls_->async_read_some(asio::buffer(buffer_), counted);
        else
          socket_.async_read_some(asio::buffer(buffer_), counted);
      },
      deadline_
  );
  if (error == asio::error::eof) return std::string_view();
  if (error) return failed("receiving", error);
  return std::string_view(buffer_.data(), size);
}

}  // namespace keystead::net

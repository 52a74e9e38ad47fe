// Hands mail to a server that sends it on (RFC 5321, RFC 6409): over TLS, which may be left out
// within this machine only, with a name and a password where the operator has set them.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "net/mail_server.hpp"
#include "net/network.hpp"
#include "net/trust.hpp"

namespace keystead::net {

struct SmtpOptions {
  MailServer server;
  std::string user{};  // empty: it is not signed in
  Secret password{};
  std::string ca_file{};  // as in FetcherOptions
  // From the call to the server's last word, but for the name, which the system's resolver looks
  // up as long as it likes.
  std::chrono::milliseconds timeout{15'000};
};

// Addresses, in printable ASCII.
struct Envelope {
  std::string from;
  std::string to;
};

class SmtpClient {
 public:
  // Code::invalid_request names a CA file that cannot be used.
  static Result<std::unique_ptr<SmtpClient>> open(
      SmtpOptions options, std::unique_ptr<Network> network = std::make_unique<SystemNetwork>()
  );

  // Returns when the server has taken the message, whose lines end with CR LF. Code::unavailable if
  // it may be tried again, invalid_request if the server has refused it for good; the private
  // detail says where and why, and never holds the password. Waits; from many threads at once.
  Result<> send(Envelope const& envelope, std::string_view message);

 private:
  SmtpClient(SmtpOptions options, Trust trust, std::unique_ptr<Network> network)
      : options_(std::move(options)), trust_(std::move(trust)), network_(std::move(network)) {}

  Result<std::vector<asio::ip::tcp::endpoint>> find();

  SmtpOptions options_;
  Trust trust_;
  std::unique_ptr<Network> network_;
};

}  // namespace keystead::net

#include "net/smtp_client.hpp"

#include <algorithm>
#include <utility>

#include <openssl/evp.h>

#include "http/fetcher.hpp"
#include "net/outgoing_connection.hpp"
#include "net/smtp_reply.hpp"

namespace keystead::net {
namespace {

// RFC 5321 §4.1.1.1: who we are, for which nobody needs our name.
constexpr std::string_view kHello = "EHLO [127.0.0.1]";

bool is_address(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return c > ' ' && c < '\x7f' && c != '<' && c != '>';
  });
}

std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  auto size = EVP_EncodeBlock(
      reinterpret_cast<unsigned char*>(text.data()),
      reinterpret_cast<unsigned char const*>(bytes.data()),
      static_cast<int>(bytes.size())
  );
  text.resize(static_cast<std::size_t>(size));
  return text;
}

// RFC 5321 §4.5.2: no line of the message is the dot that ends it.
std::string stuffed(std::string_view message) {
  std::string out;
  bool at_line_begin = true;
  for (char c : message) {
    if (at_line_begin && c == '.') out += '.';
    out += c;
    at_line_begin = c == '\n';
  }
  if (!out.ends_with("\r\n")) out += "\r\n";
  return out + ".\r\n";
}

// One message handed over, step by step.
class Handover {
 public:
  Handover(SmtpOptions const& options, Trust const& trust)
      : options_(options),
        trust_(trust),
        connection_(std::chrono::steady_clock::now() + options.timeout) {}

  Result<> run(
      std::span<asio::ip::tcp::endpoint const> endpoints,
      Envelope const& envelope,
      std::string_view message
  ) {
    TRY(connection_.connect(endpoints));
    TRY(greet());
    if (!options_.user.empty()) TRY(sign_in());
    TRY(ask("MAIL", "MAIL FROM:<" + envelope.from + ">", 250));
    TRY(ask("RCPT", "RCPT TO:<" + envelope.to + ">", 250));
    TRY(ask("DATA", "DATA", 354));
    TRY(connection_.send(stuffed(message)));
    TRY(read("the message", 250));
    // It has been taken, whatever the server says to a farewell.
    (void)connection_.send("QUIT\r\n");
    return {};
  }

 private:
  Result<> greet() {
    auto const& server = options_.server;
    if (server.tls() == MailServer::Tls::at_once) {
      TRY(connection_.secure(trust_, server.url()));
    }
    TRY(read("the greeting", 220));
    abilities_ = TRY(ask("EHLO", kHello, 250));
    if (server.tls() == MailServer::Tls::at_once) return {};
    // Whoever sits between could have taken the offer away (RFC 3207 §6).
    if (!abilities_.find("STARTTLS")) {
      if (server.may_be_plain()) return {};
      return http::fetch_failed("the server: offers no STARTTLS");
    }
    TRY(ask("STARTTLS", "STARTTLS", 220));
    TRY(connection_.secure(trust_, server.url()));
    abilities_ = TRY(ask("EHLO", kHello, 250));
    return {};
  }

  Result<> sign_in() {
    std::string const* offer = abilities_.find("AUTH");
    std::string password(options_.password.reveal());
    if (offer && offers(*offer, "PLAIN")) {
      // RFC 4616 §2.
      std::string words = std::string(1, '\0') + options_.user + std::string(1, '\0') + password;
      TRY(ask("AUTH", "AUTH PLAIN " + base64(words), 235));
      return {};
    }
    if (!offer || !offers(*offer, "LOGIN")) {
      return http::fetch_failed("the server: offers neither AUTH PLAIN nor LOGIN");
    }
    TRY(ask("AUTH", "AUTH LOGIN", 334));
    TRY(ask("AUTH", base64(options_.user), 334));
    TRY(ask("AUTH", base64(password), 235));
    return {};
  }

  static bool offers(std::string_view line, std::string_view mechanism) {
    for (auto at = line.find(mechanism); at != std::string_view::npos;
         at = line.find(mechanism, at + 1)) {
      auto end = at + mechanism.size();
      if (at > 0 && line[at - 1] == ' ' && (end == line.size() || line[end] == ' ')) return true;
    }
    return false;
  }

  Result<SmtpReply> ask(std::string_view step, std::string_view line, int expected) {
    TRY(connection_.send(std::string(line) + "\r\n"));
    return read(step, expected);
  }

  Result<SmtpReply> read(std::string_view step, int expected) {
    bool is_whole = false;
    while (!is_whole) {
      auto bytes = TRY(connection_.receive());
      if (bytes.empty()) return http::fetch_failed("the server: has hung up");
      is_whole = TRY(replies_.read(bytes));
    }
    auto reply = replies_.take();
    if (reply.code == expected) return reply;
    auto refused = http::fetch_failed(std::string(step) + ": " + reply.text());
    // RFC 5321 §4.2.1: not to be repeated as it is.
    if (reply.code >= 500) refused.error().code = Code::invalid_request;
    return refused;
  }

  SmtpOptions const& options_;
  Trust const& trust_;
  OutgoingConnection connection_;
  SmtpReplyReader replies_;
  SmtpReply abilities_;
};

}  // namespace

Result<std::unique_ptr<SmtpClient>> SmtpClient::open(
    SmtpOptions options, std::unique_ptr<Network> network
) {
  auto trust = TRY(Trust::open(options.ca_file, Trust::Protocol::none));
  return std::unique_ptr<SmtpClient>(
      new SmtpClient(std::move(options), std::move(trust), std::move(network))
  );
}

Result<> SmtpClient::send(Envelope const& envelope, std::string_view message) {
  if (!is_address(envelope.from) || !is_address(envelope.to)) {
    return fail(Code::invalid_request, "that is not an e-mail address");
  }
  auto endpoints = TRY(find());
  return Handover(options_, trust_).run(endpoints, envelope, message);
}

Result<std::vector<asio::ip::tcp::endpoint>> SmtpClient::find() {
  auto const& url = options_.server.url();
  std::string host(url.host());
  Addresses addresses;
  if (url.host_kind() == http::Url::HostKind::name)
    addresses = TRY(network_->resolve(host));
  else
    addresses = {asio::ip::make_address(host)};
  std::vector<asio::ip::tcp::endpoint> endpoints;
  for (auto const& address : addresses) {
    if (options_.server.may_be_plain() && !address.is_loopback()) {
      return http::fetch_failed(address.to_string() + " is not loopback");
    }
    endpoints.push_back(network_->route({address, url.port()}));
  }
  return endpoints;
}

}  // namespace keystead::net

#include "authn/tickets.hpp"

#include <cstdint>
#include <span>

#include "codec/base64url.hpp"

namespace keystead::authn {
namespace {

// The end, a random number, the user or zeros, and the MAC of those and the purpose.
constexpr std::size_t kTimeSize = 8, kNonceSize = 16, kUserSize = 16;
constexpr std::size_t kBodySize = kTimeSize + kNonceSize + kUserSize;

std::string_view name_of(TicketPurpose purpose) {
  switch (purpose) {
    case TicketPurpose::add_passkey: return "add_passkey";
    case TicketPurpose::sign_in_with_passkey: return "sign_in_with_passkey";
    case TicketPurpose::second_step: return "second_step";
  }
  return "";
}

std::string mac_of(
    std::string_view body, TicketPurpose purpose, std::string_view held, KeyDigester const& digester
) {
  // No key has this digest: a key holds no colon. The body has one length, so that what follows it
  // begins at one place.
  auto message = "ticket:" + std::string(name_of(purpose)) + ":";
  message.append(body).append(held);
  auto mac = digester.digest(message, digester.current_version());
  return {reinterpret_cast<char const*>(mac.data()), mac.size()};
}

std::unexpected<Failure> refuse() {
  return fail(Code::unauthorized, "it took too long, or was done already: begin again");
}

}  // namespace

std::string Tickets::issue(
    TicketPurpose purpose, std::optional<domain::UserId> const& user, std::string_view held
) const {
  auto end =
      static_cast<std::uint64_t>((clock_.now() + kTicketLifetime).time_since_epoch().count());
  std::string body;
  for (int shift = 56; shift >= 0; shift -= 8) body += static_cast<char>(end >> shift & 255);
  body.resize(kTimeSize + kNonceSize);
  random_.fill(std::span(reinterpret_cast<unsigned char*>(&body[kTimeSize]), kNonceSize));
  for (unsigned char byte : user.value_or(domain::UserId()).bytes())
    body += static_cast<char>(byte);
  return codec::base64url_encode(body + mac_of(body, purpose, held, digester_));
}

Result<std::optional<domain::UserId>> Tickets::read(
    std::string_view ticket, TicketPurpose purpose, Held const& held
) const {
  auto bytes = codec::base64url_decode(ticket);
  if (!bytes || bytes->size() != kBodySize + crypto::Digest().size()) return refuse();
  std::string_view body = std::string_view(*bytes).substr(0, kBodySize);
  auto user = body.substr(kTimeSize + kNonceSize);
  auto id = domain::UserId::from(
      std::span(reinterpret_cast<unsigned char const*>(user.data()), user.size())
  );
  auto mac = mac_of(body, purpose, held ? held(id) : std::string(), digester_);
  if (!crypto::equal_constant_time(mac, std::string_view(*bytes).substr(kBodySize))) {
    return refuse();
  }
  std::uint64_t end = 0;
  for (char c : body.substr(0, kTimeSize)) end = end << 8 | static_cast<unsigned char>(c);
  if (clock_.now() >= Time(std::chrono::milliseconds(end))) return refuse();
  if (id == domain::UserId()) return std::nullopt;
  return id;
}

Result<std::optional<domain::UserId>> Tickets::redeem(
    std::string_view ticket, TicketPurpose purpose, Held const& held
) const {
  auto user = TRY(read(ticket, purpose, held));
  if (!TRY(once_.note_event({"ticket", std::string(ticket)}, clock_.now()))) return refuse();
  return user;
}

}  // namespace keystead::authn

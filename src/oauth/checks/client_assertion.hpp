// private_key_jwt (RFC 7523 §2.2, OpenID Connect Core §9): a client proves who it is by a token
// that it signs for this one request.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "domain/client.hpp"
#include "store/once_store.hpp"

namespace keystead::oauth {

class ClientAssertions {
 public:
  // How far its end may lie ahead: for so long its jti must be remembered, and longer it is.
  static constexpr std::chrono::seconds kLifetimeMax{600};

  // `audiences`: the issuer and the endpoint, as the client may name us. The store outlives the
  // object.
  ClientAssertions(std::vector<std::string> audiences, store::OnceStore& once)
      : audiences_(std::move(audiences)), once_(once) {}

  // The client that the assertion says it is of; believed by nobody.
  static std::string claimed_client(std::string_view assertion);

  // Whether it is signed with a key of the client, for us, for a short time, and was not shown
  // before (attack 61). May wait; throws store::Broken.
  bool is_proof(std::string_view assertion, domain::Client const& client, Time now) const;

 private:
  std::vector<std::string> audiences_;
  store::OnceStore& once_;
};

}  // namespace keystead::oauth

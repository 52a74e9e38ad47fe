// private_key_jwt (RFC 7523 §2.2, OpenID Connect Core §9): a client proves who it is by a token
// that it signs for this one request.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "domain/issuer.hpp"
#include "oauth/client_keys.hpp"
#include "store/once_store.hpp"

namespace keystead::oauth {

class ClientAssertions {
 public:
  // How far its end may lie ahead: for so long its jti must be remembered, and longer it is.
  static constexpr std::chrono::seconds kLifetimeMax{600};

  // Both outlive the object.
  ClientAssertions(ClientKeys& keys, store::OnceStore& once) : keys_(keys), once_(once) {}

  // The client that the assertion says it is of; believed by nobody.
  static std::string claimed_client(std::string_view assertion);

  // Whether it is signed with a key of the client, for this issuer or its endpoints alone, for
  // a short time, and was not shown before (attack 61). May wait; throws store::Broken.
  bool is_proof(
      std::string_view assertion,
      domain::Issuer const& issuer,
      domain::Client const& client,
      Time now
  ) const;

 private:
  ClientKeys& keys_;
  store::OnceStore& once_;
};

}  // namespace keystead::oauth

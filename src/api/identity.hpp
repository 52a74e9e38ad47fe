// Who a caller is, told to a service behind another gateway: in headers of its own, and once more
// as a signed statement, which the service can check without trusting the way it came (attack 124).
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "crypto/digest.hpp"
#include "domain/key_kind.hpp"
#include "domain/principal.hpp"
#include "http/response.hpp"

namespace keystead::api {

struct Identity {
  std::string subject = {};           // key:ID
  std::string tenant = {};            // empty for a credential of no tenant
  std::string_view environment = {};  // empty where keys have none
  std::string scopes = {};            // separated by spaces
  Time until = Time::max();           // when the credential expires
};

// `kinds` outlives what it returns.
Identity identity_of(
    domain::Principal const& principal,
    domain::KeyKinds const& kinds,
    domain::ScopeCatalog const& scopes
);

// A JWS in the compact form (RFC 7515 §3.1), signed with HS256, of the type identity+jwt: what
// accepts access tokens must not take it for one (RFC 8725 §3.11). Calls are safe from any thread.
class IdentitySigner {
 public:
  // `issuer` is what the statements say in iss: the public URL.
  IdentitySigner(std::string_view issuer, Secret const& secret, std::chrono::seconds lifetime);

  // Good from `now` for the lifetime, but no longer than the credential.
  std::string sign(Identity const& identity, Time now) const;

 private:
  std::string begin_;  // of the claims
  std::chrono::seconds lifetime_;
  crypto::HmacSha256 sign_;
};

// Adds every one of the identity headers, empty where there is nothing to say: a gateway that
// copies them overwrites whatever the client sent under their names.
void write_identity(Identity const& identity, std::string_view jws, http::Response& response);

}  // namespace keystead::api

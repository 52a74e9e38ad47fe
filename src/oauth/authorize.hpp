// The authorization endpoint's checks (RFC 6749 §4.1.1, OAuth 2.1 §4.1.1): what a browser brings
// from a stranger becomes a request that a person can be asked about, or a refusal.
#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/client.hpp"
#include "oauth/redirect_uri.hpp"
#include "oauth/requested_access.hpp"

namespace keystead::oauth {

// Checked. What is decided later is decided about this, and never about parameters that come in
// again (attack 53).
struct AuthorizationAsked {
  domain::ClientId client;
  std::string redirect_uri;
  std::string state;
  std::string code_challenge;          // S256
  std::vector<std::string> scopes;     // known ones only, one at least where there are any
  std::vector<std::string> resources;  // of one issuer only, one at least
  bool asks_again = false;             // prompt=consent
  std::string key_thumbprint;          // dpop_jkt (RFC 9449 §10); empty: the code is bound to none

  // As domain::AuthorizationRequest keeps it.
  std::string to_text() const;
  // REQUIRES: what to_text() gave.
  static AuthorizationAsked from_text(std::string_view text);
};

struct AuthorizeRefusal {
  std::string_view error;  // RFC 6749 §4.1.2.1, RFC 8707 §2
  std::string text;
  // Where to answer; none before client and address are known to belong together. Then a person is
  // told, and nobody is sent anywhere (attack 44).
  std::optional<RedirectUri> redirect_uri = {};
  std::string state = {};
};

// Whether clients may hand requests in themselves before they send anybody, or must (RFC 9126).
enum class Pushing { none, optional, required };

struct AuthorizeRules {
  AccessRules access;
  std::vector<std::string> redirect_schemes;  // see RedirectUri::parse
  bool heeds_keys = false;  // whether dpop_jkt counts; it is passed over otherwise
  Pushing pushing = Pushing::none;
};

using AuthorizationParameters = std::vector<std::pair<std::string, std::string>>;

// The endpoint is that of `issuer`. Throws what `find_client` throws.
std::expected<AuthorizationAsked, AuthorizeRefusal> check_authorization(
    std::string_view query,
    domain::Issuer const& issuer,
    AuthorizeRules const& rules,
    std::function<Result<domain::Client>(domain::ClientId const&)> const& find_client
);

// The same of what a client has handed in, and has proven to be the one that does.
std::expected<AuthorizationAsked, AuthorizeRefusal> check_pushed_authorization(
    AuthorizationParameters parameters,
    domain::Issuer const& issuer,
    AuthorizeRules const& rules,
    domain::Client const& client
);

// The address with the answer in it: error or code, state, and who answers (RFC 9207, attack 50).
std::string with_error(
    RedirectUri const& redirect_uri,
    std::string_view error,
    std::string_view text,
    std::string_view state,
    std::string_view issuer
);
// REQUIRES: a refusal that may be sent to its client.
std::string with_error(AuthorizeRefusal const& refusal, std::string_view issuer);
std::string with_code(
    RedirectUri const& redirect_uri,
    std::string_view code,
    std::string_view state,
    std::string_view issuer
);

}  // namespace keystead::oauth

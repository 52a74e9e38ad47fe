// Whom a passkey is for (WebAuthn Level 3 §4, "Relying Party"): one host, reached at one origin.
#pragma once

#include <optional>
#include <string>

#include "http/url.hpp"

namespace keystead::authn::webauthn {

struct RelyingParty {
  std::string id;      // the host
  std::string origin;  // as browsers write it: without the scheme's own port
  std::string name;    // what they show
};

// That of the public address. Nothing for a bare IP address: browsers make no passkeys for one.
std::optional<RelyingParty> relying_party_of(http::Url const& url, std::string name);

}  // namespace keystead::authn::webauthn

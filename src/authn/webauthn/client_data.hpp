// What the browser says about a ceremony (WebAuthn Level 3 §5.8.1). The authenticator signs it
// along, so it is what binds a passkey to our pages.
#pragma once

#include <string>
#include <string_view>

#include "authn/webauthn/relying_party.hpp"
#include "base/result.hpp"

namespace keystead::authn::webauthn {

enum class Ceremony { create, get };

// The challenge in client data of this ceremony on a page of our own origin. Whether it is one of
// ours is still to be asked. Code::invalid_request for all else, and for a page inside of another's
// frame.
Result<std::string> read_challenge(
    std::string_view client_data, Ceremony ceremony, RelyingParty const& party
);

}  // namespace keystead::authn::webauthn

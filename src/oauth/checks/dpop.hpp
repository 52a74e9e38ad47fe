// The key that a request for tokens proves, which is what the tokens are then bound to (RFC 9449
// §5).
#pragma once

#include <string>

#include "authn/dpop.hpp"
#include "oauth/checks/client_authentication.hpp"
#include "oauth/token_error.hpp"

namespace keystead::oauth {

// Its thumbprint; empty where none is proven, and none has to be. invalid_dpop_proof for a proof
// that is not good, or that is missing although the server or the client wants one;
// use_dpop_nonce. Without `dpop`, which is null where tokens are bound to nothing, a proof is
// passed over. The proof is spent: one that comes again is none. May wait; throws store::Broken.
TokenResult<std::string> prove_key(
    authn::Dpop const* dpop, TokenCall const& call, ProvenClient const& client
);

}  // namespace keystead::oauth

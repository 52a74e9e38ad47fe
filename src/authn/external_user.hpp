// The user of ours whom another issuer vouches for.
#pragma once

#include <optional>

#include "authn/key_event.hpp"
#include "base/random.hpp"
#include "domain/user.hpp"
#include "jose/verified_jwt.hpp"
#include "store/user_store.hpp"

namespace keystead::authn {

// The subject decides, and nothing else: an address is what somebody typed in at the issuer.
// Whoever is seen for the first time becomes a user, who belongs to no tenant yet. Nothing for a
// subject that cannot be one, and for a user who has ended. Throws store::Broken.
std::optional<domain::User> find_or_create_user(
    store::UserStore& users,
    jose::VerifiedJwt const& jwt,
    Random& random,
    Actor const& actor,
    Time now
);

}  // namespace keystead::authn

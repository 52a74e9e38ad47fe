// Random text that we give out and know again by its digest: 256 bits, of which the database holds
// the HMAC under a version of the pepper. What was given out for one purpose is nothing for
// another.
#pragma once

#include <array>
#include <string_view>

#include "authn/key_digester.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "domain/client.hpp"

namespace keystead::oauth {

enum class SecretPurpose {
  client_secret,
  request,
  pushed_request,
  pushed_page,  // what the name of its page is made of
  code,
  refresh_token,
  refresh_successor,  // what the next refresh token is made of
  device_code,
  user_code,
};

Secret make_secret(Random& random);

// The id of a client that has none of its own: kc_ and 128 random bits. No secret.
domain::ClientId make_client_id(Random& random);

// REQUIRES: a version of digester.versions().
std::array<unsigned char, 32> digest_of(
    SecretPurpose purpose, std::string_view text, authn::KeyDigester const& digester, int version
);

}  // namespace keystead::oauth

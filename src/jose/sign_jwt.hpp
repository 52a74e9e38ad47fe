// Claims → token, of our own.
#pragma once

#include <string>

#include <boost/json/object.hpp>

#include "jose/signing_key.hpp"

namespace keystead::jose {

// A compact JWS (RFC 7515 §7.1). `header` has what is to stand beside alg and kid, most often typ;
// alg and kid are the key's, whatever it says. The claims are taken as they are: their issuer,
// audience and times are the caller's.
std::string sign_jwt(json::object header, json::object const& claims, SigningKey const& key);

}  // namespace keystead::jose

// The members of a JWK, read one kind at a time. Jwk::import puts them together.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include <boost/json/object.hpp>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "jose/jwk.hpp"

namespace keystead::jose {

// All fail with Code::invalid_request.

// That `use` and `key_ops` (RFC 7517 §4.2, §4.3), where they are given, let the key verify.
Result<void> check_purpose(json::object const& members);

// Nothing where there is none; an algorithm that is not done here is a failure.
Result<std::optional<Algorithm>> read_algorithm(json::object const& members);

Result<std::optional<std::string>> read_kid(json::object const& members);

// By `kty`; the private half of a key pair is a failure, in any kind of document.
Result<std::variant<crypto::PublicKey, Secret>> read_key(
    json::object const& members, SecretKeys secret_keys
);

}  // namespace keystead::jose

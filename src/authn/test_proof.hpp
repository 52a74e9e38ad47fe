// Proofs of possession for tests: good ones, and those that are wrong in one thing.
#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/value_from.hpp>

#include "authn/dpop_proof.hpp"
#include "base/id.hpp"
#include "crypto/digest.hpp"
#include "jose/test_token.hpp"

namespace keystead::authn {

inline std::string base64url_sha256(std::string_view text) {
  auto digest = crypto::sha256(text);
  return codec::base64url_encode({reinterpret_cast<char const*>(digest.data()), digest.size()});
}

// A good proof until a member is changed.
struct TestProof {
  TestProof(
      jose::SigningKey const& signing_key,
      std::string_view method,
      std::string_view uri,
      Time now,
      std::string_view access_token = {}
  )
      : key(signing_key),
        header{
            {"typ", "dpop+jwt"},
            {"alg", name_of(key.algorithm())},
            {"jwk", key.verifying_key().to_json()},
        },
        claims{
            {"htm", method},
            {"htu", uri},
            {"iat", std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count()},
        } {
    SystemRandom random;
    claims["jti"] = format_uuid(random_uuid(random));
    if (!access_token.empty()) claims["ath"] = base64url_sha256(access_token);
  }

  std::string text() const { return jose::token_of(header, claims, key); }

  jose::SigningKey key;
  boost::json::object header;
  boost::json::object claims;
};

}  // namespace keystead::authn

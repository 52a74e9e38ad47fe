// POST /api/v1/leaks: keys that somebody found in public, in the format of GitHub's secret scanning
// partner programme. A report is believed when one of the configured reporters signed it; every key
// in it that is ours is revoked before the answer leaves.
#pragma once

#include <map>
#include <string>

#include "api/route.hpp"
#include "authn/key_authority.hpp"
#include "crypto/signature.hpp"

namespace keystead::api {

class LeakReports {
 public:
  // By the identifier that the reporter sends: its public key. `keys` outlives the object.
  LeakReports(
      std::map<std::string, crypto::EcdsaKey, std::less<>> reporters, authn::KeyAuthority& keys
  );

  // The body is [{"token", "type", "url", "source"}]; the answer [{"token_hash", "token_type",
  // "label": "true_positive" | "false_positive"}], with the SHA-256 of the token in base64 for its
  // text. Code::unauthorized for a report that no reporter signed. Asking twice is no failure.
  Result<void> take(RouteCall const& call, http::Response& response) const;

 private:
  Result<void> check_signature(http::Request const& request) const;

  std::map<std::string, crypto::EcdsaKey, std::less<>> reporters_;
  authn::KeyAuthority& keys_;
};

}  // namespace keystead::api

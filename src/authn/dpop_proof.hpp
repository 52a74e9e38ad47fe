// The proof of possession that comes with a request (RFC 9449 §4): a JWT that whoever sends the
// request has just signed, for this request, with the private half of the key that it shows.
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "http/request.hpp"

namespace keystead::authn {

// As it came, with a request; views into that.
struct ShownProof {
  std::string_view text;  // empty if there were several, of which none counts
  std::string_view method;
  std::string_view path;
};

// Nothing for a request without the header DPoP.
std::optional<ShownProof> shown_proof(http::Request const& request);

// What a proof must be made for.
struct DpopTarget {
  std::string_view method;
  std::string uri;  // as http::normal_uri gives it
  // The access token that it comes with; empty where it comes with none, at the token endpoint.
  std::string_view access_token = {};
  std::vector<std::string> nonces = {};  // it has one of these; empty: it needs none
};

// Found good, but for whether it was shown before.
struct DpopProof {
  std::string key;  // RFC 7638: the thumbprint of the key, which `jkt` names
  std::string id;   // what it is known by when it comes again
};

enum class DpopFault {
  invalid_proof,
  use_nonce,  // good, but without a nonce that counts
};

// How far its iat may lie from the time here, both ways.
inline constexpr std::chrono::seconds kProofAgeMax{300};

// The checks of §4.3. What is wrong is for no stranger to learn: one fault stands for all.
std::expected<DpopProof, DpopFault> read_dpop_proof(
    std::string_view text, DpopTarget const& target, Time now
);

}  // namespace keystead::authn

// What a request presents as proof, read strictly: a request that presents two different things is
// refused instead of one of them being chosen (attack 3).
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "domain/key_kind.hpp"
#include "http/request.hpp"

namespace keystead::authn {

struct NoCredential {};

// A key as it was sent; a view into the request.
struct PresentedKey {
  std::string_view text;
};

// What has the form of a token (RFC 7519) and not that of a key; a view into the request.
struct PresentedToken {
  std::string_view text;
  bool is_dpop = false;  // whether it came as one that is bound to a key (RFC 9449 §7.1)
  // The thumbprint of the key that was proven with it; empty for none.
  std::string_view proven_key = {};
};

// The cookie of a session; a view into the request.
struct PresentedSession {
  std::string_view text;
};

using Credential = std::variant<NoCredential, PresentedKey, PresentedToken, PresentedSession>;

// The cookie that holds a session.
inline constexpr std::string_view kSessionCookie = "__Host-keystead";

// Empty for none.
std::string_view text_of(Credential const& credential);

// Where keys are accepted, lower case. "authorization" takes `Bearer KEY` (RFC 6750 §2.1); any
// other header takes the bare key.
struct CredentialHeaders {
  std::vector<std::string> names{"authorization", "x-api-key"};
  // Of the keys, to know one in a query whatever its name is there; may be null. Outlives this.
  domain::KeyKinds const* kinds = nullptr;
  bool tokens = false;  // whether Authorization takes tokens, too
  bool dpop = false;    // whether it takes them with the scheme DPoP
};

// Whether the cookie of a session counts: never where other sites' pages could make a browser
// present it (attacks 79, 80), which is for the caller to see to.
enum class Cookies { ignored, accepted };

// Code::invalid_request if a credential comes twice, in two headers that disagree, in a header and
// a cookie, in a list, or in the query (attacks 3 and 4). Code::unauthorized for an Authorization
// header of another scheme. An absent credential is no failure.
Result<Credential> read_credential(
    http::Request const& request,
    CredentialHeaders const& headers,
    Cookies cookies = Cookies::ignored
);

}  // namespace keystead::authn

// What a client says about itself: to the registration endpoint (RFC 7591), or in the document at
// its client_id. It is a stranger's word. What is not known here is ignored; what would widen
// anything is cut down to what is allowed (attack 63); an address that is none is refused (attack
// 42).
#pragma once

#include <expected>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "domain/client.hpp"

namespace keystead::oauth {

// What a client may be that nobody vouches for.
struct ClientRules {
  std::vector<domain::ClientAuth> auths;  // the first is that of a client that names none
  std::vector<domain::GrantType> grant_types;
  std::vector<std::string> redirect_schemes;  // see RedirectUri::parse
  bool takes_jwks_uri = false;                // whether its keys may be at an address
  bool heeds_keys = false;                    // whether dpop_bound_access_tokens counts (RFC 9449)
  bool takes_pushed = false;  // whether requests may be pushed, and so a client may insist on it
};

// What is wrong. It names the member, and repeats nothing of its value.
struct MetadataFault {
  bool is_redirect_uri = false;  // RFC 7591 §3.2.2 has an error of its own for these
  std::string text;
};

// The parts of the client that it tells about itself. It may ask for every scope: what it gets is
// what a person approves.
std::expected<domain::Client, MetadataFault> read_client_metadata(
    boost::json::object const& document, ClientRules const& rules
);

// Whether the client has told that all its authorization requests are pushed (RFC 9126 §6).
bool requires_pushed_requests(domain::Client const& client);

}  // namespace keystead::oauth

// The names that only we may speak under, and the ways in which a client tries to do so as well.
#pragma once

#include "base/result.hpp"
#include "http/request.hpp"

namespace keystead::api {

// Code::invalid_request if the request carries
//
// - an identity header spelt with _ or . in place of -, which many frameworks read as the same name
//   and which a gateway that overwrites the exact name leaves alone (attack 115);
// - a Connection header that names one, so that the next hop would drop what the gateway set
//   (attack 114).
//
// The exact names are passed over, whatever their case: the gateway overwrites those.
Result<void> refuse_identity_headers(http::Request const& request);

}  // namespace keystead::api

// A restriction as it is stored: a JSON object that names only what there is.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "domain/restriction.hpp"

namespace keystead::store {

std::string restriction_text(domain::Restriction const& restriction);

// Code::invalid_request for anything that restriction_text does not write: an unknown member would
// be a restriction that is not held to.
Result<domain::Restriction> parse_restriction(std::string_view text);

}  // namespace keystead::store

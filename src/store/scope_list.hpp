// Scopes as they are stored: one text, separated by single spaces, which RFC 6749 §3.3 keeps out of
// their names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace keystead::store {

// Code::invalid_request for a scope that is empty or holds a space or a NUL: it would come back as
// something else.
Result<std::string> join_scopes(std::vector<std::string> const& scopes);

// Writes over the strings that are there, so that reading many rows into one list allocates little.
void split_scopes(std::string_view text, std::vector<std::string>& scopes);

}  // namespace keystead::store

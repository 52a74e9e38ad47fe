// What the REST interface reads and writes: JSON objects whose members are all known.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "base/result.hpp"
#include "http/request.hpp"
#include "http/response.hpp"

namespace keystead::api {

// Code::unsupported_media_type for a body of another kind than application/json.
Result<void> require_json(http::Request const& request);

// An empty body is an object without members. Code::invalid_request names a member that is not
// among `members`, and those that there are.
Result<boost::json::object> read_members(
    std::string_view body, std::initializer_list<std::string_view> members
);

// Null if the member is absent or null, which mean the same: not said.
boost::json::value const* said(boost::json::object const& body, std::string_view name);

// Empty if it is not said. Code::invalid_request if it is no text.
Result<std::string> text_of(boost::json::object const& body, std::string_view name);

// The JSON Schema of an object whose members are these texts; the optional ones may be absent.
boost::json::object texts(
    std::initializer_list<std::string_view> required,
    std::initializer_list<std::string_view> optional = {}
);

// Never to be kept by anybody in between (RFC 6749 §5.1 says so of tokens).
void write_json(http::Response& response, int status, boost::json::value const& value);

}  // namespace keystead::api

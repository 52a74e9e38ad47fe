// Cookies (RFC 6265) as this server reads and sets them.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "http/request.hpp"
#include "http/response.hpp"

namespace keystead::http {

// The value of the cookie; a view into the request. Nothing if it is absent, or comes twice: which
// of two a browser means is anybody's guess.
std::optional<std::string_view> find_cookie(Request const& request, std::string_view name);

// Sets a cookie for this host only, over TLS or on this machine only, out of the reach of scripts,
// and sent along from other sites with links alone (RFC 6265bis §4.1.3.2, attack 110).
// REQUIRES: a name that begins with __Host-, and a value of cookie-octets.
void set_cookie(
    Response& response, std::string_view name, std::string_view value, std::chrono::seconds max_age
);
void clear_cookie(Response& response, std::string_view name);

}  // namespace keystead::http

// Calls as commands to paste into a shell, with the key in $KEY.
#pragma once

#include <string>
#include <string_view>

#include "api/pages.hpp"
#include "api/route.hpp"

namespace keystead::api {

// POST of one JSON-RPC message.
std::string mcp_command(PageParts const& parts, std::string_view message);

// A call of the route. Its body is `body`, or one that its schema takes; ID stands for ids.
std::string rest_command(PageParts const& parts, Route const& route, std::string_view body = {});

}  // namespace keystead::api

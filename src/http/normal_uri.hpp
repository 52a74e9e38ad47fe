// One spelling for the URLs that mean the same resource (RFC 3986 §6.2.2, §6.2.3).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace keystead::http {

// Scheme and host in lower case, no default port, no escape of what need not be escaped, the others
// in upper case, and / for no path; without query and fragment, whatever they hold. Nothing for
// what is no URL as Url reads it.
std::optional<std::string> normal_uri(std::string_view text);

}  // namespace keystead::http

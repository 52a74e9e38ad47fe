// Which addresses are open to the whole internet, by IANA's registries of special-purpose addresses
// (RFC 6890). Everything else may lead into somebody's own network, ours above all.
#pragma once

#include <string_view>

#include "net/asio.hpp"

namespace keystead::net {

// What speaks against taking the address for a public one; empty if nothing does. Of IPv6 only what
// IANA has allotted to the internet (2000::/3) is public, less what carries an IPv4 address within.
std::string_view why_not_public(asio::ip::address const& address);

}  // namespace keystead::net

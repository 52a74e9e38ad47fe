// What a credential is held to beyond its scopes. Most have none of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/address_range.hpp"
#include "domain/client.hpp"
#include "domain/ids.hpp"
#include "domain/rule.hpp"

namespace keystead::domain {

// Of an access token: the grant that it hangs on, and the client that acts by it.
struct Delegation {
  GrantId grant;
  ClientId client;
  // Whether the tenant's own issuer made it: it is good below the tenant's address, and nowhere
  // else.
  bool by_tenant_issuer = false;
};

struct Restriction {
  std::vector<std::string> tools = {};        // the only tools or actions; empty: all
  std::vector<ArgumentLimit> arguments = {};  // wherever a tool takes an argument of the name
  std::vector<AddressRange> addresses = {};   // where it may be used from; empty: anywhere
  std::vector<KeyId> ancestors = {};          // the keys it was narrowed from, the first one first
  std::optional<Delegation> delegation = {};  // of a token only: no key is kept with one
  // The same: of the key pair that each request must prove to have (RFC 9449); empty: of none.
  std::string key_thumbprint = {};

  bool empty() const {
    return tools.empty() && arguments.empty() && addresses.empty() && ancestors.empty();
  }
};

}  // namespace keystead::domain

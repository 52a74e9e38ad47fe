// What a credential is held to beyond its scopes. Most have none of it.
#pragma once

#include <string>
#include <vector>

#include "domain/address_range.hpp"
#include "domain/ids.hpp"
#include "domain/rule.hpp"

namespace keystead::domain {

struct Restriction {
  std::vector<std::string> tools = {};        // the only tools or actions; empty: all
  std::vector<ArgumentLimit> arguments = {};  // wherever a tool takes an argument of the name
  std::vector<AddressRange> addresses = {};   // where it may be used from; empty: anywhere
  std::vector<KeyId> ancestors = {};          // the keys it was narrowed from, the first one first

  bool empty() const {
    return tools.empty() && arguments.empty() && addresses.empty() && ancestors.empty();
  }
};

}  // namespace keystead::domain

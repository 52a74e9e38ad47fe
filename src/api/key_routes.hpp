// The keys of a tenant over REST: created and ended by whoever may manage them, looked at, narrowed
// and given up by whoever holds them.
#pragma once

#include <string>
#include <vector>

#include "api/key_json.hpp"
#include "api/route.hpp"
#include "authn/key_authority.hpp"

namespace keystead::api {

struct KeyParts {
  std::string path;  // /api/v1/keys
  domain::Action const* read;
  domain::Action const* manage;
  authn::KeyAuthority& keys;
  store::ControlStore& store;
  domain::KeyKinds const& kinds;
  domain::ScopeCatalog const& scopes;
  KeyJson const& json;
  Clock const& clock;
  // Of a key that is made without any; see KeysConfig.
  std::vector<std::string> default_scopes;
  // Writes when keys were used last, before they are listed.
  std::function<void()> note_uses;
};

// What `parts` refers to outlives the routes.
void add_key_routes(std::vector<Route>& routes, KeyParts const& parts);

}  // namespace keystead::api

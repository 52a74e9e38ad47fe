// What pages show of the providers at which people may sign in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/html.hpp"
#include "domain/identity.hpp"

namespace keystead::api {

struct ProviderWay {
  std::string name;
  std::string title;
  std::string issuer;
};

// A way to each, for who then goes on to `next`.
void write_ways(Html& page, std::vector<ProviderWay> const& providers, std::string_view next);

// Which of them are linked to a user who is signed in, with a button for each that is not.
void write_identities(
    Html& page,
    std::vector<ProviderWay> const& providers,
    std::vector<domain::Identity> const& identities,
    std::string_view csrf_token
);

}  // namespace keystead::api

// The providers at which people sign in, as the configuration names them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "api/provider_way.hpp"
#include "app/config/config.hpp"
#include "authn/oidc_provider.hpp"

namespace keystead::app {

// A Failure names the provider whose configuration nothing can be made of. `fetcher` outlives them.
Result<std::vector<std::unique_ptr<authn::OidcProvider>>> open_providers(
    std::vector<ProviderConfig> const& providers,
    std::string const& public_url,
    http::Fetcher& fetcher,
    authn::OidcProvider::Report const& report
);

std::vector<api::ProviderWay> ways_of(std::vector<ProviderConfig> const& providers);

}  // namespace keystead::app

#include "app/sign_in_providers.hpp"

namespace keystead::app {
namespace {

std::string const& title_of(ProviderConfig const& provider) {
  return provider.title.empty() ? provider.name : provider.title;
}

}  // namespace

Result<std::vector<std::unique_ptr<authn::OidcProvider>>> open_providers(
    std::vector<ProviderConfig> const& providers,
    std::string const& public_url,
    http::Fetcher& fetcher,
    authn::OidcProvider::Report const& report
) {
  std::vector<std::unique_ptr<authn::OidcProvider>> opened;
  for (auto const& provider : providers) {
    authn::OidcClient client{
        .name = provider.name,
        .title = title_of(provider),
        .issuer = provider.issuer,
        .client_id = provider.client_id,
        .client_secret = provider.client_secret,
        .scopes = provider.scopes,
        .client_auth = provider.client_auth,
        .redirect_uri = public_url + "/sign-in/callback/" + provider.name,
    };
    auto made = authn::OidcProvider::make(std::move(client), fetcher, report);
    if (!made) {
      return fail(
          made.error().code, "sign_in.providers." + provider.name + ": " + made.error().public_text
      );
    }
    opened.push_back(std::move(*made));
  }
  return opened;
}

std::vector<api::ProviderWay> ways_of(std::vector<ProviderConfig> const& providers) {
  std::vector<api::ProviderWay> ways;
  ways.reserve(providers.size());
  for (auto const& provider : providers) {
    ways.push_back({provider.name, title_of(provider), provider.issuer});
  }
  return ways;
}

}  // namespace keystead::app

// What must hold of the providers at which people sign in.
#include <algorithm>

#include "app/config/checks.hpp"
#include "app/config/field_kinds.hpp"

namespace keystead::app {
namespace {

void check_provider(Reading& in, ProviderConfig const& provider) {
  using authn::ClientAuth;
  std::string path = join(join("sign_in", "providers"), provider.name);
  if (!is_name(provider.name)) in.complain_at(path, kNameForm);
  check_issuer_url(in, join(path, "issuer"), provider.issuer);
  if (provider.client_id.empty()) in.complain_at(path, "\"client_id\" is missing");
  if (std::ranges::find(provider.scopes, "openid") == provider.scopes.end()) {
    in.complain_at(join(path, "scopes"), "openid is missing");
  }
  bool needs_secret = provider.client_auth && *provider.client_auth != ClientAuth::none;
  if (needs_secret && !provider.client_secret) {
    in.complain_at(join(path, "client_auth"), "there is no client_secret to show");
  }
}

}  // namespace

// Two may have one issuer: what is forbidden is only that the code of one goes to another.
void finish_providers(Reading& in, std::vector<ProviderConfig>& providers) {
  std::erase_if(providers, [](auto const& provider) { return !is_issuer_given(provider.issuer); });
  for (auto const& provider : providers) check_provider(in, provider);
}

}  // namespace keystead::app

#include "api/provider_way.hpp"

#include <algorithm>

#include "api/browser.hpp"
#include "codec/percent.hpp"

namespace keystead::api {

void write_ways(Html& page, std::vector<ProviderWay> const& providers, std::string_view next) {
  for (auto const& [name, title, issuer] : providers) {
    page.markup("<p><a class=\"button\" href=\"/sign-in/with/").text(name).markup("?next=");
    page.text(codec::percent_encode(next)).markup("\">Sign in with ").text(title);
    page.markup("</a></p>\n");
  }
}

void write_identities(
    Html& page,
    std::vector<ProviderWay> const& providers,
    std::vector<domain::Identity> const& identities,
    std::string_view csrf_token
) {
  if (providers.empty()) return;
  page.markup("<h2>Other ways to sign in</h2>\n<table>\n");
  for (auto const& [name, title, issuer] : providers) {
    page.markup("<tr><td>").text(title).markup("</td><td>");
    if (std::ranges::find(identities, issuer, &domain::Identity::issuer) != identities.end()) {
      page.markup("linked");
    } else {
      write_button(page, "/account/link/" + name, csrf_token, "Link");
    }
    page.markup("</td></tr>\n");
  }
  page.markup("</table>\n");
}

}  // namespace keystead::api

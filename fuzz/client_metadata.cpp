// What clients say about themselves: what is taken leads to addresses that are read the same way
// again, and holds no right that was not offered.
#include "oauth/client_metadata.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "codec/json.hpp"
#include "oauth/redirect_uri.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace keystead;
  static oauth::ClientRules const kRules{
      {domain::ClientAuth::none, domain::ClientAuth::private_key_jwt},
      {domain::GrantType::authorization_code, domain::GrantType::refresh_token},
      {"cursor"},
      true,
  };
  auto document = codec::parse_json({reinterpret_cast<char const*>(data), size});
  if (!document || !document->is_object()) return 0;
  auto client = oauth::read_client_metadata(document->get_object(), kRules);
  if (!client) {
    require(!client.error().text.empty());
    return 0;
  }
  require(!client->redirect_uris.empty() && !client->grant_types.empty());
  for (auto const& text : client->redirect_uris) {
    auto uri = oauth::RedirectUri::parse(text, kRules.redirect_schemes);
    require(uri && uri->text() == text && uri->admits(*uri) && !uri->place().empty());
  }
  for (auto type : client->grant_types) {
    require(std::ranges::find(kRules.grant_types, type) != kRules.grant_types.end());
  }
  for (char c : client->name) require(static_cast<unsigned char>(c) >= 0x20);
  require(client->jwks.empty() == (client->auth == domain::ClientAuth::none));
  require(!client->secret && !client->tenant);
  return 0;
}

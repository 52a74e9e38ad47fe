// Authorization requests: whatever a query holds, nobody is sent to an address that the client has
// not registered, and what passes is kept and read back as it was; also where the client hands it
// in itself, or the query names what was pushed.
#include "oauth/authorize.hpp"

#include <cstdint>
#include <cstdlib>

#include "codec/percent.hpp"
#include "oauth/pushed_requests.hpp"

namespace {

using namespace keystead;

void require(bool holds) {
  if (!holds) std::abort();
}

// Of the addresses below, the same but for a port.
bool is_registered(std::string_view uri) {
  constexpr std::string_view kLoopback = "http://localhost";
  if (uri == "https://a.example/cb?x=1" || uri == "cursor://a/cb") return true;
  if (!uri.starts_with(kLoopback) || !uri.ends_with("/cb")) return false;
  uri.remove_prefix(kLoopback.size());
  uri.remove_suffix(3);
  if (uri.empty()) return true;
  return uri.starts_with(':') && uri.find_first_not_of("0123456789", 1) == uri.npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  static auto const kScopes =
      domain::ScopeCatalog::make({{"read", "", {}}, {"write", "", {"read"}}}).value();
  static domain::Issuer const kIssuer{"https://ops.example", {"https://ops.example/mcp"}};
  static oauth::AuthorizeRules const kRules{{kScopes, {"read"}, {}}, {"cursor"}, true};
  auto find = [](domain::ClientId const& id) -> Result<domain::Client> {
    if (id.text() != "kc_1") return fail(Code::not_found, "unknown");
    domain::Client client;
    client.id = id;
    client.redirect_uris = {"https://a.example/cb?x=1", "http://localhost/cb", "cursor://a/cb"};
    client.grant_types = {domain::GrantType::authorization_code};
    return client;
  };
  std::string_view query(reinterpret_cast<char const*>(data), size);
  auto pushed = oauth::PushedRequests::read(query);
  require(!pushed || query.contains("request_uri"));
  if (auto pairs = codec::parse_pairs(query)) {
    auto client = find(domain::ClientId("kc_1")).value();
    auto handed_in = oauth::check_pushed_authorization(std::move(*pairs), kIssuer, kRules, client);
    require(!handed_in || is_registered(handed_in->redirect_uri));
  }
  auto asked = oauth::check_authorization(query, kIssuer, kRules, find);
  if (!asked) {
    auto const& refusal = asked.error();
    require(!refusal.error.empty());
    if (!refusal.redirect_uri) return 0;
    require(is_registered(refusal.redirect_uri->text()));
    auto location = oauth::with_error(
        *refusal.redirect_uri, refusal.error, refusal.text, refusal.state, "https://ops.example"
    );
    require(location.starts_with(refusal.redirect_uri->text()));
    for (char c : location) require(c > ' ' && c < 0x7f);
    return 0;
  }
  require(is_registered(asked->redirect_uri));
  require(asked->code_challenge.size() == 43);
  require(asked->key_thumbprint.empty() || asked->key_thumbprint.size() == 43);
  require(!asked->scopes.empty() && asked->resources.size() == 1);
  require(oauth::AuthorizationAsked::from_text(asked->to_text()).to_text() == asked->to_text());
  return 0;
}

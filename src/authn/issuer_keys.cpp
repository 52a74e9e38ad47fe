#include "authn/issuer_keys.hpp"

#include "codec/json.hpp"

namespace keystead::authn {

using Keys = std::shared_ptr<jose::JwkSet const>;

FetchDocument documents_of(http::Fetcher& fetcher) {
  return [&fetcher](std::string const& text, http::Reach reach) -> Result<std::string> {
    auto url = TRY(http::Url::parse(text));
    auto answer = TRY(fetcher.fetch({.url = std::move(url), .reach = reach}));
    if (answer.status == 200) return std::move(answer.body);
    return http::fetch_failed("the answer's status is " + std::to_string(answer.status));
  };
}

std::string discovery_url(std::string_view issuer) {
  if (issuer.ends_with('/')) issuer.remove_suffix(1);
  return std::string(issuer) + "/.well-known/openid-configuration";
}

IssuerKeys::IssuerKeys(Options options)
    : options_(std::move(options)),
      keys_({kFreshFor, kKeptFor, kPause}, [this] { return fetch(); }) {}

jose::JwtResult<jose::VerifiedJwt> IssuerKeys::verify(
    std::string_view token, jose::JwtVerifier const& verifier, Time now
) {
  auto keys = get(now);
  if (!keys) return jose::refuse(jose::JwtFault::unknown_key, "there are no keys of the issuer");
  auto verified = verifier.verify(token, *keys, now);
  if (verified || verified.error().fault != jose::JwtFault::unknown_key) return verified;
  auto newer = newer_than(keys, now);
  return newer ? verifier.verify(token, *newer, now) : std::move(verified);
}

Keys IssuerKeys::fetch() {
  auto place = find_place();
  auto document = place ? options_.fetch(place->url, place->reach) : std::unexpected(place.error());
  if (!document) {
    discovered_.reset();  // it may have moved
    options_.report("its keys cannot be fetched: " + document.error().private_detail);
    return nullptr;
  }
  auto keys = jose::JwkSet::parse(*document);
  if (!keys) {
    options_.report("its keys cannot be read: " + keys.error().public_text);
    return nullptr;
  }
  for (auto const& skipped : keys->skipped()) {
    options_.report("key " + std::to_string(skipped.index) + " is not used: " + skipped.reason);
  }
  return std::make_shared<jose::JwkSet const>(std::move(*keys));
}

Result<IssuerKeys::Place> IssuerKeys::find_place() {
  if (!options_.url.empty()) return Place{options_.url};
  if (discovered_) return *discovered_;
  auto text = options_.fetch(discovery_url(options_.issuer), http::Reach::configured);
  if (!text) {
    std::string base = options_.issuer.substr(0, options_.issuer.find_last_not_of('/') + 1);
    return Place{base + "/.well-known/jwks.json"};
  }
  auto document = codec::parse_json(*text);
  auto const* members = document ? document->if_object() : nullptr;
  auto const* issuer = members ? members->if_contains("issuer") : nullptr;
  auto const* url = members ? members->if_contains("jwks_uri") : nullptr;
  if (!issuer || !issuer->is_string() || !url || !url->is_string()) {
    return fail(Code::unavailable, "", "its discovery document names no issuer or no jwks_uri");
  }
  // §4.3: a document that speaks of another issuer is somebody else's.
  if (std::string_view(issuer->get_string()) != options_.issuer) {
    return fail(Code::unavailable, "", "its discovery document is another issuer's");
  }
  // The operator named the issuer's host, and no other.
  auto here = http::Url::parse(options_.issuer);
  auto there = TRY(http::Url::parse(url->get_string()));
  bool is_same = here && here->origin() == there.origin();
  discovered_ = Place{there.text(), is_same ? http::Reach::configured : http::Reach::public_only};
  return *discovered_;
}

}  // namespace keystead::authn

#include "authn/issuer_keys.hpp"

#include "codec/json.hpp"

namespace keystead::authn {

using Keys = std::shared_ptr<jose::JwkSet const>;

Keys IssuerKeys::find(Keys const& seen, Time now) {
  std::unique_lock lock(mutex_);
  for (;;) {
    bool is_usable = keys_ && now < fetched_at_ + kKeptFor;
    bool is_fresh = is_usable && now < fetched_at_ + kFreshFor;
    if (seen ? is_usable && keys_ != seen : is_fresh) return keys_;
    auto otherwise = is_usable && !seen ? keys_ : nullptr;
    if (is_fetching_) {
      if (otherwise) return otherwise;
      fetched_.wait(lock, [&] { return !is_fetching_; });
      continue;
    }
    // A clock that was set back must not make the pause longer.
    if (tried_at_ && *tried_at_ <= now && now < *tried_at_ + kPause) return otherwise;
    is_fetching_ = true;
    tried_at_ = now;
    lock.unlock();
    auto fetched = fetch();
    lock.lock();
    is_fetching_ = false;
    if (fetched) {
      keys_ = fetched;
      fetched_at_ = now;
    }
    fetched_.notify_all();
  }
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
  auto base = options_.issuer.ends_with('/') ? options_.issuer.substr(0, options_.issuer.size() - 1)
                                             : options_.issuer;
  auto text = options_.fetch(base + "/.well-known/openid-configuration", http::Reach::configured);
  if (!text) return Place{base + "/.well-known/jwks.json"};
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

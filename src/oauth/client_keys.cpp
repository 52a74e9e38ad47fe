#include "oauth/client_keys.hpp"

#include <algorithm>

#include "http/cache_control.hpp"

namespace keystead::oauth {
namespace {

constexpr http::FetchLimits kLimits{.body_bytes_max = 64 * 1024};

jose::JwtResult<jose::VerifiedJwt> no_keys() {
  return jose::refuse(jose::JwtFault::unknown_key, "there are no keys of the client");
}

bool names_no_key(jose::JwtResult<jose::VerifiedJwt> const& verified) {
  return !verified && verified.error().fault == jose::JwtFault::unknown_key;
}

// Room for one who waits, if there was any.
class Room {
 public:
  explicit Room(std::counting_semaphore<>& rooms) : rooms_(rooms), is_mine_(rooms.try_acquire()) {}
  ~Room() {
    if (is_mine_) rooms_.release();
  }
  Room(Room const&) = delete;
  Room& operator=(Room const&) = delete;

  explicit operator bool() const { return is_mine_; }

 private:
  std::counting_semaphore<>& rooms_;
  bool is_mine_;
};

}  // namespace

jose::JwtResult<jose::VerifiedJwt> ClientKeys::verify(
    domain::Client const& client,
    std::string_view assertion,
    jose::JwtVerifier const& verifier,
    Time now
) {
  if (!client.publishes_keys()) {
    auto keys = jose::JwkSet::parse(client.jwks);
    return keys ? verifier.verify(assertion, *keys, now) : no_keys();
  }
  auto url = http::Url::parse(client.jwks);
  if (!url) return no_keys();
  auto place = published(reach_of(client, *url), *url, now);
  auto with = [&](Keys::Value const& keys) {
    return keys ? verifier.verify(assertion, *keys, now) : no_keys();
  };
  auto verified = with(place->fresh(now));
  if (!names_no_key(verified)) return verified;
  auto with_newest = [&] {
    auto keys = place->get(now);
    auto again = with(keys);
    auto newer = keys && names_no_key(again) ? place->newer_than(keys, now) : nullptr;
    return newer ? with(newer) : std::move(again);
  };
  if (client.origin == domain::ClientOrigin::configured) return with_newest();
  Room const room(strangers_);
  return room ? with_newest() : with(place->kept(now));
}

// What an operator has entered, the operator has chosen.
http::Reach ClientKeys::reach_of(domain::Client const& client, http::Url const& url) const {
  bool is_trusted = client.origin == domain::ClientOrigin::configured ||
                    std::ranges::find(trusted_hosts_, url.host()) != trusted_hosts_.end();
  return is_trusted ? http::Reach::configured : http::Reach::public_only;
}

std::shared_ptr<ClientKeys::Keys> ClientKeys::published(
    http::Reach reach, http::Url const& url, Time now
) {
  std::scoped_lock lock(mutex_);
  Place place{reach, url.text()};
  auto found = published_.find(place);
  if (found == published_.end()) {
    if (published_.size() >= kSetsMax) {
      published_.erase(std::ranges::min_element(published_, {}, [](auto const& each) {
        return each.second.used_at;
      }));
    }
    auto fetch = [this, reach, url] { return this->fetch(reach, url); };
    auto keys = std::make_shared<Keys>(Keys::Times{kFreshUnsaid, kKeptFor, kPause}, fetch);
    found = published_.emplace(std::move(place), Published{std::move(keys), now}).first;
  }
  found->second.used_at = now;
  return found->second.keys;
}

ClientKeys::Keys::Fetched ClientKeys::fetch(http::Reach reach, http::Url const& url) {
  http::FetchRequest request{
      .url = url,
      .headers = {{"Accept", "application/jwk-set+json, application/json"}},
      .limits = kLimits,
      .reach = reach,
  };
  auto answer = fetcher_.fetch(request);
  if (!answer || answer->status != 200) return Keys::Value();
  auto keys = jose::JwkSet::parse(answer->body);
  if (!keys || keys->keys().empty()) return Keys::Value();
  auto fresh = http::age_max(answer->find("Cache-Control")).value_or(kFreshUnsaid);
  return {
      std::make_shared<jose::JwkSet const>(std::move(*keys)),
      std::clamp(fresh, kFreshMin, kFreshMax),
  };
}

}  // namespace keystead::oauth

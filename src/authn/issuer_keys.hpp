// The keys that an issuer publishes, kept for as long as they may be trusted.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "authn/refreshed.hpp"
#include "base/result.hpp"
#include "http/fetcher.hpp"
#include "jose/jwk_set.hpp"
#include "jose/jwt_verifier.hpp"

namespace keystead::authn {

// The document at an address; a Failure for anything but 200. May wait for some seconds.
using FetchDocument = std::function<Result<std::string>(std::string const& url, http::Reach reach)>;

// `fetcher` outlives it.
FetchDocument documents_of(http::Fetcher& fetcher);

// Where an issuer describes itself (OpenID Connect Discovery §4.1).
std::string discovery_url(std::string_view issuer);

// Safe from any thread. However many ask, the issuer is asked once at a time (attack 23).
class IssuerKeys {
 public:
  // A key that the issuer has withdrawn is refused after this long at most, together with the
  // Standing::trusted_until of what it signed (attack 22).
  static constexpr std::chrono::seconds kFreshFor{300};
  // How long the last good set is used while the issuer cannot be reached (attack 25).
  static constexpr std::chrono::seconds kKeptFor{3600};
  // Between two attempts, whatever tokens say (attack 23).
  static constexpr std::chrono::seconds kPause{12};

  // `url` of the key set; empty: the one that the issuer's discovery document names (OpenID Connect
  // Discovery §4), and where it has none, /.well-known/jwks.json below the issuer. `report` is told
  // why a fetch was no good; `changed` that a set took the place of another.
  struct Options {
    std::string issuer;
    std::string url;
    FetchDocument fetch;
    std::function<void(std::string_view)> report;
  };
  explicit IssuerKeys(Options options);

  // Null if there are none that may be trusted. Fetches what is missing or old; may wait.
  std::shared_ptr<jose::JwkSet const> get(Time now) { return keys_.get(now); }

  // For a token whose key is not in `seen`: a newer set, or null if there is none yet.
  std::shared_ptr<jose::JwkSet const> newer_than(
      std::shared_ptr<jose::JwkSet const> const& seen, Time now
  ) {
    return keys_.newer_than(seen, now);
  }

  // With the keys that there are, and where the token's is not among them, with newer ones.
  jose::JwtResult<jose::VerifiedJwt> verify(
      std::string_view token, jose::JwtVerifier const& verifier, Time now
  );

 private:
  struct Place {
    std::string url;
    http::Reach reach = http::Reach::configured;
  };
  std::shared_ptr<jose::JwkSet const> fetch();
  Result<Place> find_place();

  Options options_;
  std::optional<Place> discovered_;  // only the one that fetches touches it
  Refreshed<jose::JwkSet> keys_;
};

}  // namespace keystead::authn

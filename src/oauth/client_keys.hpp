// The keys with which clients sign their assertions: those that a client gave with its metadata, or
// those that it publishes (jwks_uri, RFC 7591 §2). A client has a say in what is fetched, so the
// rules of attack 66 hold for it as for metadata documents.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <semaphore>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "authn/refreshed.hpp"
#include "domain/client.hpp"
#include "http/fetcher.hpp"
#include "jose/jwk_set.hpp"
#include "jose/jwt_verifier.hpp"

namespace keystead::oauth {

// Safe from any thread. However many ask, a client's server is asked once at a time.
class ClientKeys {
 public:
  // How long published keys are believed: as their server says, but within these.
  static constexpr std::chrono::seconds kFreshMin{60};
  static constexpr std::chrono::seconds kFreshMax{3600};
  static constexpr std::chrono::seconds kFreshUnsaid{300};
  // How long the last good set is used while there is no newer one to be had.
  static constexpr std::chrono::seconds kKeptFor{3600};
  // Between two attempts, whatever assertions say.
  static constexpr std::chrono::seconds kPause{60};
  // Of clients at once; the one that has waited longest makes room.
  static constexpr std::size_t kSetsMax = 1'024;

  // Who waits at once for keys of clients that nobody vouches for. Whoever comes beyond that is
  // judged by what is there (attack 87).
  static constexpr std::ptrdiff_t kAtOnce = 2;

  // `trusted_hosts` are the operator's own, which need not be public. The fetcher outlives the
  // object.
  ClientKeys(std::vector<std::string> trusted_hosts, http::Fetcher& fetcher)
      : trusted_hosts_(std::move(trusted_hosts)), fetcher_(fetcher) {}

  // With the keys that the client has, and where the one that is named is not among those that it
  // publishes, with newer ones. May wait.
  jose::JwtResult<jose::VerifiedJwt> verify(
      domain::Client const& client,
      std::string_view assertion,
      jose::JwtVerifier const& verifier,
      Time now
  );

 private:
  using Keys = authn::Refreshed<jose::JwkSet>;
  struct Published {
    std::shared_ptr<Keys> keys;
    Time used_at;
  };
  using Place = std::pair<http::Reach, std::string>;

  http::Reach reach_of(domain::Client const& client, http::Url const& url) const;
  std::shared_ptr<Keys> published(http::Reach reach, http::Url const& url, Time now);
  Keys::Fetched fetch(http::Reach reach, http::Url const& url);

  std::vector<std::string> trusted_hosts_;
  http::Fetcher& fetcher_;
  std::counting_semaphore<> strangers_{kAtOnce};
  std::mutex mutex_;
  std::map<Place, Published> published_;
};

}  // namespace keystead::oauth

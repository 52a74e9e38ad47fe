// The keys that sign our access tokens: kept sealed in the database, read once, and turned by hand
// or by age. A key is published for at least a turn before it signs, so that no request fails for
// want of it.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <vector>

#include "authn/key_digester.hpp"
#include "authn/key_event.hpp"
#include "base/random.hpp"
#include "domain/signing_key.hpp"
#include "jose/signing_keys.hpp"
#include "store/signing_key_store.hpp"

namespace keystead::authn {

// Safe from any thread. Functions may wait for the disk and throw store::Broken.
class TokenKeys {
 public:
  static constexpr std::chrono::days kTurnedEvery{90};

  struct Options {
    jose::Algorithm algorithm = jose::Algorithm::es256;
    std::chrono::seconds token_lifetime{3600};  // of the longest token, with the clock skew
  };
  struct Parts {
    Options options;
    store::SigningKeyStore& store;
    KeyDigester const& digester;
    Clock const& clock;
    Random& random;
  };
  // As they are at one moment, with what they verify.
  struct Snapshot {
    jose::SigningKeys keys;
    jose::JwkSet verifying;
  };

  // What `parts` refers to outlives the object.
  explicit TokenKeys(Parts parts) : parts_(parts) {}

  // Makes the first keys where there are none that can be read and are of the algorithm that is
  // configured now.
  std::shared_ptr<Snapshot const> get();

  // The next key signs from now on, and a fresh one is published as the next.
  Result<void> turn(Actor const& actor);
  // The same for keys that have signed for kTurnedEvery.
  void turn_by_age();

 private:
  struct Stored {
    std::vector<domain::SigningKey> records;
    std::optional<jose::SigningKeys> keys;  // none: there are none that sign
    Time turned_at{};
  };
  Stored read() const;
  std::optional<jose::SigningKey> open(domain::SigningKey const& record) const;
  domain::SigningKey record_of(jose::SigningKey const& key, domain::SigningKey::State state) const;
  jose::SigningKey fresh() const;
  // REQUIRES: mutex_.
  Result<void> replace(Stored const& seen, jose::SigningKeys keys, Actor const& actor);
  Result<void> turn(Stored const& seen, Actor const& actor);
  void keep(jose::SigningKeys keys);

  Parts parts_;
  std::mutex mutex_;
  std::shared_ptr<Snapshot const> snapshot_;
};

}  // namespace keystead::authn

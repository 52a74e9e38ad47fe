// The ring: the keys that this node knows, in memory. A key seen before is answered without a lock
// and without an allocation; forgetting a key returns only when no check that could still see it is
// under way.
//
// Readers probe an open-addressing table of atomic pointers while they are pinned to an epoch. A
// writer unlinks an entry, starts the next epoch and waits until no reader is pinned to an older
// one; only then does it free the entry and return. That wait is what makes a revocation complete
// when it is acknowledged.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_map>
#include <variant>
#include <vector>

#include "authn/slab.hpp"
#include "base/clock.hpp"
#include "domain/api_key.hpp"
#include "domain/scope.hpp"
#include "store/control_store.hpp"

namespace keystead::authn {

// What a key, a session or a token stands for: all that a check needs to know. The bearer of a
// token that a client got for itself is its grant.
struct Standing {
  std::variant<domain::KeyId, domain::UserId, domain::GrantId> bearer = domain::KeyId();
  std::optional<domain::TenantId> tenant = {};
  std::uint8_t environment = 0;  // see domain::Principal
  std::uint8_t kind = 0;
  bool manages = true;
  domain::ScopeSet scopes = {};  // with all that they imply
  Time expires_at = Time::max();
  // Of a token: when it has to be verified again, because its issuer may have withdrawn the key
  // that signed it (attack 22).
  Time trusted_until = Time::max();
  std::shared_ptr<domain::Restriction const> restriction = {};  // null for most

  // None of a person's token, nor of a client's.
  domain::KeyId key() const {
    auto const* key = std::get_if<domain::KeyId>(&bearer);
    return key ? *key : domain::KeyId();
  }
  // None of a key, nor of a client.
  std::optional<domain::UserId> user() const {
    auto const* user = std::get_if<domain::UserId>(&bearer);
    return user ? std::optional(*user) : std::nullopt;
  }
};

class Ring {
 public:
  struct Options {
    std::size_t keys_max = 2'000'000;
    // Digests remembered as unknown; rounded up to a power of two.
    std::size_t unknown_max = 65'536;
    std::chrono::seconds unknown_for{5};
  };
  using Load = std::function<std::optional<Standing>()>;
  enum class Memory { known, unknown, none };

  explicit Ring(Options options);
  ~Ring();
  Ring(Ring const&) = delete;
  Ring& operator=(Ring const&) = delete;

  // Memory only. known fills `standing`; unknown means that the store was asked a moment ago and
  // did not have it; none means that the store must be asked. Safe from any thread; never waits.
  Memory find(domain::KeyDigest const& digest, Time now, Standing& standing) noexcept;

  // As find, but asks `load` for what is not remembered: once, however many threads wait for the
  // same digest. What `load` throws is thrown to all of them. May wait.
  std::optional<Standing> find_or_load(domain::KeyDigest const& digest, Time now, Load const& load);

  // Takes in a key that is known to be good. At keys_max the key that was not used for longest (of
  // a few) makes room.
  void admit(domain::KeyDigest const& digest, Standing const& standing);

  // Forgets keys, or all keys of a tenant. When these return, no check under way can still have
  // seen them, and what was being loaded meanwhile is loaded again.
  void forget(std::span<domain::KeyDigest const> digests);
  void forget(domain::KeyDigest const& digest) { forget({&digest, 1}); }
  void forget_tenant(domain::TenantId const& tenant);
  void forget_user(domain::UserId const& user);

  // The same for keys, all that were narrowed from them, and the tokens that stand on any of them,
  // whatever their digests. Looks at every key.
  void forget_families(std::span<domain::KeyId const> keys);
  void forget_family(domain::KeyId const& key) { forget_families({&key, 1}); }
  // The tokens of these grants.
  void forget_grants(std::span<domain::GrantId const> grants);

  // Forgets which digests are unknown: for when a key comes from elsewhere, where somebody may have
  // tried it too early.
  void forget_unknown();

  // The uses since the last call, to be written to the store in one batch.
  std::vector<store::KeyUse> take_uses();

  void reserve(std::size_t keys);
  std::size_t size() const { return size_.load(std::memory_order_relaxed); }
  // Bytes held for keys: table and entries.
  std::size_t memory_bytes() const;

 private:
  struct Entry;
  using OwnedEntry = Slab<Entry>::Owned;
  struct Table;
  struct Flight;
  class Pin;
  struct DigestHash {
    std::size_t operator()(domain::KeyDigest const& digest) const noexcept;
  };
  static constexpr std::size_t kPinCount = 256;
  struct alignas(64) PinSlot {
    std::atomic<std::uint64_t> epoch{0};  // 0: nobody is pinned here
  };

  static Entry* grave();

  void forget_where(std::function<bool(Standing const&)> const& is_meant);

  // What follows wants mutex_ to be held.
  void link(OwnedEntry entry);
  OwnedEntry unlink(domain::KeyDigest const& digest);  // nullptr if it is not there
  OwnedEntry bury(std::size_t slot);
  void make_room();
  void rebuild(std::size_t capacity);

  void wait_for_readers();
  void remember_unknown(domain::KeyDigest const& digest, Time now);
  std::atomic<std::uint64_t>& unknown_slot(domain::KeyDigest const& digest);

  Options options_;
  std::atomic<Table*> table_;
  std::atomic<std::uint64_t> epoch_{1};
  std::array<PinSlot, kPinCount> pins_;
  std::vector<std::atomic<std::uint64_t>> unknown_;
  std::atomic<std::size_t> size_{0};

  mutable std::mutex mutex_;
  Slab<Entry> entries_;
  std::size_t used_slots_ = 0;  // entries and graves
  std::size_t hand_ = 0;        // where the search for room goes on
  std::unordered_map<domain::KeyDigest, std::shared_ptr<Flight>, DigestHash> flights_;
};

}  // namespace keystead::authn

#include "authn/token_keys.hpp"

#include <boost/json/object.hpp>

#include "codec/json.hpp"
#include "crypto/sealed_box.hpp"

namespace keystead::authn {
namespace {

using State = domain::SigningKey::State;

crypto::SealedBox box_of(KeyDigester const& digester, int version) {
  return crypto::SealedBox(digester.digest("signing-keys:", version));
}

domain::AuditEntry turn_event(jose::SigningKeys const& keys, Actor const& actor, Time at) {
  domain::AuditEntry entry;
  entry.at = at;
  entry.event = "signing_keys.turn";
  entry.actor = actor.name;
  entry.subject = "signing_key:" + keys.current.kid();
  entry.request = actor.request;
  entry.detail =
      codec::to_text(boost::json::object{{"algorithm", name_of(keys.current.algorithm())}});
  return entry;
}

}  // namespace

jose::SigningKey TokenKeys::fresh() const {
  return jose::SigningKey::generate(parts_.options.algorithm, parts_.random);
}

std::optional<jose::SigningKey> TokenKeys::open(domain::SigningKey const& record) const {
  auto const& versions = parts_.digester.versions();
  if (std::ranges::find(versions, record.pepper_version) == versions.end()) return std::nullopt;
  auto algorithm = jose::find_algorithm(record.algorithm);
  auto stored = box_of(parts_.digester, record.pepper_version).open(record.sealed, record.kid);
  if (!algorithm || !stored) return std::nullopt;
  auto key = jose::SigningKey::parse(*algorithm, *stored);
  if (!key || key->kid() != record.kid) return std::nullopt;
  return std::move(*key);
}

// A key that cannot be opened is as good as none: its pepper is gone, or somebody else wrote it.
TokenKeys::Stored TokenKeys::read() const {
  Stored stored{.records = parts_.store.list_signing_keys(), .keys = {}};
  std::optional<jose::SigningKey> current, next;
  std::vector<jose::RetiredKey> retired;
  for (auto const& record : stored.records) {
    auto key = open(record);
    if (!key) continue;
    switch (record.state) {
      case State::next: next = std::move(key); break;
      case State::current:
        current = std::move(key);
        stored.turned_at = record.turned_at;
        break;
      case State::retired:
        retired.push_back({std::move(*key), record.retired_until.value_or(Time{})});
        break;
    }
  }
  if (current) {
    stored.keys.emplace(
        jose::SigningKeys{std::move(*current), std::move(next), std::move(retired)}
    );
  }
  return stored;
}

domain::SigningKey TokenKeys::record_of(jose::SigningKey const& key, State state) const {
  domain::SigningKey record;
  record.kid = key.kid();
  record.algorithm = name_of(key.algorithm());
  record.pepper_version = parts_.digester.current_version();
  record.sealed =
      box_of(parts_.digester, record.pepper_version).seal(key.stored(), record.kid, parts_.random);
  record.state = state;
  record.created_at = record.turned_at = parts_.clock.now();
  return record;
}

void TokenKeys::keep(jose::SigningKeys keys) {
  auto verifying = keys.verifying_keys(parts_.clock.now());
  snapshot_ = std::make_shared<Snapshot const>(std::move(keys), std::move(verifying));
}

Result<void> TokenKeys::replace(Stored const& seen, jose::SigningKeys keys, Actor const& actor) {
  std::vector<domain::SigningKey> records{record_of(keys.current, State::current)};
  if (keys.next) records.push_back(record_of(*keys.next, State::next));
  for (auto const& [key, until] : keys.retired) {
    records.push_back(record_of(key, State::retired));
    records.back().retired_until = until;
  }
  auto entry = turn_event(keys, actor, parts_.clock.now());
  TRY(parts_.store.replace_signing_keys(seen.records, records, entry));
  keep(std::move(keys));
  return {};
}

Result<void> TokenKeys::turn(Stored const& seen, Actor const& actor) {
  auto algorithm = parts_.options.algorithm;
  if (!seen.keys) return replace(seen, {fresh(), fresh(), {}}, actor);
  auto before = *seen.keys;
  // A key of another algorithm was published in vain.
  if (before.next && before.next->algorithm() != algorithm) before.next.reset();
  auto turned = before.rotated(fresh(), parts_.clock.now(), parts_.options.token_lifetime);
  if (!turned.next) turned.next = fresh();
  return replace(seen, std::move(turned), actor);
}

std::shared_ptr<TokenKeys::Snapshot const> TokenKeys::get() {
  std::scoped_lock lock(mutex_);
  if (snapshot_) return snapshot_;
  auto stored = read();
  bool is_usable = stored.keys && stored.keys->current.algorithm() == parts_.options.algorithm;
  if (is_usable) {
    keep(std::move(*stored.keys));
  } else if (auto turned = turn(stored, {"keystead", {}, {}}); !turned) {
    throw store::Broken("the signing keys: " + turned.error().public_text);
  }
  return snapshot_;
}

Result<void> TokenKeys::turn(Actor const& actor) {
  std::scoped_lock lock(mutex_);
  return turn(read(), actor);
}

void TokenKeys::turn_by_age() {
  std::scoped_lock lock(mutex_);
  auto stored = read();
  if (stored.keys && parts_.clock.now() - stored.turned_at < kTurnedEvery) {
    keep(std::move(*stored.keys));  // without those whose time is over
    return;
  }
  // A failure means that somebody else has turned them, which is as good.
  static_cast<void>(turn(stored, {"keystead", {}, {}}));
}

}  // namespace keystead::authn

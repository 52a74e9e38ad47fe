#include "authn/key_authority.hpp"

#include <algorithm>

#include "authn/authenticator.hpp"
#include "crypto/digest.hpp"
#include "store/grant_store.hpp"

namespace keystead::authn {
namespace {

constexpr std::chrono::hours kOverlapMax{24 * 36525};

bool has_ended(domain::ApiKey const& key, Time now) {
  return key.revoked_at || (key.expires_at && *key.expires_at <= now);
}

std::vector<domain::KeyDigest> digests_of(std::vector<domain::ApiKey> const& keys) {
  std::vector<domain::KeyDigest> digests;
  digests.reserve(keys.size());
  for (auto const& key : keys) digests.push_back(key.digest);
  return digests;
}

}  // namespace

KeyAuthority::KeyAuthority(
    KeyRules const& rules,
    KeyDigester const& digester,
    store::ControlStore& store,
    Ring& ring,
    Clock const& clock,
    Random& random
)
    : rules_(rules),
      digester_(digester),
      store_(store),
      ring_(ring),
      clock_(clock),
      random_(random) {}

Result<CreatedKey> KeyAuthority::mint(domain::ApiKey terms, Actor const& actor) const {
  auto const& kind = rules_.kinds.all()[rules_.kinds.find(terms.kind)];
  auto minted = TRY(kind.format.mint(random_, terms.environment));
  terms.id = domain::KeyId::mint(random_);
  terms.prefix = minted.prefix;
  terms.pepper_version = digester_.current_version();
  terms.digest = digester_.digest(minted.key.reveal(), terms.pepper_version);
  terms.created_by = actor.name;
  return CreatedKey{std::move(terms), std::move(minted.key)};
}

store::KeyQuota KeyAuthority::quota_of(domain::ApiKey const& key) const {
  return {.active_max = key.tenant ? rules_.active_max : std::nullopt};
}

// The ring is told nothing: the first use of the key asks the store. To take the key in here could
// be to take it in behind a revocation that somebody was faster with (attack 9).
Result<void> KeyAuthority::add(
    domain::ApiKey const& key, std::string_view event, Actor const& actor
) {
  return store_.add_key(key, quota_of(key), key_event(event, key, actor, key.created_at));
}

// Of two levels, data is on the inner one only.
Result<void> KeyAuthority::check_level(std::optional<domain::TenantId> const& id) const {
  if (!rules_.inner_tenants_only || !id) return {};
  auto tenant = store_.find_tenant(*id);
  if (!tenant || tenant->parent) return {};
  return fail(
      Code::invalid_request, "keys belong to the inner level: name a tenant that has a parent"
  );
}

Result<CreatedKey> KeyAuthority::create(NewKey const& wanted, Actor const& actor) {
  auto terms = TRY(on_terms(wanted, rules_, clock_.now()));
  TRY(check_level(wanted.tenant));
  auto created = TRY(mint(std::move(terms), actor));
  TRY(add(created.record, "key.create", actor));
  return created;
}

Result<CreatedKey> KeyAuthority::create_as(
    domain::Principal const& caller, NewKey const& wanted, Actor const& actor
) {
  constexpr std::string_view kEnded = "a key that has ended makes no keys";
  TRY(on_terms(wanted, rules_, clock_.now()));
  if (caller.user()) {
    TRY(check_within(caller, nullptr, wanted, rules_));
    NewKey own = wanted;
    own.owner = caller.user();  // the store sees to it that the owner has not ended meanwhile
    return create(own, actor);
  }
  auto own = store_.find_key(caller.key());
  if (!own || has_ended(*own, clock_.now())) return fail(Code::forbidden, std::string(kEnded));
  TRY(check_within(caller, &*own, wanted, rules_));
  auto created = TRY(create(wanted, actor));
  // Whoever revokes a key that was stolen must not find another one made by it afterwards.
  own = store_.find_key(caller.key());
  if (own && !has_ended(*own, clock_.now())) return created;
  TRY(revoke(created.record.id, actor));
  return fail(Code::forbidden, std::string(kEnded));
}

Result<domain::ApiKey> KeyAuthority::find_living(domain::KeyId const& id, Time now) const {
  auto key = store_.find_key(id);
  if (!key) return fail(Code::not_found, "no such key");
  if (!standing_of(*key, rules_, now)) {
    return fail(Code::conflict, "the key has been revoked or has expired");
  }
  return *key;
}

// All that come from the same first key are counted: were it the children alone, a hundred could
// have a hundred each.
Result<void> KeyAuthority::check_room_below(domain::ApiKey const& child) const {
  auto const& first = child.restriction.ancestors.front();
  auto keys = store_.list_keys(child.tenant);
  auto count = std::ranges::count_if(keys, [&](domain::ApiKey const& key) {
    auto const& ancestors = key.restriction.ancestors;
    return !ancestors.empty() && ancestors.front() == first && !has_ended(key, child.created_at);
  });
  if (static_cast<std::size_t>(count) < kNarrowedKeysMax) return {};
  return fail(Code::conflict, "100 keys that were narrowed from this one live already");
}

Result<CreatedKey> KeyAuthority::narrow(
    domain::KeyId const& parent, Narrowing const& wanted, Actor const& actor
) {
  std::lock_guard lock(narrowing_);
  Time now = clock_.now();
  auto held = TRY(find_living(parent, now));
  auto terms = TRY(narrowed(held, wanted, rules_, now));
  TRY(check_room_below(terms));
  auto created = TRY(mint(std::move(terms), actor));
  TRY(add(created.record, "key.narrow", actor));
  return created;
}

Result<domain::ApiKey> KeyAuthority::revoke(
    domain::KeyId const& id, Actor const& actor, std::string_view event
) {
  Time now = clock_.now();
  auto known = store_.find_key(id);
  domain::ApiKey unreadable;
  unreadable.id = id;
  auto entry = key_event(event, known.value_or(unreadable), actor, now);
  auto ended = TRY(store_.revoke_key(id, now, entry));
  ring_.forget(digests_of(ended));
  // A row whose seal is broken may name another digest than the one that the ring has it under.
  bool all_sealed = std::ranges::all_of(ended, [&](domain::ApiKey const& key) {
    return store_.find_key(key.id).has_value();
  });
  if (!all_sealed || have_grants(ended)) ring_.forget_family(id);
  return ended.front();
}

// Tokens are in the ring under digests of their own.
bool KeyAuthority::have_grants(std::vector<domain::ApiKey> const& keys) const {
  return std::ranges::any_of(keys, [&](domain::ApiKey const& key) {
    return store_.grants().has_grants(key.id);
  });
}

std::optional<domain::ApiKey> KeyAuthority::find(std::string_view key) const {
  for (int version : digester_.versions()) {
    if (auto found = store_.find_key(digester_.digest(key, version))) return found;
  }
  return find_imported(crypto::sha256(key));
}

std::optional<domain::ApiKey> KeyAuthority::find_imported(domain::KeyDigest const& hash) const {
  for (int version : digester_.versions()) {
    if (auto found = store_.find_key(digester_.digest_of_sha256(hash, version))) return found;
  }
  return std::nullopt;
}

Result<CreatedKey> KeyAuthority::rotate(
    domain::KeyId const& id, std::chrono::seconds overlap, Actor const& actor
) {
  if (overlap.count() < 0 || overlap > kOverlapMax) {
    return fail(Code::invalid_request, "the overlap must be between nothing and 100 years");
  }
  Time now = clock_.now();
  auto old_key = TRY(find_living(id, now));
  if (!old_key.restriction.ancestors.empty()) {
    return fail(Code::conflict, "a narrowed key is not rotated; narrow its parent again");
  }
  domain::ApiKey terms = old_key;
  terms.digest_form = domain::DigestForm::of_key;
  terms.created_at = now;
  terms.last_used_at.reset();
  auto created = TRY(mint(std::move(terms), actor));
  auto entry =
      key_event("key.rotate", old_key, actor, now, {{"successor", created.record.id.text()}});
  auto ended = TRY(store_.rotate_key(id, now + overlap, created.record, now, entry));
  ring_.forget(digests_of(ended));
  if (have_grants(ended)) ring_.forget_family(id);
  return created;
}

Result<domain::ApiKey> KeyAuthority::rename(
    domain::KeyId const& id, std::string const& name, Actor const& actor
) {
  TRY(check_name(name));
  auto key = store_.find_key(id);
  if (!key) return fail(Code::not_found, "no such key");
  std::string former = std::exchange(key->name, name);
  auto entry = key_event("key.rename", *key, actor, clock_.now(), {{"former_name", former}});
  return store_.rename_key(id, name, entry);
}

Result<std::vector<domain::TenantId>> KeyAuthority::remove_tenant(
    domain::TenantId const& id, Actor const& actor
) {
  auto tenant = store_.find_tenant(id);
  if (!tenant) return fail(Code::not_found, "no such tenant");
  auto entry = tenant_event("tenant.delete", id, tenant->name, actor, clock_.now());
  auto removed = TRY(store_.remove_tenant(id, entry));
  for (auto const& each : removed) ring_.forget_tenant(each);
  return removed;
}

std::size_t KeyAuthority::fill_ring() {
  Time now = clock_.now();
  store_.each_active_key(now, [&](domain::ApiKey const& key) {
    // An imported key is taken in when it is first used: only then is its own digest known.
    if (key.digest_form != domain::DigestForm::of_key) return;
    if (auto standing = standing_of(key, rules_, now)) ring_.admit(key.digest, *standing);
  });
  return ring_.size();
}

}  // namespace keystead::authn

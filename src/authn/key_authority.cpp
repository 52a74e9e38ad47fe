#include "authn/key_authority.hpp"

#include <algorithm>

#include "authn/authenticator.hpp"
#include "codec/utf8.hpp"

namespace keystead::authn {
namespace {

constexpr std::size_t kNameBytesMax = 200;

Result<void> check_name(std::string_view name) {
  bool printable = std::ranges::none_of(name, [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
  if (name.empty() || name.size() > kNameBytesMax || !printable || !codec::is_utf8(name)) {
    return fail(Code::invalid_request, "a name has 1 to 200 bytes of printable text");
  }
  return {};
}

}  // namespace

KeyAuthority::KeyAuthority(
    domain::KeyFormat const& format,
    KeyDigester const& digester,
    domain::ScopeCatalog const& scopes,
    store::ControlStore& store,
    Ring& ring,
    Clock const& clock,
    Random& random
)
    : format_(format),
      digester_(digester),
      scopes_(scopes),
      store_(store),
      ring_(ring),
      clock_(clock),
      random_(random) {}

Result<CreatedKey> KeyAuthority::mint(NewKey const& wanted) {
  TRY(check_name(wanted.name));
  if (wanted.scopes.empty()) return fail(Code::invalid_request, "a key needs at least one scope");
  TRY(scopes_.resolve(wanted.scopes));
  Time now = clock_.now();
  if (wanted.expires_at && *wanted.expires_at <= now) {
    return fail(Code::invalid_request, "the expiry lies in the past");
  }
  auto minted = TRY(format_.mint(random_, wanted.environment));
  CreatedKey created;
  created.record = {
      .id = domain::KeyId::mint(random_),
      .tenant = wanted.tenant,
      .name = wanted.name,
      .prefix = minted.prefix,
      .environment = wanted.environment,
      .scopes = wanted.scopes,
      .digest = digester_.digest(minted.key.reveal(), digester_.current_version()),
      .pepper_version = digester_.current_version(),
      .created_at = now,
      .expires_at = wanted.expires_at,
      .revoked_at = {},
      .last_used_at = {},
  };
  created.key = std::move(minted.key);
  return created;
}

Result<CreatedKey> KeyAuthority::create(NewKey const& wanted) {
  CreatedKey created = TRY(mint(wanted));
  TRY(store_.add_key(created.record));
  if (auto standing = standing_of(created.record, scopes_, created.record.created_at)) {
    ring_.admit(created.record.digest, *standing);
  }
  return created;
}

Result<domain::ApiKey> KeyAuthority::revoke(domain::KeyId const& id) {
  domain::ApiKey key = TRY(store_.revoke_key(id, clock_.now()));
  ring_.forget(key.digest);
  return key;
}

Result<CreatedKey> KeyAuthority::rotate(domain::KeyId const& id, std::chrono::seconds overlap) {
  auto old_key = store_.find_key(id);
  if (!old_key) return fail(Code::not_found, "no such key");
  Time now = clock_.now();
  if (!standing_of(*old_key, scopes_, now)) {
    return fail(Code::conflict, "the key has been revoked or has expired");
  }
  CreatedKey created = TRY(mint({
      .tenant = old_key->tenant,
      .name = old_key->name,
      .scopes = old_key->scopes,
      .expires_at = old_key->expires_at,
      .environment = old_key->environment,
  }));
  TRY(store_.rotate_key(id, now + overlap, created.record, now));
  ring_.forget(old_key->digest);
  return created;
}

Result<std::vector<domain::TenantId>> KeyAuthority::remove_tenant(domain::TenantId const& id) {
  auto removed = TRY(store_.remove_tenant(id));
  for (auto const& tenant : removed) ring_.forget_tenant(tenant);
  return removed;
}

std::size_t KeyAuthority::fill_ring() {
  Time now = clock_.now();
  store_.each_active_key(now, [&](domain::ApiKey const& key) {
    if (auto standing = standing_of(key, scopes_, now)) ring_.admit(key.digest, *standing);
  });
  return ring_.size();
}

}  // namespace keystead::authn

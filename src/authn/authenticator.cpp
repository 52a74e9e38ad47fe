#include "authn/authenticator.hpp"

namespace keystead::authn {
namespace {

std::unexpected<Failure> refuse() {
  return fail(Code::unauthorized, "A valid credential is required.");
}

}  // namespace

std::optional<Standing> standing_of(
    domain::ApiKey const& key, domain::ScopeCatalog const& scopes, Time now
) {
  if (key.revoked_at || (key.expires_at && *key.expires_at <= now)) return std::nullopt;
  return Standing{
      key.id, key.tenant, scopes.resolve_known(key.scopes), key.expires_at.value_or(Time::max())
  };
}

Authenticator::Authenticator(
    domain::KeyFormat const& format,
    KeyDigester const& digester,
    domain::ScopeCatalog const& scopes,
    store::ControlStore& store,
    Ring& ring,
    Clock const& clock
)
    : format_(format),
      digester_(digester),
      scopes_(scopes),
      store_(store),
      ring_(ring),
      clock_(clock) {}

Result<domain::Principal> Authenticator::judge(Standing const& standing, Time now) const {
  if (standing.expires_at <= now) return refuse();
  return domain::Principal(standing.tenant, standing.key, standing.scopes);
}

std::optional<Result<domain::Principal>> Authenticator::authenticate_from_memory(
    Credential const& credential
) const {
  auto const* presented = std::get_if<PresentedKey>(&credential);
  if (!presented || !format_.fits(presented->text)) return refuse();
  Time now = clock_.now();
  bool all_unknown = true;
  for (int version : digester_.versions()) {
    Standing standing;
    auto memory = ring_.find(digester_.digest(presented->text, version), now, standing);
    if (memory == Ring::Memory::known) return judge(standing, now);
    all_unknown &= memory == Ring::Memory::unknown;
  }
  // The checksum spares the store a search for garbage. Of a key that is known by its digest it
  // says nothing more.
  if (all_unknown || !format_.match(presented->text)) return refuse();
  return std::nullopt;
}

Result<domain::Principal> Authenticator::authenticate(Credential const& credential) const {
  auto const* presented = std::get_if<PresentedKey>(&credential);
  if (!presented || !format_.match(presented->text)) return refuse();
  Time now = clock_.now();
  for (int version : digester_.versions()) {
    auto digest = digester_.digest(presented->text, version);
    auto standing = ring_.find_or_load(digest, now, [&]() -> std::optional<Standing> {
      auto key = store_.find_key(digest);
      return key ? standing_of(*key, scopes_, now) : std::nullopt;
    });
    if (standing) return judge(*standing, now);
  }
  return refuse();
}

}  // namespace keystead::authn

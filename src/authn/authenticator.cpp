#include "authn/authenticator.hpp"

#include <algorithm>

#include "authn/external_tokens.hpp"
#include "authn/own_tokens.hpp"
#include "authn/sessions.hpp"
#include "crypto/digest.hpp"

namespace keystead::authn {
namespace {

// An address that cannot be read is nowhere.
bool may_come_from(domain::Restriction const& restriction, std::string_view text) {
  if (restriction.addresses.empty()) return true;
  auto address = domain::Address::parse(text);
  return address && std::ranges::any_of(restriction.addresses, [&](auto const& range) {
           return range.contains(*address);
         });
}

// Otherwise a token that was stolen is good again as soon as it is sent as a bearer's.
bool is_proven(domain::Restriction const& restriction, std::string_view proven_key) {
  return restriction.key_thumbprint.empty() || restriction.key_thumbprint == proven_key;
}

std::string_view proven_key_of(Credential const& credential) {
  auto const* token = std::get_if<PresentedToken>(&credential);
  return token ? token->proven_key : std::string_view();
}

}  // namespace

std::optional<Standing> standing_of(domain::ApiKey const& key, KeyRules const& rules, Time now) {
  if (key.revoked_at || (key.expires_at && *key.expires_at <= now)) return std::nullopt;
  std::size_t index = rules.kinds.find(key.kind);
  if (index == rules.kinds.all().size()) return std::nullopt;
  domain::KeyKind const& kind = rules.kinds.all()[index];
  auto environment = environment_of(kind, key.environment);
  if (!environment || kind.tenant_bound != key.tenant.has_value()) return std::nullopt;
  return Standing{
      .bearer = key.id,
      .tenant = key.tenant,
      .environment = *environment,
      .kind = static_cast<std::uint8_t>(index),
      .scopes = rules.scopes_of(key.scopes),
      .expires_at = key.expires_at.value_or(Time::max()),
      .restriction = key.restriction.empty()
                         ? nullptr
                         : std::make_shared<domain::Restriction const>(key.restriction),
  };
}

Authenticator::Authenticator(
    KeyRules const& rules,
    KeyDigester const& digester,
    store::ControlStore& store,
    Ring& ring,
    Clock const& clock,
    ExternalTokens* tokens,
    Sessions* sessions,
    OwnTokens* own_tokens
)
    : rules_(rules),
      digester_(digester),
      store_(store),
      ring_(ring),
      clock_(clock),
      tokens_(tokens),
      sessions_(sessions),
      own_tokens_(own_tokens) {}

Result<domain::Principal> Authenticator::judge(
    Standing const& standing, std::string_view proven_key, std::string_view address, Time now
) const {
  if (standing.expires_at <= now) return refusal();
  if (standing.restriction && !is_proven(*standing.restriction, proven_key)) return refusal();
  if (standing.restriction && !may_come_from(*standing.restriction, address)) {
    return fail(Code::forbidden, "This credential may not be used from this address.");
  }
  return domain::Principal(
      standing.tenant,
      standing.key(),
      standing.scopes,
      standing.environment,
      standing.kind,
      standing.expires_at,
      standing.restriction,
      standing.user(),
      standing.manages
  );
}

// The digest of a token that was good once stands in the ring, so that it is verified once, and
// that of a session. Neither is one of a key, because no key has their form.
std::optional<domain::KeyDigest> Authenticator::digest_of_person(
    Credential const& credential
) const {
  auto const* token = std::get_if<PresentedToken>(&credential);
  if (token && (tokens_ || own_tokens_)) {
    return digester_.digest(token->text, digester_.current_version());
  }
  if (auto const* session = std::get_if<PresentedSession>(&credential); session && sessions_) {
    return sessions_->digest(session->text);
  }
  return std::nullopt;
}

std::optional<Standing> Authenticator::verify_token(std::string_view token, Time now) const {
  if (own_tokens_ && own_tokens_->is_claimed(token)) return own_tokens_->verify(token, now);
  return tokens_ ? tokens_->verify(token, now) : std::nullopt;
}

std::optional<Result<domain::Principal>> Authenticator::recall(
    Credential const& credential,
    domain::KeyDigest const& digest,
    std::string_view address,
    Time now
) const {
  Standing standing;
  auto memory = ring_.find(digest, now, standing);
  if (memory == Ring::Memory::unknown) return refusal();
  if (memory == Ring::Memory::none || standing.trusted_until <= now) return std::nullopt;
  return judge(standing, proven_key_of(credential), address, now);
}

Result<domain::Principal> Authenticator::verify(
    Credential const& credential,
    domain::KeyDigest const& digest,
    std::string_view address,
    Time now
) const {
  Standing known;
  if (ring_.find(digest, now, known) == Ring::Memory::known && known.trusted_until <= now) {
    ring_.forget(digest);
  }
  auto standing = ring_.find_or_load(digest, now, [&] {
    auto const* token = std::get_if<PresentedToken>(&credential);
    return token ? verify_token(token->text, now) : sessions_->verify(text_of(credential), now);
  });
  if (!standing) return refusal();
  return judge(*standing, proven_key_of(credential), address, now);
}

std::optional<Result<domain::Principal>> Authenticator::authenticate_from_memory(
    Credential const& credential, std::string_view address
) const {
  if (auto digest = digest_of_person(credential)) {
    return recall(credential, *digest, address, clock_.now());
  }
  auto const* presented = std::get_if<PresentedKey>(&credential);
  if (!presented || !rules_.kinds.fits(presented->text)) return refusal();
  Time now = clock_.now();
  bool all_unknown = true;
  for (int version : digester_.versions()) {
    Standing standing;
    auto memory = ring_.find(digester_.digest(presented->text, version), now, standing);
    if (memory == Ring::Memory::known) return judge(standing, {}, address, now);
    all_unknown &= memory == Ring::Memory::unknown;
  }
  // The checksum spares the store a search for garbage. Of a key that is known by its digest it
  // says nothing more.
  if (all_unknown || !rules_.kinds.match(presented->text)) return refusal();
  return std::nullopt;
}

Result<domain::Principal> Authenticator::authenticate(
    Credential const& credential, std::string_view address, bool* was_issued
) const {
  if (auto digest = digest_of_person(credential)) {
    return verify(credential, *digest, address, clock_.now());
  }
  auto const* presented = std::get_if<PresentedKey>(&credential);
  if (!presented || !rules_.kinds.match(presented->text)) return refusal();
  Time now = clock_.now();
  for (int version : digester_.versions()) {
    auto digest = digester_.digest(presented->text, version);
    auto standing = ring_.find_or_load(digest, now, [&]() -> std::optional<Standing> {
      auto key = load(presented->text, digest, version, now);
      if (!key) return std::nullopt;
      auto found = standing_of(*key, rules_, now);
      if (!found && was_issued) *was_issued = true;
      return found;
    });
    if (standing) return judge(*standing, {}, address, now);
  }
  return refusal();
}

std::optional<domain::ApiKey> Authenticator::load(
    std::string_view text, domain::KeyDigest const& digest, int version, Time now
) const {
  auto key = store_.find_key(digest);
  if (!key && version == digester_.current_version()) key = settle(text, digest, now);
  if (!key || !is_of_its_form(*key, text)) return std::nullopt;
  return key;
}

// The ring forgets keys by the digest that the store has of them. So this one is changed in the
// store before the ring may hear of the key, and what is admitted is read behind the change: a
// revocation that came before it is read here, and one that comes after it finds the new digest.
std::optional<domain::ApiKey> Authenticator::settle(
    std::string_view text, domain::KeyDigest const& digest, Time now
) const {
  // A key that is known under another pepper is settled already; were its hash imported once more,
  // that must not bring it back from its revocation.
  for (int version : digester_.versions()) {
    if (store_.find_key(digester_.digest(text, version))) return std::nullopt;
  }
  auto hash = crypto::sha256(text);
  for (int version : digester_.versions()) {
    auto key = store_.find_key(digester_.digest_of_sha256(hash, version));
    if (!key || key->digest_form != domain::DigestForm::of_sha256) continue;
    if (!is_of_its_form(*key, text) || !standing_of(*key, rules_, now)) return std::nullopt;
    // It fails for a key that was revoked meanwhile, or that another node was faster with.
    static_cast<void>(store_.settle_digest(key->id, digest, digester_.current_version()));
    return store_.find_key(digest);
  }
  return std::nullopt;
}

// An imported record may claim for a key what its own text denies (attack 2).
bool Authenticator::is_of_its_form(domain::ApiKey const& key, std::string_view text) const {
  auto known = rules_.kinds.match(text);
  return known && rules_.kinds.all()[known->kind].name == key.kind &&
         known->parts.environment == key.environment;
}

}  // namespace keystead::authn

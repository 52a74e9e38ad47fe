#include "authn/key_terms.hpp"

#include <algorithm>

#include "codec/utf8.hpp"

namespace keystead::authn {
namespace {

constexpr std::size_t kNameBytesMax = 200;
constexpr std::size_t kAddressesMax = 100;

std::unexpected<Failure> invalid(std::string text) {
  return fail(Code::invalid_request, std::move(text));
}

std::unexpected<Failure> forbidden(std::string text) {
  return fail(Code::forbidden, std::move(text));
}

Result<domain::KeyKind const*> find_kind(std::string const& name, KeyRules const& rules) {
  auto const& kinds = rules.kinds.all();
  std::size_t index = rules.kinds.find(name);
  if (index < kinds.size()) return &kinds[index];
  std::string known;
  for (auto const& kind : kinds) known += (known.empty() ? "" : ", ") + kind.name;
  return invalid("kind must be one of: " + known);
}

Result<void> check_tenant(domain::KeyKind const& kind, NewKey const& wanted) {
  if (kind.tenant_bound && !wanted.tenant) {
    return invalid("a key of kind \"" + kind.name + "\" needs a tenant");
  }
  if (!kind.tenant_bound && wanted.tenant) {
    return invalid("a key of kind \"" + kind.name + "\" is bound to no tenant");
  }
  return {};
}

Result<void> check_scopes(std::vector<std::string> const& names, KeyRules const& rules) {
  TRY(rules.scopes.resolve(names));
  if (names.empty() && !rules.scopeless_is_full && !rules.scopes.all().empty()) {
    return invalid("a key needs at least one scope");
  }
  return {};
}

bool covers(
    std::vector<domain::AddressRange> const& held, std::vector<domain::AddressRange> const& wanted
) {
  if (held.empty()) return true;
  return !wanted.empty() && std::ranges::all_of(wanted, [&](auto const& inner) {
    return std::ranges::any_of(held, [&](auto const& outer) { return outer.contains(inner); });
  });
}

}  // namespace

Result<void> check_name(std::string_view name) {
  bool printable = std::ranges::none_of(name, [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
  if (name.empty() || name.size() > kNameBytesMax || !printable || !codec::is_utf8(name)) {
    return invalid("a name has 1 to 200 bytes of printable text");
  }
  return {};
}

Result<void> check_expiry(std::optional<Time> const& expires_at, Time now) {
  if (expires_at && *expires_at <= now) return invalid("the expiry lies in the past");
  return {};
}

// No names may mean all scopes, also those that the configuration will have one day. Who holds all
// of today by their names does not hold these.
Result<void> check_scopes_within(
    std::vector<std::string> const& wanted,
    std::vector<std::string> const& names_held,
    domain::ScopeSet const& held,
    KeyRules const& rules
) {
  TRY(check_scopes(wanted, rules));
  for (auto const& name : wanted) {
    if (!held.contains(rules.scopes_of({&name, 1}))) {
      return forbidden("a key cannot give the scope \"" + name + "\", which it does not have");
    }
  }
  bool wants_all = wanted.empty() && rules.scopeless_is_full;
  if (wants_all && (!names_held.empty() || !held.contains(rules.scopes_of(wanted)))) {
    return forbidden("a key cannot give all scopes, which it does not have");
  }
  return {};
}

Result<domain::ApiKey> on_terms(NewKey const& wanted, KeyRules const& rules, Time now) {
  TRY(check_name(wanted.name));
  auto const* kind = TRY(find_kind(wanted.kind, rules));
  TRY(check_tenant(*kind, wanted));
  TRY(check_scopes(wanted.scopes, rules));
  TRY(check_expiry(wanted.expires_at, now));
  TRY(kind->format.check_environment(wanted.environment));
  if (wanted.addresses.size() > kAddressesMax) {
    return invalid("a key may have 100 ranges of addresses at most");
  }
  domain::ApiKey key;
  key.tenant = wanted.tenant;
  key.kind = wanted.kind;
  key.name = wanted.name;
  key.owner = wanted.owner;
  key.environment = wanted.environment;
  key.scopes = wanted.scopes;
  key.restriction.addresses = wanted.addresses;
  key.created_at = now;
  key.expires_at = wanted.expires_at;
  return key;
}

Result<void> check_within(
    domain::Principal const& caller,
    domain::ApiKey const* own,
    NewKey const& wanted,
    KeyRules const& rules
) {
  if (caller.delegation()) return forbidden("an access token makes no keys");
  static domain::Restriction const kNone;
  auto const& held = caller.restriction() ? *caller.restriction() : kNone;
  if (!held.ancestors.empty() || !held.tools.empty() || !held.arguments.empty()) {
    return forbidden("a narrowed key makes no keys but narrower ones");
  }
  if (wanted.tenant != caller.tenant()) return forbidden("a key makes keys of its own tenant only");
  std::size_t kind = rules.kinds.find(wanted.kind);
  if (kind != caller.kind()) return forbidden("a key makes keys of its own kind only");
  // The first environment is the one that counts; a key of it may open the others, which are for
  // trying things out, and not the other way round.
  if (caller.environment() != 0 &&
      environment_of(rules.kinds.all()[kind], wanted.environment) != caller.environment()) {
    return forbidden("a key makes keys of its own environment only");
  }
  static std::vector<std::string> const kUnnamed;  // what a person may do is no list of a key
  auto const& names = own ? own->scopes : kUnnamed;
  TRY(check_scopes_within(wanted.scopes, names, caller.scopes(), rules));
  if (!own) return {};
  Time end = std::min(caller.expires_at(), own->expires_at.value_or(Time::max()));
  if (wanted.expires_at.value_or(Time::max()) > end) {
    return forbidden("a key cannot make one that outlives it");
  }
  if (!covers(held.addresses, wanted.addresses)) {
    return forbidden("a key cannot make one for addresses that it may not be used from itself");
  }
  return {};
}

}  // namespace keystead::authn

#include "authn/external_user.hpp"

#include <algorithm>

#include "authn/claim.hpp"
#include "authn/user_event.hpp"

namespace keystead::authn {
namespace {

// A name that cannot be kept is no reason to keep its bearer out.
std::string shown_name(std::string_view name) {
  if (name.contains('\0')) return {};
  auto end = std::min(name.size(), domain::kUserNameBytesMax);
  while (end > 0 && end < name.size() && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) {
    --end;  // not in the middle of a character
  }
  return std::string(name.substr(0, end));
}

}  // namespace

std::optional<domain::User> find_or_create_user(
    store::UserStore& users,
    jose::VerifiedJwt const& jwt,
    Random& random,
    Actor const& actor,
    Time now
) {
  auto identity = domain::Identity::make(jwt.issuer(), jwt.subject().value_or(""));
  if (!identity) return std::nullopt;
  auto user = users.find_user(*identity);
  if (!user) {
    domain::User fresh;
    fresh.id = domain::UserId::mint(random, now);
    fresh.email = domain::parse_email(find_claim(jwt.claims(), {"email"})).value_or("");
    fresh.name = shown_name(find_claim(jwt.claims(), {"name"}));
    fresh.created_at = now;
    auto entry =
        user_event("user.create", fresh.id, {}, actor, now, {{"issuer", identity->issuer()}});
    auto made = users.find_or_create_user(*identity, fresh, entry);
    if (!made) return std::nullopt;
    user = std::move(made->user);
  }
  return user->ended_at ? std::nullopt : user;
}

}  // namespace keystead::authn

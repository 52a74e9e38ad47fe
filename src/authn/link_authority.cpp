#include "authn/link_authority.hpp"

#include <algorithm>

#include "authn/user_event.hpp"
#include "codec/base64url.hpp"
#include "store/stored_text.hpp"

namespace keystead::authn {
namespace {

using domain::LinkPurpose;
using domain::OneTimeLink;

constexpr std::size_t kValueBytes = 32;
constexpr std::size_t kValueLetters = 43;  // of base64url

Actor actor_of(domain::UserId const& user, std::string const& request_id) {
  return {"user:" + user.text(), request_id, {}};
}

// The address stays out of the audit log: it outlives the person's account.
domain::AuditEntry invitation_event(
    std::string_view event, Invitation const& invitation, Actor const& actor, Time now
) {
  auto entry = tenant_event(event, invitation.tenant, {}, actor, now);
  entry.detail = "{\"role\":\"" + std::string(name_of(invitation.role)) + "\"}";
  return entry;
}

std::unexpected<Failure> not_valid() {
  return fail(Code::not_found, "This link is not valid, or not any more.");
}

}  // namespace

domain::LinkDigest LinkAuthority::digest(
    LinkPurpose purpose, std::string_view value, int version
) const {
  std::string labelled = "link:" + std::string(name_of(purpose)) + ":" + std::string(value);
  return parts_.digester.digest(labelled, version);
}

Result<IssuedLink> LinkAuthority::issue(
    OneTimeLink link, std::chrono::seconds lifetime, domain::AuditEntry const& entry
) {
  std::string bytes(kValueBytes, '\0');
  parts_.random.fill({reinterpret_cast<unsigned char*>(bytes.data()), bytes.size()});
  Secret value(codec::base64url_encode(bytes));
  link.pepper_version = parts_.digester.current_version();
  link.digest = digest(link.purpose, value.reveal(), link.pepper_version);
  link.created_at = entry.at;
  link.expires_at = entry.at + lifetime;
  TRY(parts_.once.add_link(link, entry));
  return IssuedLink{std::move(value), std::move(link)};
}

Result<IssuedLink> LinkAuthority::invite(Invitation const& invitation, Actor const& actor) {
  auto user = parts_.users.find_user_by_email(invitation.email);
  if (user && parts_.users.find_role(user->id, invitation.tenant)) {
    return fail(Code::conflict, "whoever has this address is a member already");
  }
  // Never bound to the user: an invitation into another tenant would end with this one.
  OneTimeLink link{
      .purpose = LinkPurpose::invitation,
      .email = invitation.email,
      .tenant = invitation.tenant,
      .role = invitation.role,
  };
  auto entry = invitation_event("invitation.create", invitation, actor, parts_.clock.now());
  return issue(std::move(link), kInvitationLifetime, entry);
}

Result<void> LinkAuthority::withdraw(Invitation const& invitation, Actor const& actor) {
  auto entry = invitation_event("invitation.withdraw", invitation, actor, parts_.clock.now());
  return parts_.once.withdraw_invitation(invitation.tenant, invitation.email, entry);
}

Result<IssuedLink> LinkAuthority::reset(std::string_view email, Actor const& actor) {
  auto user = parts_.users.find_user_by_email(email);
  if (!user) return fail(Code::not_found, "no local user has this address");
  OneTimeLink link{.purpose = LinkPurpose::reset, .user = user->id, .email = user->email};
  auto entry = user_event("reset.create", user->id, {}, actor, parts_.clock.now());
  return issue(std::move(link), kResetLifetime, entry);
}

std::optional<OneTimeLink> LinkAuthority::find(LinkPurpose purpose, std::string_view value) const {
  if (value.size() != kValueLetters) return std::nullopt;
  for (int version : parts_.digester.versions()) {
    auto link = parts_.once.find_link(digest(purpose, value, version), purpose, parts_.clock.now());
    if (link) return link;
  }
  return std::nullopt;
}

Result<OneTimeLink> LinkAuthority::redeem(
    OneTimeLink const& link, domain::AuditEntry const& entry
) {
  auto redeemed = parts_.once.redeem_link(link.digest, link.purpose, entry.at, entry);
  if (!redeemed) return not_valid();
  return redeemed;
}

Result<Accepted> LinkAuthority::accept(
    std::string_view value,
    std::optional<domain::UserId> const& user,
    std::optional<Newcomer> const& newcomer,
    std::string const& request_id
) {
  Time now = parts_.clock.now();
  auto link = find(LinkPurpose::invitation, value);
  if (!link || !link->tenant || !link->role) return not_valid();
  auto known = user ? parts_.users.find_user(*user) : std::nullopt;
  if (!user && parts_.users.find_user_by_email(link->email)) {
    return fail(Code::conflict, "There is an account of this address already: sign in first.");
  }
  if (!known && !newcomer) return fail(Code::invalid_request, "A name and a password are needed.");
  if (!known) TRY(store::check_stored(newcomer->name, domain::kUserNameBytesMax, "the name"));
  Accepted accepted{.user = {}, .membership = {{}, *link->tenant, *link->role}, .is_new = !known};
  if (known) {
    accepted.user = std::move(*known);
  } else {
    accepted.user.id = domain::UserId::mint(parts_.random, now);
    accepted.user.email = link->email;
    accepted.user.is_local = true;
    accepted.user.name = newcomer->name;
    accepted.user.password = newcomer->password;
    accepted.user.created_at = now;
  }
  auto& membership = accepted.membership;
  membership.user = accepted.user.id;
  auto actor = actor_of(membership.user, request_id);
  Invitation const invitation{link->email, membership.tenant, membership.role};
  TRY(redeem(*link, invitation_event("invitation.accept", invitation, actor, now)));
  if (accepted.is_new) {
    auto entry = user_event("user.create", membership.user, membership.tenant, actor, now);
    TRY(parts_.users.create_user(accepted.user, membership, entry));
    return accepted;
  }
  auto held = parts_.users.find_role(membership.user, membership.tenant);
  if (held && *held >= membership.role) {
    membership.role = *held;
    return accepted;
  }
  TRY(people_.set_membership(membership, store::LastOwner::stays, actor));
  return accepted;
}

Result<domain::UserId> LinkAuthority::reset_password(
    std::string_view value, Secret const& phc, std::string const& request_id
) {
  Time now = parts_.clock.now();
  auto link = find(LinkPurpose::reset, value);
  if (!link || !link->user) return not_valid();
  auto actor = actor_of(*link->user, request_id);
  TRY(redeem(*link, user_event("reset.redeem", *link->user, {}, actor, now)));
  TRY(people_.set_password(*link->user, phc, {}, actor));
  return *link->user;
}

}  // namespace keystead::authn

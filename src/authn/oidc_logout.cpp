#include "authn/oidc_logout.hpp"

namespace keystead::authn {
namespace {

constexpr std::string_view kLogoutEvent = "http://schemas.openid.net/event/backchannel-logout";

std::unexpected<Failure> refuse(std::string why) {
  return fail(Code::invalid_request, "This is no logout token of this provider.", std::move(why));
}

// §2.6: what tells it from an ID token, which may be signed with the same key (attack 30).
bool is_about_logout(jose::VerifiedJwt const& jwt) {
  auto const* events = jwt.claims().if_contains("events");
  auto const* members = events ? events->if_object() : nullptr;
  auto const* event = members ? members->if_contains(kLogoutEvent) : nullptr;
  return event && event->is_object() && !jwt.claims().contains("nonce");
}

}  // namespace

Result<std::size_t> OidcLogout::take(
    std::string_view provider, std::string_view logout_token, std::string_view request_id
) {
  auto* at = parts_.sign_in.find(provider);
  if (!at) return fail(Code::not_found, "There is no sign-in of this name.");
  Time now = parts_.clock.now();
  auto jwt = at->verify_logout_token(logout_token, now);
  if (!jwt) return refuse(jwt.error().private_detail);
  if (!is_about_logout(*jwt)) return refuse("the logout token: it tells of no logout");
  auto identity = domain::Identity::make(jwt->issuer(), jwt->subject().value_or(""));
  auto user = identity ? parts_.users.find_user(*identity) : std::nullopt;
  std::size_t ended = 0;
  if (!user) return ended;
  auto logged_out_at = jwt->issued_at().value_or(now) + jose::kClockSkewMax;
  for (auto const& session : parts_.sessions.list(user->id)) {
    if (session.signed_in_by != "oidc:" + jwt->issuer()) continue;
    if (session.created_at > logged_out_at) continue;
    if (parts_.sessions.revoke(user->id, session.id, request_id)) ++ended;
  }
  return ended;
}

}  // namespace keystead::authn

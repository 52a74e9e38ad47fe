#include "authn/sessions.hpp"

#include <algorithm>

#include "authn/user_event.hpp"
#include "codec/base64url.hpp"
#include "crypto/digest.hpp"

namespace keystead::authn {
namespace {

constexpr std::size_t kCookieBytes = 32;
constexpr std::size_t kCookieLetters = 43;  // of base64url
// A use is written at most this often: it moves the end, and more precisely than this nobody needs
// to know it.
constexpr std::chrono::seconds kNotedEvery{60};

std::string_view bytes_of(domain::KeyDigest const& digest) {
  return {reinterpret_cast<char const*>(digest.data()), digest.size()};
}

Secret mint_cookie(Random& random) {
  std::string bytes(kCookieBytes, '\0');
  random.fill({reinterpret_cast<unsigned char*>(bytes.data()), bytes.size()});
  return Secret(codec::base64url_encode(bytes));
}

Actor actor_of(domain::UserId const& user, std::string_view request_id) {
  return {"user:" + user.text(), std::string(request_id), {}};
}

}  // namespace

domain::KeyDigest Sessions::digest(std::string_view cookie, int version) const {
  return parts_.digester.digest("session:" + std::string(cookie), version);
}

domain::KeyDigest Sessions::digest(std::string_view cookie) const {
  return digest(cookie, parts_.digester.current_version());
}

Result<OpenedSession> Sessions::begin(
    domain::UserId const& user,
    std::string_view signed_in_by,
    Browser const& browser,
    std::string_view former,
    std::string_view request_id
) {
  Time now = parts_.clock.now();
  OpenedSession opened{mint_cookie(parts_.random), {}};
  auto& session = opened.record;
  session.id = domain::SessionId::mint(parts_.random, now);
  session.user = user;
  session.digest = digest(opened.cookie.reveal());
  session.pepper_version = parts_.digester.current_version();
  session.created_at = session.last_seen_at = now;
  session.expires_at = now + parts_.options.lifetime;
  session.idle_until = std::min(now + parts_.options.idle, session.expires_at);
  session.signed_in_by = signed_in_by;
  session.address = browser.address;
  session.user_agent = domain::shorten_user_agent(browser.user_agent);
  if (auto place = parts_.places.only(user)) session.tenant = place->tenant;
  auto entry = user_event(
      "session.begin",
      user,
      session.tenant,
      actor_of(user, request_id),
      now,
      {{"session", session.id.text()}, {"by", session.signed_in_by}, {"from", session.address}}
  );
  TRY(parts_.store.create_session(session, entry));
  if (!former.empty()) end(former, request_id);
  return opened;
}

std::optional<domain::Session> Sessions::find(std::string_view cookie) const {
  if (cookie.size() != kCookieLetters) return std::nullopt;
  for (int version : parts_.digester.versions()) {
    auto session = parts_.store.find_session(digest(cookie, version), parts_.clock.now());
    if (!session) continue;
    auto user = parts_.users.find_user(session->user);
    return user && !user->ended_at ? std::move(session) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<Place> Sessions::place_of(domain::Session const& session) const {
  return session.tenant ? parts_.places.find(session.user, *session.tenant)
                        : parts_.places.only(session.user);
}

std::optional<Standing> Sessions::verify(std::string_view cookie, Time now) const {
  auto session = find(cookie);
  if (!session) return std::nullopt;
  auto idle_until = std::min(now + parts_.options.idle, session->expires_at);
  if (now - session->last_seen_at >= kNotedEvery) {
    store::SessionUse const use{session->id, now, idle_until};
    parts_.store.note_session_uses({&use, 1});
  } else {
    idle_until = session->idle_until;
  }
  Standing standing;
  standing.bearer = session->user;
  standing.expires_at = idle_until;
  standing.trusted_until = now + kTrustedFor;
  standing.manages = false;
  if (auto place = place_of(*session)) {
    standing.tenant = place->tenant;
    standing.scopes = parts_.scopes[static_cast<std::size_t>(place->role)];
    standing.manages = place->role >= domain::Role::admin;
  }
  return standing;
}

Result<OpenedSession> Sessions::rotate(
    std::string_view cookie,
    std::optional<domain::TenantId> const& tenant,
    std::string_view request_id
) {
  auto no_session = fail(Code::not_found, "no such session");
  auto session = find(cookie);
  if (!session) return no_session;
  if (tenant && !parts_.places.find(session->user, *tenant)) {
    return fail(Code::not_found, "there is no such tenant");
  }
  Time now = parts_.clock.now();
  Secret fresh = mint_cookie(parts_.random);
  auto where = tenant ? tenant : session->tenant;
  auto entry = user_event(
      "session.rotate",
      session->user,
      where,
      actor_of(session->user, request_id),
      now,
      {{"session", session->id.text()}}
  );
  auto rotated = TRY(parts_.store.rotate_session(
      session->digest, digest(fresh.reveal()), parts_.digester.current_version(), where, now, entry
  ));
  parts_.ring.forget_user(session->user);
  return OpenedSession{std::move(fresh), std::move(rotated)};
}

void Sessions::end(std::string_view cookie, std::string_view request_id) {
  auto session = find(cookie);
  // One that has just ended by itself, or that another request has ended, is ended all the same.
  if (session) static_cast<void>(revoke(session->user, session->id, request_id));
}

Result<void> Sessions::revoke(
    domain::UserId const& user, domain::SessionId const& id, std::string_view request_id
) {
  auto entry = user_event(
      "session.end",
      user,
      {},
      actor_of(user, request_id),
      parts_.clock.now(),
      {{"session", id.text()}}
  );
  TRY(parts_.store.revoke_session(user, id, entry));
  parts_.ring.forget_user(user);
  return {};
}

std::size_t Sessions::revoke_all(
    domain::UserId const& user,
    std::optional<domain::SessionId> const& keep,
    std::string_view request_id
) {
  auto entry =
      user_event("session.end_others", user, {}, actor_of(user, request_id), parts_.clock.now());
  auto revoked = parts_.store.revoke_sessions(user, keep, entry);
  parts_.ring.forget_user(user);
  return revoked.size();
}

std::vector<domain::Session> Sessions::list(domain::UserId const& user) const {
  return parts_.store.list_sessions(user, parts_.clock.now());
}

std::string Sessions::csrf_token(std::string_view cookie) const {
  return codec::base64url_encode(bytes_of(
      parts_.digester.digest("csrf:" + std::string(cookie), parts_.digester.current_version())
  ));
}

bool Sessions::is_csrf_token(std::string_view cookie, std::string_view token) const {
  auto shown = codec::base64url_decode(token);
  if (!shown || cookie.empty()) return false;
  bool found = false;
  for (int version : parts_.digester.versions()) {
    auto expected = parts_.digester.digest("csrf:" + std::string(cookie), version);
    found |= crypto::equal_constant_time(*shown, bytes_of(expected));
  }
  return found;
}

}  // namespace keystead::authn

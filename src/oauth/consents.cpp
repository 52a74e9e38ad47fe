#include "oauth/consents.hpp"

#include <algorithm>

#include "oauth/grant_event.hpp"
#include "oauth/issued_secret.hpp"

namespace keystead::oauth {
namespace {

using Kind = domain::AuthorizationRequest::Kind;

constexpr char kOver[] =
    "This request is over or was answered already. Go back to the application and connect again.";

std::unexpected<Failure> over() {
  return fail(Code::not_found, kOver);
}

bool has(std::vector<std::string> const& texts, std::string const& wanted) {
  return std::ranges::find(texts, wanted) != texts.end();
}

}  // namespace

std::expected<std::string, AuthorizeRefusal> Consents::begin(
    domain::Issuer const& issuer, std::string_view query, authn::Actor const& actor
) const {
  Time now = parts_.clock.now();
  if (auto pushed = parts_.pushed ? PushedRequests::read(query) : std::nullopt) {
    if (auto name = parts_.pushed->show(issuer, *pushed, now + kWaitsFor)) return *name;
    return std::unexpected(AuthorizeRefusal{"invalid_request_uri", kOver});
  }
  auto asked =
      TRY(check_authorization(query, issuer, parts_.rules, [&](domain::ClientId const& id) {
        return parts_.clients.find(id, now, actor);
      }));
  std::string name(make_secret(parts_.random).reveal());
  int version = parts_.digester.current_version();
  auto added = parts_.requests.add_request({
      .digest = digest_of(SecretPurpose::request, name, parts_.digester, version),
      .kind = Kind::shown,
      .parameters = asked.to_text(),
      .expires_at = now + kWaitsFor,
  });
  if (!added)
    return std::unexpected(AuthorizeRefusal{"invalid_request", added.error().public_text});
  return name;
}

template <class Find>
Result<Consents::Waiting> Consents::open(
    std::string_view name, authn::Actor const& actor, Find find
) const {
  Time now = parts_.clock.now();
  std::optional<domain::AuthorizationRequest> request;
  for (int version : parts_.digester.versions()) {
    if (!request)
      request = find(digest_of(SecretPurpose::request, name, parts_.digester, version), now);
  }
  if (!request) return over();
  auto asked = AuthorizationAsked::from_text(request->parameters);
  auto issuer = parts_.issuers.of_resources(asked.resources);
  if (!issuer) return over();
  auto client = TRY(parts_.clients.find(asked.client, now, actor));
  auto const& schemes = parts_.rules.redirect_schemes;
  auto redirect_uri = TRY(RedirectUri::parse(asked.redirect_uri, schemes));
  for (auto const& text : client.redirect_uris) {
    auto registered = RedirectUri::parse(text, schemes);
    if (registered && registered->admits(redirect_uri)) {
      return Waiting{
          std::move(asked), std::move(*issuer), std::move(client), std::move(redirect_uri)
      };
    }
  }
  return over();
}

Result<Consents::Waiting> Consents::find(std::string_view name, authn::Actor const& actor) const {
  return open(name, actor, [&](auto const& digest, Time now) {
    return parts_.requests.find_request(digest, Kind::shown, now);
  });
}

Result<Consents::Waiting> Consents::take(std::string_view name, authn::Actor const& actor) const {
  return open(name, actor, [&](auto const& digest, Time now) {
    return parts_.requests.take_request(digest, Kind::shown, now);
  });
}

std::vector<std::string> Consents::granted(
    Waiting const& waiting, domain::UserId const& user, domain::TenantId const& tenant
) const {
  auto const& client = waiting.client;
  std::vector<std::string> scopes;
  for (auto const& grant : parts_.grants.list_grants(user)) {
    bool counts = grant.client == client.id && grant.tenant == tenant && !grant.parent &&
                  grant.created_at >= changed_at(client) && waiting.issuer.has_any(grant.resources);
    if (!counts) continue;
    for (auto const& scope : grant.scopes) {
      if (!has(scopes, scope)) scopes.push_back(scope);
    }
  }
  return scopes;
}

bool Consents::is_remembered(
    Waiting const& waiting, domain::UserId const& user, authn::Place const& place
) const {
  // Any program on the user's machine can come with the id of a document that everybody knows
  // (RFC 8252 §8.6). The id of a client that registered is its own.
  bool could_be_anybody = waiting.client.origin == domain::ClientOrigin::metadata_document &&
                          waiting.redirect_uri.kind() != RedirectUri::Kind::web;
  // What an issuer has allowed (ID-JAG) no person has, and grants do not tell.
  bool is_vouched_for = waiting.client.may(domain::GrantType::jwt_bearer);
  if (waiting.asked.asks_again || could_be_anybody || is_vouched_for) return false;
  auto before = granted(waiting, user, place.tenant);
  auto allowed = scopes_of_role(waiting.asked.scopes, place.role, parts_.rules.access);
  return !before.empty() &&
         std::ranges::all_of(allowed, [&](auto const& scope) { return has(before, scope); });
}

Result<std::string> Consents::approve(
    std::string_view name, Approval const& approval, authn::Actor const& actor
) const {
  auto waiting = TRY(find(name, actor));
  auto const& [user, place, address] = approval;
  if (!waiting.issuer.is_open_to(place.tenant)) {
    return fail(Code::forbidden, "What the application asks for is elsewhere.");
  }
  // A second consent adds to the first: a client that asks for one scope more keeps the others.
  auto scopes = waiting.asked.scopes;
  for (auto const& scope : granted(waiting, user, place.tenant)) {
    if (!has(scopes, scope)) scopes.push_back(scope);
  }
  scopes = scopes_of_role(scopes, place.role, parts_.rules.access);
  if (scopes.empty() && !waiting.asked.scopes.empty()) {
    return fail(Code::forbidden, "Your role there allows nothing of what is asked for.");
  }
  waiting = TRY(take(name, actor));
  Time now = parts_.clock.now();
  domain::Grant grant{
      .id = domain::GrantId::mint(parts_.random, now),
      .client = waiting.client.id,
      .user = user,
      .tenant = place.tenant,
      .scopes = std::move(scopes),
      .resources = waiting.asked.resources,
      .created_at = now,
      .last_address = address,
  };
  auto code = make_secret(parts_.random);
  int version = parts_.digester.current_version();
  domain::AuthorizationCode record{
      .digest = digest_of(SecretPurpose::code, code.reveal(), parts_.digester, version),
      .pepper_version = version,
      .grant = grant.id,
      .client = grant.client,
      .redirect_uri = waiting.asked.redirect_uri,
      .code_challenge = waiting.asked.code_challenge,
      .expires_at = now + kCodeLifetime,
      .key_thumbprint = waiting.asked.key_thumbprint,
  };
  TRY(parts_.grants.add_code(record, grant, grant_event("grant.approve", grant, actor, now)));
  return with_code(waiting.redirect_uri, code.reveal(), waiting.asked.state, waiting.issuer.url);
}

Result<std::string> Consents::deny(std::string_view name, authn::Actor const& actor) const {
  auto waiting = TRY(take(name, actor));
  return with_error(
      waiting.redirect_uri,
      "access_denied",
      "the person said no",
      waiting.asked.state,
      waiting.issuer.url
  );
}

}  // namespace keystead::oauth

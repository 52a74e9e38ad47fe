#include "oauth/pushed_requests.hpp"

#include <algorithm>

#include "codec/base64url.hpp"
#include "codec/percent.hpp"
#include "oauth/checks/dpop.hpp"
#include "oauth/issued_secret.hpp"

namespace keystead::oauth {
namespace {

using Kind = domain::AuthorizationRequest::Kind;

// RFC 9126 §2.2.
constexpr std::string_view kPrefix = "urn:ietf:params:oauth:request_uri:";

// The same for the same secret, and told by nobody who does not have it.
std::string page_of(std::string_view secret, authn::KeyDigester const& digester, int version) {
  auto digest = digest_of(SecretPurpose::pushed_page, secret, digester, version);
  return codec::base64url_encode({reinterpret_cast<char const*>(digest.data()), digest.size()});
}

}  // namespace

TokenResult<Secret> PushedRequests::push(TokenCall const& call, ProvenClient const& from) const {
  if (!from.is_ours) {
    return refuse(TokenError::unauthorized_client, "This client acts for nobody but itself.");
  }
  auto asked =
      check_pushed_authorization(call.request.parameters(), call.issuer, parts_.rules, from.client);
  if (!asked) {
    auto error = parse_token_error(asked.error().error).value_or(TokenError::invalid_request);
    return refuse(error, std::move(asked.error().text));
  }
  // RFC 9449 §10.1: a proof says the same as dpop_jkt.
  if (parts_.dpop && call.proof) {
    auto key = TRY(prove_key(parts_.dpop, call, from));
    if (!asked->key_thumbprint.empty() && asked->key_thumbprint != key) {
      return refuse(TokenError::invalid_dpop_proof, "The proof is of another key than dpop_jkt.");
    }
    asked->key_thumbprint = std::move(key);
  }
  auto secret = make_secret(parts_.random);
  int version = parts_.digester.current_version();
  auto added = parts_.requests.add_request({
      .digest = digest_of(SecretPurpose::pushed_request, secret.reveal(), parts_.digester, version),
      .kind = Kind::pushed,
      .parameters = asked->to_text(),
      .expires_at = parts_.clock.now() + kLifetime,
  });
  if (!added) return refuse(TokenError::invalid_request, added.error().public_text);
  return Secret(std::string(kPrefix).append(secret.reveal()));
}

std::optional<PushedRequests::Reference> PushedRequests::read(std::string_view query) {
  auto pairs = codec::parse_pairs(query);
  if (!pairs) return std::nullopt;
  auto find = [&](std::string_view wanted) -> std::string_view {
    auto name = &AuthorizationParameters::value_type::first;
    auto found = std::ranges::find(*pairs, wanted, name);
    bool is_one = std::ranges::count(*pairs, wanted, name) == 1;
    return is_one ? std::string_view(found->second) : std::string_view();
  };
  auto uri = find("request_uri");
  if (!uri.starts_with(kPrefix)) return std::nullopt;
  uri.remove_prefix(kPrefix.size());
  return Reference{domain::ClientId(std::string(find("client_id"))), std::string(uri)};
}

std::optional<std::string> PushedRequests::show(
    domain::Issuer const& issuer, Reference const& reference, Time until
) const {
  auto is_meant = [&](domain::AuthorizationRequest const& request) {
    auto asked = AuthorizationAsked::from_text(request.parameters);
    return asked.client == reference.client && issuer.has_any(asked.resources);
  };
  for (int version : parts_.digester.versions()) {
    if (auto name = show(reference.secret, version, until, is_meant)) return name;
  }
  return std::nullopt;
}

std::optional<std::string> PushedRequests::show(
    std::string_view secret, int version, Time until, IsMeant const& is_meant
) const {
  Time now = parts_.clock.now();
  auto digest = digest_of(SecretPurpose::pushed_request, secret, parts_.digester, version);
  auto name = page_of(secret, parts_.digester, version);
  auto shown_digest = digest_of(SecretPurpose::request, name, parts_.digester, version);
  // Not taken before it is known to be meant: nobody else can use it up.
  if (auto pushed = parts_.requests.find_request(digest, Kind::pushed, now)) {
    if (!is_meant(*pushed)) return std::nullopt;
    domain::AuthorizationRequest shown{shown_digest, Kind::shown, pushed->parameters, until};
    if (parts_.requests.show_request(digest, shown, now)) return name;
  }
  auto shown = parts_.requests.find_request(shown_digest, Kind::shown, now);
  return shown && is_meant(*shown) ? std::optional(std::move(name)) : std::nullopt;
}

}  // namespace keystead::oauth

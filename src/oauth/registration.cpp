#include "oauth/registration.hpp"

#include <boost/json/array.hpp>

#include "codec/json.hpp"
#include "domain/address_range.hpp"
#include "oauth/client_event.hpp"
#include "oauth/issued_secret.hpp"

namespace keystead::oauth {
namespace {

namespace json = boost::json;

bool has_secret(domain::ClientAuth auth) {
  return auth == domain::ClientAuth::client_secret_basic ||
         auth == domain::ClientAuth::client_secret_post;
}

}  // namespace

std::expected<Registration::Registered, Registration::Refusal> Registration::add(
    json::object const& document, std::string_view address, std::string_view request_id
) const {
  Time now = parts_.clock.now();
  auto const& options = parts_.options;
  auto parsed = domain::Address::parse(address);
  auto network = parsed ? parsed->network() : std::string(address);
  if (parts_.clients.count_registered(network, now - kUnusedFor) >= options.per_address_max ||
      parts_.clients.count_registered({}, now - kUnusedFor) >= options.total_max) {
    return std::unexpected(Refusal{Refusal::Kind::quota, "too many clients have registered"});
  }
  auto read = read_client_metadata(document, options.rules);
  if (!read) {
    auto kind =
        read.error().is_redirect_uri ? Refusal::Kind::redirect_uri : Refusal::Kind::metadata;
    return std::unexpected(Refusal{kind, read.error().text});
  }
  Registered made{std::move(*read), {}};
  auto& client = made.client;
  client.id = make_client_id(parts_.random);
  client.origin = domain::ClientOrigin::registered;
  client.address = network;
  client.created_at = now;
  client.pepper_version = parts_.digester.current_version();
  if (has_secret(client.auth)) {
    made.secret = make_secret(parts_.random);
    client.secret = digest_of(
        SecretPurpose::client_secret, made.secret.reveal(), parts_.digester, client.pepper_version
    );
  }
  authn::Actor actor{"address:" + std::string(address), std::string(request_id), {}};
  auto added =
      parts_.clients.add_client(client, client_event("client.register", client, actor, now));
  if (!added) {
    return std::unexpected(Refusal{Refusal::Kind::metadata, added.error().public_text});
  }
  return made;
}

json::object describe(Registration::Registered const& registered) {
  auto const& client = registered.client;
  json::object out{
      {"client_id", client.id.text()},
      {"client_id_issued_at",
       std::chrono::floor<std::chrono::seconds>(client.created_at).time_since_epoch().count()},
      {"redirect_uris", json::array(client.redirect_uris.begin(), client.redirect_uris.end())},
      {"token_endpoint_auth_method", name_of(client.auth)},
      {"response_types", json::array{"code"}},
  };
  auto& grant_types = out["grant_types"].emplace_array();
  for (auto type : client.grant_types) grant_types.emplace_back(name_of(type));
  if (!client.name.empty()) out["client_name"] = client.name;
  if (client.is_key_bound) out["dpop_bound_access_tokens"] = true;
  if (auto keys = codec::parse_json(client.jwks)) out["jwks"] = std::move(*keys);
  if (requires_pushed_requests(client)) out["require_pushed_authorization_requests"] = true;
  if (!registered.secret.empty()) {
    out["client_secret"] = registered.secret.reveal();
    out["client_secret_expires_at"] = 0;  // never
  }
  return out;
}

}  // namespace keystead::oauth

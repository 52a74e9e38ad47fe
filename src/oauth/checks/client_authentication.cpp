#include "oauth/checks/client_authentication.hpp"

#include <algorithm>

#include "codec/base64url.hpp"
#include "codec/percent.hpp"
#include "http/request.hpp"
#include "oauth/issued_secret.hpp"

namespace keystead::oauth {
namespace {

constexpr std::string_view kAssertionType =
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

// The name and the password of RFC 7617, each encoded as in a form (RFC 6749 §2.3.1).
struct Basic {
  std::string id;
  std::string secret;
};

std::optional<Basic> read_basic(std::string_view authorization) {
  auto space = authorization.find(' ');
  if (!http::equals_ignoring_case(authorization.substr(0, space), "Basic")) return std::nullopt;
  auto text =
      space == std::string_view::npos ? std::string_view() : authorization.substr(space + 1);
  auto decoded = codec::base64_decode(text);
  if (!decoded) return std::nullopt;
  auto colon = decoded->find(':');
  if (colon == std::string::npos) return std::nullopt;
  auto id = codec::percent_decode(decoded->substr(0, colon), codec::Plus::as_space);
  auto secret = codec::percent_decode(decoded->substr(colon + 1), codec::Plus::as_space);
  if (!id || !secret) return std::nullopt;
  return Basic{std::move(*id), std::move(*secret)};
}

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= domain::ClientId::kBytesMax &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

// Whether a client that is none of ours may call itself this: not what one of ours is called, also
// one that was forgotten or whose document cannot be read just now.
bool is_free_name(domain::ClientId const& id) {
  return !id.text().starts_with("kc_") && !is_document_url(id.text());
}

}  // namespace

TokenResult<ClientAuthentication::Shown> ClientAuthentication::read(TokenCall const& call) const {
  auto const& request = call.request;
  Shown shown{
      domain::ClientId(std::string(request.find("client_id"))),
      std::string(request.find("client_secret")),
      std::string(request.find("client_assertion")),
  };
  bool is_basic = !call.authorization.empty();
  if (is_basic + !shown.secret.empty() + !shown.assertion.empty() > 1) {
    return refuse(TokenError::invalid_request, "The client authenticates in two ways at once.");
  }
  auto name = [&](std::string id) -> TokenResult<> {
    if (!shown.id.text().empty() && shown.id.text() != id) {
      return refuse(TokenError::invalid_request, "The request names two clients.");
    }
    shown.id = domain::ClientId(std::move(id));
    return {};
  };
  if (is_basic) {
    auto basic = read_basic(call.authorization);
    if (!basic) return refuse_client();
    TRY(name(std::move(basic->id)));
    shown.secret = std::move(basic->secret);
  }
  if (!shown.assertion.empty()) {
    if (request.find("client_assertion_type") != kAssertionType) return refuse_client();
    auto claimed = ClientAssertions::claimed_client(shown.assertion);
    // One that names nobody is no second name, but no proof either (RFC 7523 §3.2).
    if (claimed.empty()) return refuse_client();
    TRY(name(std::move(claimed)));
  }
  if (!is_id(shown.id.text())) return refuse_client();
  // It would be kept as a name: in the grant, in the records, and in the token (attack 5).
  if (parts_.kinds.match(shown.id.text())) {
    return refuse(TokenError::invalid_request, "client_id is a name, and never an API key.");
  }
  return shown;
}

TokenResult<std::optional<domain::Client>> ClientAuthentication::find(
    domain::ClientId const& id, TokenCall const& call, Meets meets
) const {
  authn::Actor actor{"address:" + std::string(call.address), std::string(call.request_id), {}};
  Time now = parts_.clock.now();
  auto client = parts_.clients.find_known(id, now, actor);
  bool is_new = !client && client.error().code == Code::not_found && is_document_url(id.text());
  if (is_new && meets == Meets::strangers) {
    if (call.count_stranger && !call.count_stranger()) {
      return refuse(TokenError::temporarily_unavailable, "Too many requests from this address.");
    }
    client = parts_.clients.find(id, now, actor);
  }
  if (client) return std::move(*client);
  if (client.error().code != Code::unavailable) return std::nullopt;
  return refuse(TokenError::temporarily_unavailable, client.error().public_text);
}

bool ClientAuthentication::is_secret(domain::Client const& client, std::string_view text) const {
  auto const& versions = parts_.digester.versions();
  bool is_known = std::ranges::find(versions, client.pepper_version) != versions.end();
  if (!client.secret || text.empty() || !is_known) return false;
  auto digest =
      digest_of(SecretPurpose::client_secret, text, parts_.digester, client.pepper_version);
  auto view = [](auto const& bytes) {
    return std::string_view(reinterpret_cast<char const*>(bytes.data()), bytes.size());
  };
  return crypto::equal_constant_time(view(digest), view(*client.secret));
}

bool ClientAuthentication::is_proven(
    domain::Client const& client, Shown const& shown, domain::Issuer const& issuer
) const {
  switch (client.auth) {
    case domain::ClientAuth::none: return shown.secret.empty() && shown.assertion.empty();
    // Clients choose between these two by what the metadata offer, whatever they have registered.
    case domain::ClientAuth::client_secret_basic:
    case domain::ClientAuth::client_secret_post: return is_secret(client, shown.secret);
    case domain::ClientAuth::private_key_jwt: break;
  }
  return !shown.assertion.empty() &&
         parts_.assertions.is_proof(shown.assertion, issuer, client, parts_.clock.now());
}

// Whoever shows a key is the key; the name is what it calls itself, and nobody else's.
TokenResult<ProvenClient> ClientAuthentication::prove_key(
    Shown const& shown, TokenCall const& call
) const {
  auto principal =
      parts_.authenticator.authenticate(authn::PresentedKey{shown.secret}, call.address);
  if (!principal || !call.issuer.is_open_to(principal->tenant())) return refuse_client();
  ProvenClient proven;
  proven.client.id = shown.id;
  proven.key = std::move(*principal);
  return proven;
}

TokenResult<ProvenClient> ClientAuthentication::prove(TokenCall const& call, Meets meets) const {
  auto shown = TRY(read(call));
  if (auto client = TRY(find(shown.id, call, meets))) {
    if (!is_proven(*client, shown, call.issuer)) return refuse_client();
    return ProvenClient{std::move(*client), true};
  }
  if (!is_free_name(shown.id) || !parts_.kinds.match(shown.secret)) return refuse_client();
  return prove_key(shown, call);
}

TokenResult<ProvenClient> ClientAuthentication::prove_or_name(TokenCall const& call) const {
  auto shown = TRY(read(call));
  bool is_nameless = shown.secret.empty() && shown.assertion.empty();
  if (!is_nameless || !is_free_name(shown.id) || TRY(find(shown.id, call, Meets::known))) {
    return prove(call);
  }
  ProvenClient named;
  named.client.id = std::move(shown.id);
  return named;
}

}  // namespace keystead::oauth

#include "authn/oidc_provider.hpp"

#include <algorithm>

#include "authn/claim.hpp"
#include "codec/base64url.hpp"
#include "codec/json.hpp"
#include "codec/percent.hpp"

namespace keystead::authn {
namespace {

using std::chrono::seconds;

// As IssuerKeys: what a provider withdraws is gone as soon, and it is asked as rarely.
constexpr Refreshed<OidcMetadata>::Times kTimes{
    IssuerKeys::kFreshFor, IssuerKeys::kKeptFor, IssuerKeys::kPause
};

std::unexpected<Failure> refuse(std::string why) {
  return fail(Code::unauthorized, "", std::move(why));
}

void append_pair(std::string& form, std::string_view name, std::string_view value) {
  if (!form.empty()) form += '&';
  form.append(name).append("=").append(codec::percent_encode(value));
}

// RFC 6749 §2.3.1: both halves are form-encoded first.
std::string basic_credentials(std::string_view client_id, std::string_view client_secret) {
  return "Basic " +
         codec::base64_encode(
             codec::percent_encode(client_id) + ":" + codec::percent_encode(client_secret)
         );
}

Result<ClientAuth> auth_of(OidcClient const& client, OidcMetadata const& metadata) {
  using enum ClientAuth;
  if (client.client_auth) return *client.client_auth;
  if (!client.client_secret) return none;
  for (auto method : {client_secret_basic, client_secret_post}) {
    auto const& supported = metadata.auth_methods;
    if (std::ranges::find(supported, method) != supported.end()) return method;
  }
  return refuse("it supports neither client_secret_basic nor client_secret_post");
}

// Of RFC 6749 §5.2, where it is one of the few letters that such a word has.
std::string error_word(std::string_view body) {
  auto parsed = codec::parse_json(body);
  auto const* members = parsed ? parsed->if_object() : nullptr;
  auto word = members ? find_claim(*members, {"error"}) : std::string_view();
  bool is_word = !word.empty() && word.size() <= 40 && std::ranges::all_of(word, [](char c) {
    return (c >= 'a' && c <= 'z') || c == '_';
  });
  return is_word ? ", " + std::string(word) : std::string();
}

// OpenID Connect Core §3.1.3.7, 4 and 5: of a token for several, it must have been issued to us.
bool is_issued_to(std::string_view client_id, jose::VerifiedJwt const& jwt) {
  bool names_party = jwt.claims().contains("azp");
  if (jwt.audiences().size() == 1 && !names_party) return true;
  return find_claim(jwt.claims(), {"azp"}) == client_id;
}

}  // namespace

Result<std::unique_ptr<OidcProvider>> OidcProvider::make(
    OidcClient client, http::Fetcher& fetcher, Report const& report
) {
  jose::JwtProfile profile;
  profile.issuer = client.issuer;
  profile.audiences = {client.client_id};
  profile.algorithms = {jose::kPublicKeyAlgorithms.begin(), jose::kPublicKeyAlgorithms.end()};
  profile.issued_at_required = true;
  auto issuer = TRY(http::Url::parse(client.issuer));
  auto id_token = TRY(jose::JwtVerifier::make(profile));
  // Back-Channel Logout §2.4 wants the type of its own, and not all providers give it.
  profile.types = {"logout+jwt", "JWT"};
  auto logout_token = TRY(jose::JwtVerifier::make(std::move(profile)));
  return std::unique_ptr<OidcProvider>(new OidcProvider(
      std::move(client),
      std::move(issuer),
      {std::move(id_token), std::move(logout_token)},
      fetcher,
      report
  ));
}

OidcProvider::OidcProvider(
    OidcClient client,
    http::Url issuer,
    Verifiers verifiers,
    http::Fetcher& fetcher,
    Report const& report
)
    : client_(std::move(client)),
      issuer_(std::move(issuer)),
      verifiers_(std::move(verifiers)),
      fetcher_(fetcher),
      fetch_(documents_of(fetcher)),
      metadata_(kTimes, [this, report] { return fetch_metadata(report); }),
      keys_({
          .issuer = client_.issuer,
          .url = {},
          .fetch = fetch_,
          .report = [report, name = client_.name](auto what) { report(name, what); },
      }) {}

OidcProvider::Metadata OidcProvider::fetch_metadata(Report const& report) {
  auto document = fetch_(discovery_url(client_.issuer), http::Reach::configured);
  auto metadata = document ? OidcMetadata::parse(*document, issuer_)
                           : std::unexpected(std::move(document).error());
  if (metadata) return std::make_shared<OidcMetadata const>(std::move(*metadata));
  report(client_.name, metadata.error().private_detail);
  return nullptr;
}

Result<http::FetchRequest> OidcProvider::token_request(
    OidcMetadata const& metadata, std::string const& code, Secret const& code_verifier
) const {
  auto auth = TRY(auth_of(client_, metadata));
  auto secret = client_.client_secret ? client_.client_secret->reveal() : std::string_view();
  http::FetchRequest request{
      .method = http::FetchMethod::post,
      .url = metadata.token_endpoint,
      .headers = {
          {"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}
      },
  };
  // The operator named the issuer's host, and no other.
  if (request.url.origin() == issuer_.origin()) request.reach = http::Reach::configured;
  append_pair(request.body, "grant_type", "authorization_code");
  append_pair(request.body, "code", code);
  append_pair(request.body, "redirect_uri", client_.redirect_uri);
  append_pair(request.body, "code_verifier", code_verifier.reveal());
  if (auth == ClientAuth::client_secret_basic) {
    request.headers.push_back({"Authorization", basic_credentials(client_.client_id, secret)});
  } else {
    append_pair(request.body, "client_id", client_.client_id);
  }
  if (auth == ClientAuth::client_secret_post) {
    append_pair(request.body, "client_secret", secret);
  }
  return request;
}

Result<jose::VerifiedJwt> OidcProvider::redeem(
    OidcMetadata const& metadata, std::string const& code, Secret const& code_verifier, Time now
) {
  auto request = TRY(token_request(metadata, code, code_verifier));
  auto answer = TRY(fetcher_.fetch(request));
  if (answer.status != 200) {
    return refuse(
        "the token endpoint says " + std::to_string(answer.status) + error_word(answer.body)
    );
  }
  auto parsed = codec::parse_json(answer.body);
  auto const* members = parsed ? parsed->if_object() : nullptr;
  auto id_token = members ? find_claim(*members, {"id_token"}) : std::string_view();
  if (id_token.empty()) return refuse("the token endpoint gives no ID token");
  auto jwt = TRY(verify(id_token, verifiers_.id_token, now));
  if (!is_issued_to(client_.client_id, jwt)) return refuse("the ID token: azp is not ours");
  return jwt;
}

Result<jose::VerifiedJwt> OidcProvider::verify_logout_token(std::string_view token, Time now) {
  return verify(token, verifiers_.logout_token, now);
}

Result<jose::VerifiedJwt> OidcProvider::verify(
    std::string_view token, jose::JwtVerifier const& verifier, Time now
) {
  auto jwt = keys_.verify(token, verifier, now);
  if (jwt) return std::move(*jwt);
  return refuse(
      "the token: " + std::string(name_of(jwt.error().fault)) + ": " + jwt.error().detail
  );
}

}  // namespace keystead::authn

// An OpenID Provider, and what we are there: a client that turns codes into ID tokens.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authn/issuer_keys.hpp"
#include "authn/oidc_metadata.hpp"
#include "authn/refreshed.hpp"
#include "base/secret.hpp"
#include "http/fetcher.hpp"
#include "jose/jwt_verifier.hpp"

namespace keystead::authn {

// What the configuration says of one provider.
struct OidcClient {
  std::string name;
  std::string title;   // for the person who signs in
  std::string issuer;  // byte for byte
  std::string client_id;
  std::optional<Secret> client_secret;  // none: a public client
  std::vector<std::string> scopes;
  std::optional<ClientAuth> client_auth;  // none: what the provider supports
  // Of this provider and no other, so that a code of one is never sent to another (attack 50).
  std::string redirect_uri;
};

// Safe from any thread. What it asks others may take some seconds.
class OidcProvider {
 public:
  using Metadata = Refreshed<OidcMetadata>::Value;

  // Told why what the provider says is no good, for the log. It never holds a secret.
  using Report = std::function<void(std::string_view name, std::string_view what)>;

  // Code::invalid_request for a client that no ID token could be meant for. `fetcher` outlives the
  // object.
  static Result<std::unique_ptr<OidcProvider>> make(
      OidcClient client, http::Fetcher& fetcher, Report const& report
  );

  OidcClient const& client() const { return client_; }

  // Null while the provider cannot be reached, or says nothing that could be trusted.
  Metadata metadata(Time now) { return metadata_.get(now); }

  // What the token endpoint gives for a code, once it has been found genuine (OpenID Connect Core
  // §3.1.3.7), but for its nonce. Code::unavailable if there is no answer, Code::unauthorized for
  // one that is no good.
  Result<jose::VerifiedJwt> redeem(
      OidcMetadata const& metadata, std::string const& code, Secret const& code_verifier, Time now
  );

  // A token of the provider for us that is no ID token, or one that does not say what it is:
  // whether it tells of a logout is for the caller to see. Code::unauthorized.
  Result<jose::VerifiedJwt> verify_logout_token(std::string_view token, Time now);

 private:
  // One for each kind of token.
  struct Verifiers {
    jose::JwtVerifier id_token;
    jose::JwtVerifier logout_token;
  };

  OidcProvider(
      OidcClient client,
      http::Url issuer,
      Verifiers verifiers,
      http::Fetcher& fetcher,
      Report const& report
  );
  Result<jose::VerifiedJwt> verify(
      std::string_view token, jose::JwtVerifier const& verifier, Time now
  );
  Metadata fetch_metadata(Report const& report);
  Result<http::FetchRequest> token_request(
      OidcMetadata const& metadata, std::string const& code, Secret const& code_verifier
  ) const;

  OidcClient client_;
  http::Url issuer_;
  Verifiers verifiers_;
  http::Fetcher& fetcher_;
  FetchDocument fetch_;
  Refreshed<OidcMetadata> metadata_;
  IssuerKeys keys_;
};

}  // namespace keystead::authn

// Who asks at the token endpoint (RFC 6749 §2.3, §3.2.1): a client of ours, by the method that it
// has, or a script that shows an API key as the secret of a client that is none.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "authn/authenticator.hpp"
#include "authn/dpop_proof.hpp"
#include "domain/grant.hpp"
#include "oauth/checks/client_assertion.hpp"
#include "oauth/clients.hpp"
#include "oauth/token_error.hpp"
#include "oauth/token_request.hpp"

namespace keystead::oauth {

// A request to an endpoint that clients call.
struct TokenCall {
  domain::Issuer const& issuer;  // whose endpoint it is
  TokenRequest const& request;
  std::string_view authorization;  // the header; empty if there is none
  std::string_view address;        // where the client is
  std::string_view request_id;
  std::optional<authn::ShownProof> proof = {};  // of a key that is the client's (RFC 9449)
  // Counts what a stranger makes us do; false where it was too much. None: it was counted before.
  std::function<bool()> count_stranger = {};
};

// Whether a client may come here first, so that the document of one that is unknown is fetched.
// Everywhere else it has come from where it began (attack 62).
enum class Meets { known, strangers };

struct ProvenClient {
  domain::Client client;
  // Whether it is a client of ours; any other has no more than the id that it calls itself by.
  bool is_ours = false;
  std::optional<domain::Principal> key = {};  // that it has shown as its secret

  bool is_confidential() const { return key || (is_ours && !client.is_public()); }
  // Whether what hangs on the grant is this client's to look at and to end.
  bool owns(domain::Grant const& grant) const {
    return key ? grant.key == key->key() : grant.client == client.id;
  }
};

class ClientAuthentication {
 public:
  struct Parts {
    Clients const& clients;
    authn::Authenticator const& authenticator;
    authn::KeyDigester const& digester;
    domain::KeyKinds const& kinds;
    ClientAssertions assertions;
    Clock const& clock;
  };

  // What `parts` refers to outlives the object.
  explicit ClientAuthentication(Parts const& parts) : parts_(parts) {}

  // invalid_request for two ways of authentication, or two names, in one request (attack 60);
  // invalid_client for everything else, whatever is wrong; but temporarily_unavailable where a
  // document is needed and cannot be had now. May wait; throws store::Broken.
  TokenResult<ProvenClient> prove(TokenCall const& call, Meets meets = Meets::known) const;

  // The same where what is asked for proves enough: a client that is none of ours needs no secret,
  // and one of ours proves itself all the same, so that nobody asks in its name.
  TokenResult<ProvenClient> prove_or_name(TokenCall const& call) const;

 private:
  struct Shown {
    domain::ClientId id;
    std::string secret;     // empty for none
    std::string assertion;  // the same
  };
  TokenResult<Shown> read(TokenCall const& call) const;
  TokenResult<std::optional<domain::Client>> find(
      domain::ClientId const& id, TokenCall const& call, Meets meets
  ) const;
  bool is_proven(
      domain::Client const& client, Shown const& shown, domain::Issuer const& issuer
  ) const;
  bool is_secret(domain::Client const& client, std::string_view text) const;
  TokenResult<ProvenClient> prove_key(Shown const& shown, TokenCall const& call) const;

  Parts parts_;
};

}  // namespace keystead::oauth

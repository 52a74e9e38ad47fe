// An application that asks for tokens (RFC 6749 §2): what it has told about itself, and how it
// proves who it is.
#pragma once

#include <array>
#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "domain/ids.hpp"

namespace keystead::domain {

// Text that compares byte by byte: kc_… of our own, or the https URL of a client's metadata
// document. A script that shows an API key as its secret calls itself what it likes.
class ClientId {
 public:
  static constexpr std::size_t kBytesMax = 512;

  ClientId() = default;
  explicit ClientId(std::string text) : text_(std::move(text)) {}

  std::string const& text() const { return text_; }

  friend auto operator<=>(ClientId const&, ClientId const&) = default;

 private:
  std::string text_;
};

// HMAC-SHA-256 of a client's secret under one version of the pepper.
using ClientSecretDigest = std::array<unsigned char, 32>;

// As RFC 7591 §2 and OpenID Connect Core §9 name them.
enum class ClientAuth { none, client_secret_basic, client_secret_post, private_key_jwt };

enum class GrantType {
  authorization_code,
  refresh_token,
  client_credentials,
  token_exchange,
  device_code,
  jwt_bearer,
};

// How we know it: it registered itself (RFC 7591), an operator entered it, or its id is the address
// of its metadata document.
enum class ClientOrigin { registered, configured, metadata_document };

std::string_view name_of(ClientAuth method);
std::string_view name_of(GrantType type);  // as in grant_type: the last three are URNs
std::string_view name_of(ClientOrigin origin);
// Exactly one of these names.
std::optional<ClientAuth> parse_client_auth(std::string_view name);
std::optional<GrantType> parse_grant_type(std::string_view name);
std::optional<ClientOrigin> parse_client_origin(std::string_view name);

struct Client {
  ClientId id;
  std::string name = {};
  ClientOrigin origin = ClientOrigin::configured;
  ClientAuth auth = ClientAuth::none;
  std::optional<ClientSecretDigest> secret = {};
  int pepper_version = 1;
  std::vector<std::string> redirect_uris = {};
  std::vector<GrantType> grant_types = {};
  std::vector<std::string> scopes = {};  // that it may ask for; empty: all
  // The keys of private_key_jwt: a JWK set as text, or the URL at which the client publishes one.
  std::string jwks = {};
  std::string metadata = "{}";  // what else it told, for the consent page: client_uri, logo_uri
  // Where it acts by itself, with client_credentials; none for a client that acts for people only.
  std::optional<TenantId> tenant = {};
  std::string address = {};  // from which it registered
  Time created_at = {};
  std::optional<Time> last_used_at = {};
  std::optional<Time> fresh_until = {};  // of a metadata document: when it is fetched again
  // RFC 9449 §5.2, dpop_bound_access_tokens: it takes no token that is not bound to a key of its.
  bool is_key_bound = false;

  bool is_public() const { return auth == ClientAuth::none; }
  bool publishes_keys() const { return jwks.starts_with("http"); }  // a set begins with a brace
  bool may(GrantType type) const;
};

}  // namespace keystead::domain

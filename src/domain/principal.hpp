// Who is calling, proven. Only authn::Authenticator can make a Principal.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "domain/ids.hpp"
#include "domain/restriction.hpp"
#include "domain/scope.hpp"

namespace keystead::authn {
class Authenticator;
}

namespace keystead::domain {

class Principal {
 public:
  // None for a credential that is bound to no tenant: it gets no Permit for tenant data.
  std::optional<TenantId> const& tenant() const { return tenant_; }
  KeyId const& key() const { return key_; }  // the key that it proved itself with; none of a person
  // The person whose sign-in it is; none for a key.
  std::optional<UserId> const& user() const { return user_; }
  // Whether it may manage what is not its own: the keys of others, why others were refused. A
  // person may as an administrator of the tenant.
  bool manages() const { return manages_; }
  // Who presented nothing, where that is allowed.
  bool is_nobody() const { return !user_ && key_ == KeyId{} && !delegation(); }
  // Of an access token: by which client, and on which grant. With neither a key nor a user it is
  // the client itself that acts. Null for any other credential.
  Delegation const* delegation() const {
    return restriction_ && restriction_->delegation ? &*restriction_->delegation : nullptr;
  }
  // Whether it has proven a key, to which its token is bound (RFC 9449).
  bool is_key_bound() const { return restriction_ && !restriction_->key_thumbprint.empty(); }
  // Whose acts these are, for records and answers: user, key or client, and the id of that.
  std::string_view bearer_kind() const {
    if (user_) return "user";
    return delegation() && key_ == KeyId{} ? "client" : "key";
  }
  std::string bearer_id() const {
    if (user_) return user_->text();
    return delegation() && key_ == KeyId{} ? delegation()->client.text() : key_.text();
  }
  ScopeSet const& scopes() const { return scopes_; }
  // Index into the environments of the key's format; 0 also where it has none. Each environment has
  // its own data.
  std::uint8_t environment() const { return environment_; }
  // Index into the kinds of keys of the configuration; 0 is "tenant".
  std::uint8_t kind() const { return kind_; }
  Time expires_at() const { return expires_at_; }  // Time::max() for never
  // Null for a credential that is held to nothing but its scopes.
  Restriction const* restriction() const { return restriction_.get(); }

 private:
  friend class authn::Authenticator;
  Principal(
      std::optional<TenantId> const& tenant,
      KeyId const& key,
      ScopeSet const& scopes,
      std::uint8_t environment = 0,
      std::uint8_t kind = 0,
      Time expires_at = Time::max(),
      std::shared_ptr<Restriction const> restriction = {},
      std::optional<UserId> const& user = {},
      bool manages = true
  )
      : tenant_(tenant),
        key_(key),
        user_(user),
        manages_(manages),
        scopes_(scopes),
        environment_(environment),
        kind_(kind),
        expires_at_(expires_at),
        restriction_(std::move(restriction)) {}

  std::optional<TenantId> tenant_;
  KeyId key_;
  std::optional<UserId> user_;
  bool manages_;
  ScopeSet scopes_;
  std::uint8_t environment_;
  std::uint8_t kind_;
  Time expires_at_;
  std::shared_ptr<Restriction const> restriction_;
};

}  // namespace keystead::domain

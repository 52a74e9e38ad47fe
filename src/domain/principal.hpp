// Who is calling, proven. Only authn::Authenticator can make a Principal.
#pragma once

#include "base/clock.hpp"
#include "domain/ids.hpp"
#include "domain/scope.hpp"

namespace keystead::authn {
class Authenticator;
}

namespace keystead::domain {

class Principal {
 public:
  TenantId const& tenant() const { return tenant_; }
  KeyId const& key() const { return key_; }  // the key that it proved itself with
  ScopeSet const& scopes() const { return scopes_; }

 private:
  friend class authn::Authenticator;
  Principal(TenantId const& tenant, KeyId const& key, ScopeSet const& scopes)
      : tenant_(tenant), key_(key), scopes_(scopes) {}

  TenantId tenant_;
  KeyId key_;
  ScopeSet scopes_;
};

}  // namespace keystead::domain

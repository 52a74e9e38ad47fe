// GrantStore over the control plane in either database; for Store see user_store_on.hpp.
#pragma once

#include "store/grant_store.hpp"

namespace keystead::store {

template <class Store>
class GrantStoreOn final : public GrantStore {
 public:
  // The store outlives it.
  explicit GrantStoreOn(Store& store) : store_(store) {}

  Result<void> add_grant(domain::Grant const& grant, domain::AuditEntry const& entry) override;
  std::optional<domain::Grant> find_alike(domain::Grant const& grant) override;
  Result<domain::Grant> find_or_add_grant(
      domain::Grant const& grant, domain::AuditEntry const& entry
  ) override;
  std::optional<domain::Grant> find_grant(domain::GrantId const& id) override;
  std::vector<domain::Grant> list_grants(domain::UserId const& user) override;
  std::vector<domain::Grant> list_grants(domain::KeyId const& key) override;
  bool has_grants(domain::KeyId const& key) override;
  std::vector<std::string> granted_scopes(
      domain::UserId const& user,
      std::optional<domain::TenantId> const& tenant,
      domain::ClientId const& client
  ) override;
  void note_grant_uses(std::span<GrantUse const> uses) override;
  Result<std::vector<domain::GrantId>> end_grant(
      domain::GrantId const& id, Time when, domain::AuditEntry const& entry
  ) override;
  std::vector<domain::GrantId> end_grants(
      domain::UserId const& user,
      std::optional<domain::TenantId> const& tenant,
      domain::ClientId const& client,
      Time when,
      domain::AuditEntry const& entry
  ) override;

  Result<void> add_code(
      domain::AuthorizationCode const& code,
      domain::Grant const& grant,
      domain::AuditEntry const& entry
  ) override;
  std::optional<domain::AuthorizationCode> find_code(
      domain::GrantSecretDigest const& digest, Time now
  ) override;
  Result<RedeemedCode> redeem_code(
      domain::GrantSecretDigest const& digest,
      std::optional<domain::RefreshToken> const& first,
      Time now,
      domain::AuditEntry const& entry,
      domain::AuditEntry const& replay
  ) override;

  std::optional<domain::RefreshToken> find_refresh_token(
      domain::GrantSecretDigest const& digest, Time now
  ) override;
  Result<RotatedToken> rotate_refresh_token(
      domain::GrantSecretDigest const& digest,
      domain::RefreshToken const& successor,
      std::chrono::seconds retry_window,
      Time now,
      domain::AuditEntry const& entry,
      domain::AuditEntry const& reuse
  ) override;

  std::size_t reap_grants(Time now, Time idle_since) override;

 private:
  using Reading = typename Store::Reading;
  using Writing = typename Store::Writing;

  Store& store_;
};

}  // namespace keystead::store

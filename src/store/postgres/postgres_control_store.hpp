// The control plane in PostgreSQL. One connection writes; a pool of others reads, so that a read
// never waits for a write.
//
// One node at a time: the connection that writes holds a lock of the session, and a second node on
// the same database is refused. And every transaction that writes holds one of its own, so that the
// audit log stays a chain also while a lost session is being replaced.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

#include "store/audit_table.hpp"
#include "store/authorization_store.hpp"
#include "store/client_store.hpp"
#include "store/control_store.hpp"
#include "store/grant_store.hpp"
#include "store/key_table.hpp"
#include "store/once_store.hpp"
#include "store/postgres/pool.hpp"
#include "store/postgres/url.hpp"
#include "store/second_factor_store.hpp"
#include "store/session_store.hpp"
#include "store/signing_key_store.hpp"
#include "store/user_store.hpp"

namespace keystead::store {

struct PostgresOptions {
  std::size_t readers_max = 8;
};

// Opens the control plane, and brings its schema up to date. Code::conflict if another node has the
// database. Throws store::Broken, with one line for the operator, if it cannot be reached, its
// version or our role on it cannot hold tenants apart, or it was written by a newer version.
Result<std::unique_ptr<ControlStore>> open_postgres(
    postgres::Url const& url, PostgresOptions const& options = {}
);

class PostgresControlStore final : public ControlStore {
 public:
  // `writer` holds the lock of the session.
  PostgresControlStore(
      postgres::Url url,
      PostgresOptions const& options,
      std::unique_ptr<postgres::Connection> writer
  );

  bool has_keys() override;
  void seal_with(Seal seal) override;

  Result<void> add_tenant(domain::Tenant const& tenant, domain::AuditEntry const& entry) override;
  std::vector<domain::Tenant> list_tenants() override;
  std::optional<domain::Tenant> find_tenant(domain::TenantId const& id) override;
  Result<std::vector<domain::TenantId>> remove_tenant(
      domain::TenantId const& id, domain::AuditEntry const& entry
  ) override;

  UserStore& users() override { return *users_; }
  SessionStore& sessions() override { return *sessions_; }
  OnceStore& once() override { return *once_; }
  SecondFactorStore& second_factors() override { return *second_factors_; }
  ClientStore& clients() override { return *clients_; }
  GrantStore& grants() override { return *grants_; }
  AuthorizationStore& authorizations() override { return *authorizations_; }
  SigningKeyStore& signing_keys() override { return *signing_keys_; }

  Result<void> add_key(
      domain::ApiKey const& key, KeyQuota const& quota, domain::AuditEntry const& entry
  ) override;
  std::optional<domain::ApiKey> find_key(domain::KeyDigest const& digest) override;
  std::optional<domain::ApiKey> find_key(domain::KeyId const& id) override;
  std::vector<domain::ApiKey> list_keys(std::optional<domain::TenantId> const& tenant) override;
  Result<std::vector<domain::ApiKey>> revoke_key(
      domain::KeyId const& id, Time when, domain::AuditEntry const& entry
  ) override;
  Result<domain::ApiKey> rename_key(
      domain::KeyId const& id, std::string const& name, domain::AuditEntry const& entry
  ) override;
  Result<std::vector<domain::ApiKey>> rotate_key(
      domain::KeyId const& old_key,
      Time old_expires_at,
      domain::ApiKey const& new_key,
      Time now,
      domain::AuditEntry const& entry
  ) override;
  Result<void> settle_digest(
      domain::KeyId const& id, domain::KeyDigest const& digest, int pepper_version
  ) override;
  void note_key_uses(std::span<KeyUse const> uses) override;
  void each_active_key(Time now, std::function<void(domain::ApiKey const&)> const& visit) override;
  std::uint64_t broken_seals() const override { return broken_seals_; }

  void append_audit(std::span<domain::AuditEntry const> entries) override;
  std::vector<domain::AuditRecord> read_audit(std::uint64_t after, std::size_t limit) override;
  std::optional<domain::AuditRecord> find_denial(std::string_view request) override;
  std::optional<AuditHead> audit_head() override;

 private:
  using KeyTable = KeyTableOn<postgres::Connection>;
  using AuditTable = AuditTableOn<postgres::Connection>;

  template <class>
  friend class UserStoreOn;
  template <class>
  friend class SessionStoreOn;
  template <class>
  friend class OnceStoreOn;
  template <class>
  friend class SecondFactorStoreOn;
  template <class>
  friend class ClientStoreOn;
  template <class>
  friend class GrantStoreOn;
  template <class>
  friend class AuthorizationStoreOn;
  template <class>
  friend class SigningKeyStoreOn;

  class Reading;
  // A transaction that writes, which is alone in that.
  class Writing;

  void make_user_stores();
  void make_oauth_stores();

  // A new one if the server has closed the one that there was. REQUIRES: the mutex.
  postgres::Connection& writer();
  Seal const& seal() const;
  SealWatch seals() { return {seal(), broken_seals_}; }
  // Nothing for a row whose seal does not fit, which is counted.
  std::optional<domain::ApiKey> accept(std::optional<KeyRow> row);

  postgres::Url url_;
  std::mutex writer_mutex_;
  std::unique_ptr<postgres::Connection> writer_;
  postgres::Pool readers_;
  std::optional<Seal> seal_;  // written once, before other threads know the store
  std::atomic<std::uint64_t> broken_seals_ = 0;
  std::unique_ptr<UserStore> users_;
  std::unique_ptr<SessionStore> sessions_;
  std::unique_ptr<OnceStore> once_;
  std::unique_ptr<SecondFactorStore> second_factors_;
  std::unique_ptr<ClientStore> clients_;
  std::unique_ptr<GrantStore> grants_;
  std::unique_ptr<AuthorizationStore> authorizations_;
  std::unique_ptr<SigningKeyStore> signing_keys_;
};

}  // namespace keystead::store

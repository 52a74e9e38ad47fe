// The control plane in DATA/keystead.db. One connection writes and another reads, each behind its
// own mutex, so that a read never waits for a write to reach the disk.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>

#include "store/authorization_store.hpp"
#include "store/client_store.hpp"
#include "store/control_store.hpp"
#include "store/grant_store.hpp"
#include "store/once_store.hpp"
#include "store/revocation_journal.hpp"
#include "store/second_factor_store.hpp"
#include "store/session_store.hpp"
#include "store/signing_key_store.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/key_table.hpp"
#include "store/user_store.hpp"

namespace keystead::store {

// Opens the control plane in a data folder that is held already (see data_folder.hpp): ends a
// restore that was interrupted, and brings the schema up to date. Throws store::Broken if the
// database is damaged or was written by a newer version.
std::unique_ptr<ControlStore> open_sqlite(std::filesystem::path const& data_folder);

// Keeps the revocation journal beside the database. seal_with replays it, so that no key can be
// asked for before.
class SqliteControlStore final : public ControlStore {
 public:
  explicit SqliteControlStore(std::filesystem::path file);

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
  struct Connection {
    Connection(std::filesystem::path const& file, Database::Options options)
        : database(file, options) {}
    std::mutex mutex;
    Database database;
  };

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

  // The connection that reads, and a transaction of that which writes, while nobody else has it.
  class Reading;
  class Writing;

  void make_user_stores();
  void make_oauth_stores();
  Seal const& seal() const;
  SealWatch seals() { return {seal(), broken_seals_}; }
  // In a transaction of the writer's.
  void append(domain::AuditEntry const& entry);
  KeyTable keys_to_write() { return KeyTable(writer_.database, seal()); }
  KeyTable keys_to_read() { return KeyTable(reader_.database, seal()); }
  // Before the commit of what it says.
  void note(std::span<KeyEnd const> ends);
  // Nothing for a row whose seal does not fit, which is counted.
  std::optional<domain::ApiKey> accept(std::optional<KeyTable::Row> row);

  std::filesystem::path file_;
  std::filesystem::path journal_;
  Connection writer_;
  Connection reader_;
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

// The control plane in DATA/keystead.db. One connection writes and another reads, each behind its
// own mutex, so that a read never waits for a write to reach the disk.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>

#include "store/control_store.hpp"
#include "store/sqlite/database.hpp"

namespace keystead::store {

// Opens the control plane in a data folder that is held already (see data_folder.hpp), and brings
// its schema up to date. Throws store::Broken if the database is damaged or was written by a newer
// version.
std::unique_ptr<ControlStore> open_sqlite(std::filesystem::path const& data_folder);

class SqliteControlStore final : public ControlStore {
 public:
  explicit SqliteControlStore(std::filesystem::path file);

  Result<void> add_tenant(domain::Tenant const& tenant) override;
  std::vector<domain::Tenant> list_tenants() override;
  std::optional<domain::Tenant> find_tenant(domain::TenantId const& id) override;
  Result<std::vector<domain::TenantId>> remove_tenant(domain::TenantId const& id) override;

  Result<void> add_user(domain::User const& user) override;

  Result<void> add_key(domain::ApiKey const& key) override;
  std::optional<domain::ApiKey> find_key(domain::KeyDigest const& digest) override;
  std::optional<domain::ApiKey> find_key(domain::KeyId const& id) override;
  std::vector<domain::ApiKey> list_keys(std::optional<domain::TenantId> const& tenant) override;
  Result<domain::ApiKey> revoke_key(domain::KeyId const& id, Time when) override;
  Result<void> rotate_key(
      domain::KeyId const& old_key, Time old_expires_at, domain::ApiKey const& new_key, Time now
  ) override;
  void note_key_uses(std::span<KeyUse const> uses) override;
  void each_active_key(Time now, std::function<void(domain::ApiKey const&)> const& visit) override;

 private:
  struct Connection {
    Connection(std::filesystem::path const& file, Database::Options options)
        : database(file, options) {}
    std::mutex mutex;
    Database database;
  };

  std::filesystem::path file_;
  Connection writer_;
  Connection reader_;
};

}  // namespace keystead::store

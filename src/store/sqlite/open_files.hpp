// The tenants' files that are open: a bounded number, of which the one unused for longest is closed
// first.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "store/sqlite/tenant_file.hpp"
#include "store/tenant_store.hpp"

namespace keystead::store {

class OpenFiles {
 public:
  OpenFiles(TenantStores::Options options, std::span<domain::Collection const> collections);

  // The file of a tenant, which stays open as long as it is held. All who hold it hold the same
  // object. The bound is passed while more files than that are held at once.
  std::shared_ptr<TenantFile> get(domain::TenantId const& tenant);

  // Deletes the tenant's file, and keeps a request that is still under way from making it anew.
  void remove(domain::TenantId const& tenant);

 private:
  using Entry = std::pair<domain::TenantId, std::shared_ptr<TenantFile>>;

  std::shared_ptr<TenantFile> make(domain::TenantId const& tenant) const;
  std::vector<std::shared_ptr<TenantFile>> take_unused();

  TenantStores::Options options_;
  std::span<domain::Collection const> collections_;

  std::mutex mutex_;
  std::list<Entry> files_;  // the latest used first
  std::unordered_map<domain::TenantId, std::list<Entry>::iterator> index_;
  std::unordered_map<domain::TenantId, std::shared_ptr<TenantFile>> removed_;
};

}  // namespace keystead::store

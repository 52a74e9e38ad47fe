// The tenants' files that are open: a bounded number, of which the one unused for longest is closed
// first.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_set>
#include <vector>

#include "store/sqlite/tenant_file.hpp"
#include "store/tenant_store.hpp"

namespace keystead::store {

class OpenFiles {
 public:
  OpenFiles(TenantStores::Options options, std::span<domain::Collection const> collections);

  // The file of an owner, which stays open as long as it is held. All who hold it hold the same
  // object. The bound is passed while more files than that are held at once.
  std::shared_ptr<TenantFile> get(FileOwner const& owner);

  // Deletes the tenant's files of all environments, and keeps a request that is still under way
  // from making them anew.
  void remove(domain::TenantId const& tenant);

 private:
  using Entry = std::pair<FileOwner, std::shared_ptr<TenantFile>>;

  std::shared_ptr<TenantFile> make(FileOwner const& owner) const;
  std::vector<std::shared_ptr<TenantFile>> take_all(domain::TenantId const& tenant);
  std::vector<std::shared_ptr<TenantFile>> take_unused();

  TenantStores::Options options_;
  std::span<domain::Collection const> collections_;

  std::mutex mutex_;
  std::list<Entry> files_;  // the latest used first
  std::map<FileOwner, std::list<Entry>::iterator> index_;
  std::unordered_set<domain::TenantId> removed_;
};

}  // namespace keystead::store

#include "store/sqlite/open_files.hpp"

namespace keystead::store {

OpenFiles::OpenFiles(TenantStores::Options options, std::span<domain::Collection const> collections)
    : options_(std::move(options)), collections_(collections) {}

std::shared_ptr<TenantFile> OpenFiles::make(domain::TenantId const& tenant) const {
  return std::make_shared<TenantFile>(
      options_.folder / (tenant.text() + ".db"), tenant, collections_, options_.query_time_max
  );
}

std::shared_ptr<TenantFile> OpenFiles::get(domain::TenantId const& tenant) {
  // Closing a file may wait for the disk, so it happens after the lock is gone.
  std::vector<std::shared_ptr<TenantFile>> unused;
  std::scoped_lock lock(mutex_);
  if (auto removed = removed_.find(tenant); removed != removed_.end()) return removed->second;
  if (auto known = index_.find(tenant); known != index_.end()) {
    files_.splice(files_.begin(), files_, known->second);
    return files_.front().second;
  }
  files_.emplace_front(tenant, make(tenant));
  index_.emplace(tenant, files_.begin());
  auto file = files_.front().second;
  unused = take_unused();
  return file;
}

std::vector<std::shared_ptr<TenantFile>> OpenFiles::take_unused() {
  std::vector<std::shared_ptr<TenantFile>> unused;
  auto at = files_.end();
  while (files_.size() > options_.open_files_max && at != files_.begin()) {
    --at;
    // Nobody can take a new reference while the list is locked, so one reference is ours alone.
    if (at->second.use_count() > 1) continue;
    unused.push_back(std::move(at->second));
    index_.erase(at->first);
    at = files_.erase(at);
  }
  return unused;
}

void OpenFiles::remove(domain::TenantId const& tenant) {
  std::shared_ptr<TenantFile> file;
  {
    std::scoped_lock lock(mutex_);
    if (auto known = index_.find(tenant); known != index_.end()) {
      file = known->second->second;
      files_.erase(known->second);
      index_.erase(known);
    } else {
      file = make(tenant);
    }
    removed_.try_emplace(tenant, file);
  }
  file->remove();
}

}  // namespace keystead::store

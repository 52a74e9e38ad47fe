#include "store/sqlite/open_files.hpp"

#include <limits>
#include <string>

namespace keystead::store {
namespace {

constexpr int kEnvironmentMax = std::numeric_limits<std::uint8_t>::max();

// The first environment has the name that a file had before there were environments.
std::string name_of(FileOwner const& owner) {
  std::string name = owner.tenant.text();
  if (owner.environment > 0) name += "." + std::to_string(owner.environment);
  return name + ".db";
}

}  // namespace

OpenFiles::OpenFiles(TenantStores::Options options, std::span<domain::Collection const> collections)
    : options_(std::move(options)), collections_(collections) {}

std::shared_ptr<TenantFile> OpenFiles::make(FileOwner const& owner) const {
  return std::make_shared<TenantFile>(
      options_.folder / name_of(owner), owner, collections_, options_.query_time_max
  );
}

std::shared_ptr<TenantFile> OpenFiles::get(FileOwner const& owner) {
  // Closing a file may wait for the disk, so it happens after the lock is gone.
  std::vector<std::shared_ptr<TenantFile>> unused;
  std::scoped_lock lock(mutex_);
  if (removed_.contains(owner.tenant)) {
    auto file = make(owner);
    file->remove();
    return file;
  }
  if (auto known = index_.find(owner); known != index_.end()) {
    files_.splice(files_.begin(), files_, known->second);
    return files_.front().second;
  }
  files_.emplace_front(owner, make(owner));
  index_.emplace(owner, files_.begin());
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

std::vector<std::shared_ptr<TenantFile>> OpenFiles::take_all(domain::TenantId const& tenant) {
  std::vector<std::shared_ptr<TenantFile>> files;
  for (int environment = 0; environment <= kEnvironmentMax; ++environment) {
    FileOwner owner{tenant, static_cast<std::uint8_t>(environment)};
    if (auto known = index_.find(owner); known != index_.end()) {
      files.push_back(known->second->second);
      files_.erase(known->second);
      index_.erase(known);
    } else if (std::filesystem::exists(options_.folder / name_of(owner))) {
      files.push_back(make(owner));
    }
  }
  return files;
}

void OpenFiles::remove(domain::TenantId const& tenant) {
  std::vector<std::shared_ptr<TenantFile>> files;
  {
    std::scoped_lock lock(mutex_);
    removed_.insert(tenant);
    files = take_all(tenant);
  }
  for (auto const& file : files) file->remove();
}

}  // namespace keystead::store

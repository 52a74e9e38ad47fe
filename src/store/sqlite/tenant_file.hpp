// One tenant's database file. It is opened when it is first used, and used by one thread at a time.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>

#include "base/result.hpp"
#include "domain/collection.hpp"
#include "domain/ids.hpp"
#include "store/sqlite/database.hpp"

namespace keystead::store {

class TenantFile {
 public:
  // The file to oneself, as long as the object lives.
  class Use {
   public:
    Database& database() const { return *database_; }

   private:
    friend class TenantFile;
    Use(std::unique_lock<std::mutex> lock, Database& database)
        : lock_(std::move(lock)), database_(&database) {}
    std::unique_lock<std::mutex> lock_;
    Database* database_;
  };

  // `collections` outlives the file. No statement runs longer than `time_max`.
  TenantFile(
      std::filesystem::path file,
      domain::TenantId const& tenant,
      std::span<domain::Collection const> collections,
      std::chrono::milliseconds time_max
  );

  // Waits for the file. not_found once the tenant is removed; throws store::Broken if the file is
  // damaged or is another tenant's.
  Result<Use> use();

  // Waits for the file, closes it and deletes it.
  void remove();

 private:
  void open();

  std::filesystem::path file_;
  domain::TenantId tenant_;
  std::span<domain::Collection const> collections_;
  std::chrono::milliseconds time_max_;

  std::mutex mutex_;
  std::unique_ptr<Database> database_;  // null until the first use
  bool is_removed_ = false;
};

}  // namespace keystead::store

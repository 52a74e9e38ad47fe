// One tenant's database file, of one environment. It is opened when it is first used, and used by
// one thread at a time.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>

#include "base/result.hpp"
#include "domain/collection.hpp"
#include "domain/ids.hpp"
#include "store/sqlite/database.hpp"

namespace keystead::store {

// Whose file it is.
struct FileOwner {
  domain::TenantId tenant;
  std::uint8_t environment = 0;  // as domain::Principal counts them

  friend auto operator<=>(FileOwner const&, FileOwner const&) = default;
};

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
      FileOwner const& owner,
      std::span<domain::Collection const> collections,
      std::chrono::milliseconds time_max
  );

  // Waits for the file. not_found once the tenant is removed; throws store::Broken if the file is
  // damaged or is another owner's.
  Result<Use> use();

  // Waits for the file, closes it and deletes it.
  void remove();

 private:
  void open();

  std::filesystem::path file_;
  FileOwner owner_;
  std::span<domain::Collection const> collections_;
  std::chrono::milliseconds time_max_;

  std::mutex mutex_;
  std::unique_ptr<Database> database_;  // null until the first use
  bool is_removed_ = false;
};

}  // namespace keystead::store

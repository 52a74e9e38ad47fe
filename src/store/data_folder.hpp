// The folder that holds everything an installation must not lose. One process has it at a time: the
// lock is the kernel's, so it ends with the process however that ends.
#pragma once

#include <filesystem>

#include "base/result.hpp"

namespace keystead::store {

class DataFolder {
 public:
  // Creates the folder (mode 0700; its parent must exist) if there is none, and locks it.
  // Code::conflict names the folder and the process that holds it; Code::invalid_request if others
  // than its owner may write into it.
  static Result<DataFolder> open(std::filesystem::path const& folder);

  DataFolder(DataFolder&& other) noexcept;
  DataFolder& operator=(DataFolder&& other) noexcept;
  ~DataFolder();

  std::filesystem::path const& path() const { return path_; }

 private:
  DataFolder(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}

  std::filesystem::path path_;
  int lock_;  // DATA/lock, held by flock(2)
};

}  // namespace keystead::store

#include "store/data_folder.hpp"

#include <cerrno>
#include <charconv>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/private_file.hpp"

namespace keystead::store {
namespace {

std::unexpected<Failure> fail_errno(std::string const& what) {
  return fail(Code::unavailable, what + ": " + std::generic_category().message(errno));
}

Result<void> make_folder(std::filesystem::path const& folder) {
  TRY(make_private_folder(folder));
  struct stat status{};
  if (::stat(folder.c_str(), &status) != 0) {
    return fail_errno("cannot look at the data folder " + folder.string());
  }
  if (!S_ISDIR(status.st_mode)) {
    return fail(Code::invalid_request, folder.string() + " is not a folder");
  }
  // The mode of an existing folder is its owner's business as long as nobody else can put files
  // into it: it might be /tmp.
  if ((status.st_mode & 022) != 0) {
    return fail(
        Code::invalid_request,
        "others may write into the data folder " + folder.string() +
            "; chmod 700 it or name another"
    );
  }
  return {};
}

// What the holder wrote into the lock file; 0 if it has not written yet.
long read_pid(int fd) {
  char text[24];
  ssize_t size = ::pread(fd, text, sizeof text, 0);
  long pid = 0;
  if (size > 0) std::from_chars(text, text + size, pid);
  return pid;
}

Result<void> write_pid(int fd, std::filesystem::path const& file) {
  std::string text = std::to_string(::getpid()) + "\n";
  if (::ftruncate(fd, 0) != 0 ||
      ::pwrite(fd, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
    return fail_errno("cannot write " + file.string());
  }
  return {};
}

Result<void> take(int fd, std::filesystem::path const& folder) {
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return write_pid(fd, folder / "lock");
  if (errno != EWOULDBLOCK) return fail_errno("cannot lock " + folder.string());
  long pid = read_pid(fd);
  std::string holder = pid > 0 ? "process " + std::to_string(pid) : std::string("another process");
  return fail(Code::conflict, "the data folder " + folder.string() + " is in use by " + holder);
}

}  // namespace

Result<DataFolder> DataFolder::open(std::filesystem::path const& folder) {
  TRY(make_folder(folder));
  auto file = folder / "lock";
  int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return fail_errno("cannot open " + file.string());
  DataFolder opened(folder, fd);
  TRY(take(fd, folder));
  return opened;
}

DataFolder::DataFolder(DataFolder&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

DataFolder& DataFolder::operator=(DataFolder&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(lock_, other.lock_);
  return *this;
}

DataFolder::~DataFolder() {
  // The file stays: removing it would let two processes hold two different files of that name.
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace keystead::store

#include "store/private_file.hpp"

#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace keystead::store {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor const&) = delete;
  Descriptor& operator=(Descriptor const&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

std::unexpected<Failure> fail_errno(std::string const& what, std::filesystem::path const& file) {
  return fail(
      Code::unavailable, what + " " + file.string() + ": " + std::generic_category().message(errno)
  );
}

Result<void> check_private(int fd, std::filesystem::path const& file, std::size_t bytes_max) {
  struct stat status{};
  if (::fstat(fd, &status) != 0) return fail_errno("cannot look at", file);
  if (!S_ISREG(status.st_mode)) {
    return fail(Code::invalid_request, file.string() + " is not a regular file");
  }
  if ((status.st_mode & 077) != 0) {
    return fail(Code::invalid_request, "others may read " + file.string() + "; chmod 600 it");
  }
  if (status.st_size > static_cast<off_t>(bytes_max)) {
    return fail(Code::invalid_request, file.string() + " is too long");
  }
  return {};
}

Result<void> write_all(int fd, std::string_view text, std::filesystem::path const& file) {
  while (!text.empty()) {
    ssize_t done = ::write(fd, text.data(), text.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return fail_errno("cannot write", file);
    text.remove_prefix(static_cast<std::size_t>(done));
  }
  if (::fsync(fd) != 0) return fail_errno("cannot write", file);
  return {};
}

// A name is durable only when the folder that holds it is.
Result<void> sync_folder(std::filesystem::path const& folder) {
  auto const* path = folder.empty() ? "." : folder.c_str();
  Descriptor fd(::open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0 || ::fsync(fd.get()) != 0) return fail_errno("cannot write", folder);
  return {};
}

}  // namespace

Result<std::optional<Secret>> read_private(
    std::filesystem::path const& file, std::size_t bytes_max
) {
  // Without NONBLOCK a pipe in the file's place would hold up the start for ever.
  Descriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (fd.get() < 0 && errno == ENOENT) return std::nullopt;
  if (fd.get() < 0) return fail_errno("cannot open", file);
  TRY(check_private(fd.get(), file, bytes_max));
  std::string text(bytes_max, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    ssize_t got = ::read(fd.get(), text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno("cannot read", file);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  text.resize(size);
  return Secret(std::move(text));
}

Result<void> write_private(std::filesystem::path const& file, Secret const& text) {
  auto fresh = file;
  fresh += ".new";
  ::unlink(fresh.c_str());
  {
    Descriptor fd(
        ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)
    );
    if (fd.get() < 0) return fail_errno("cannot create", fresh);
    TRY(write_all(fd.get(), text.reveal(), fresh));
  }
  if (::rename(fresh.c_str(), file.c_str()) != 0) return fail_errno("cannot create", file);
  return sync_folder(file.parent_path());
}

Result<void> make_private_folder(std::filesystem::path const& folder) {
  if (::mkdir(folder.c_str(), 0700) == 0) return sync_folder(folder.parent_path());
  if (errno != EEXIST) return fail_errno("cannot create", folder);
  return {};
}

}  // namespace keystead::store

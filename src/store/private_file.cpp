#include "store/private_file.hpp"

#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace keystead::store {
namespace {

constexpr std::size_t kCopyBytes = 1 << 16;

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
  return {};
}

Result<void> sync_file(int fd, std::filesystem::path const& file) {
  if (::fsync(fd) != 0) return fail_errno("cannot write", file);
  return {};
}

// Cuts off what stands behind the last line's end. Gives the size that is left.
Result<off_t> cut_torn_line(int fd, std::filesystem::path const& file) {
  struct stat status{};
  if (::fstat(fd, &status) != 0) return fail_errno("cannot look at", file);
  off_t end = status.st_size;
  for (char last = 0; end > 0; --end) {
    if (::pread(fd, &last, 1, end - 1) != 1) return fail_errno("cannot read", file);
    if (last == '\n') break;
  }
  if (end != status.st_size && ::ftruncate(fd, end) != 0) return fail_errno("cannot write", file);
  return end;
}

Result<void> copy_all(
    int from, int to, std::filesystem::path const& source, std::filesystem::path const& target
) {
  std::string piece(kCopyBytes, '\0');
  for (;;) {
    ssize_t got = ::read(from, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno("cannot read", source);
    if (got == 0) return sync_file(to, target);
    TRY(write_all(to, std::string_view(piece).substr(0, static_cast<std::size_t>(got)), target));
  }
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
    TRY(sync_file(fd.get(), fresh));
  }
  if (::rename(fresh.c_str(), file.c_str()) != 0) return fail_errno("cannot create", file);
  return sync_folder(file.parent_path());
}

Result<void> append_private(std::filesystem::path const& file, std::string_view lines) {
  bool is_new = !std::filesystem::exists(file);
  Descriptor fd(::open(file.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (fd.get() < 0) return fail_errno("cannot open", file);
  off_t end = TRY(cut_torn_line(fd.get(), file));
  auto written = write_all(fd.get(), lines, file);
  if (!written) {
    // Of several lines none is better than some; what cannot be cut off is cut off next time.
    if (::ftruncate(fd.get(), end) != 0) written.error().private_detail = "and it stays torn";
    return written;
  }
  TRY(sync_file(fd.get(), file));
  if (is_new) TRY(sync_folder(file.parent_path()));
  return {};
}

Result<void> copy_private(std::filesystem::path const& from, std::filesystem::path const& to) {
  Descriptor source(::open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (source.get() < 0) return fail_errno("cannot open", from);
  Descriptor target(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (target.get() < 0) return fail_errno("cannot create", to);
  return copy_all(source.get(), target.get(), from, to);
}

// A name is durable only when the folder that holds it is.
Result<void> sync_folder(std::filesystem::path const& folder) {
  auto const* path = folder.empty() ? "." : folder.c_str();
  Descriptor fd(::open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0 || ::fsync(fd.get()) != 0) return fail_errno("cannot write", folder);
  return {};
}

Result<void> make_private_folder(std::filesystem::path const& folder) {
  if (::mkdir(folder.c_str(), 0700) == 0) return sync_folder(folder.parent_path());
  if (errno != EEXIST) return fail_errno("cannot create", folder);
  return {};
}

}  // namespace keystead::store

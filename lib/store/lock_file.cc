#include "lock_file.h"

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace beredd::store {
namespace {

constexpr std::string_view kName = "owner";

base::Error failure(const std::filesystem::path& path) {
  std::string detail = path.string() + ": " + std::strerror(errno);
  if (errno == EACCES || errno == EPERM || errno == EROFS) {
    return base::permanent(base::Code::refused, std::move(detail));
  }
  return base::transient(base::Code::io, std::move(detail));
}

base::Error held(const std::filesystem::path& directory, int fd) {
  char pid[24] = {};
  ssize_t got = ::pread(fd, pid, sizeof pid - 1, 0);
  std::string who = got > 0 ? "process " + std::string(pid, static_cast<std::size_t>(got))
                            : std::string("another process");
  return base::permanent(base::Code::refused, directory.string() + " is in use by " + who);
}

void write_pid(int fd) {
  // For the text of held() alone: the lock counts, not what the file says.
  std::string pid = std::to_string(::getpid());
  if (::ftruncate(fd, 0) == 0 && ::pwrite(fd, pid.data(), pid.size(), 0) < 0) errno = 0;
}

}  // namespace

base::Result<DirectoryLock> DirectoryLock::take(const std::filesystem::path& directory) {
  std::error_code error;
  if (!std::filesystem::exists(directory, error)) {
    std::filesystem::create_directories(directory.parent_path(), error);
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) return failure(directory);
  }
  std::filesystem::path path = directory / kName;
  int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return failure(path);
  DirectoryLock lock(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return held(directory, fd);
    return failure(path);
  }
  write_pid(fd);
  return lock;
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

DirectoryLock::~DirectoryLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace beredd::store

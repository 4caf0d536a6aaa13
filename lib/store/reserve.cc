#include "reserve.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "beredd/base/log.h"

namespace beredd::store {
namespace {

// All of its blocks, or no file at all.
bool make_file(const std::filesystem::path& path, base::Bytes size) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return false;
  const int code = ::posix_fallocate(fd, 0, static_cast<off_t>(size.count()));
  ::close(fd);
  if (code != 0) ::unlink(path.c_str());
  return code == 0;
}

}  // namespace

base::Bytes free_disk(const std::filesystem::path& directory) {
  struct statvfs disk {};
  if (::statvfs(directory.c_str(), &disk) != 0) return {};
  return base::Bytes(std::uint64_t{disk.f_bavail} * disk.f_frsize);
}

Reserve::Reserve(const std::filesystem::path& directory, base::Bytes size)
    : directory_(directory), path_(directory / "reserve"), size_(size) {
  if (size_ == base::Bytes(0)) return;
  std::error_code error;
  const auto there = std::filesystem::file_size(path_, error);
  if (!error && there == size_.count()) return;
  std::filesystem::remove(path_, error);
  released_ = true;
  restore();
}

bool Reserve::release() {
  const std::lock_guard lock(mutex_);
  if (size_ == base::Bytes(0) || released_) return false;
  if (::unlink(path_.c_str()) != 0) return false;
  released_ = true;
  given_up_ = true;
  base::log_error(
      "the disk is full: the reserve is given up for what is under way, no new mail is "
      "taken directory={}",
      directory_.string());
  return true;
}

void Reserve::restore() {
  const std::lock_guard lock(mutex_);
  if (!released_ || free_disk(directory_) < size_ + size_) return;
  if (!make_file(path_, size_)) return;
  released_ = false;
  if (given_up_) base::log_info("the reserve is there again directory={}", directory_.string());
  given_up_ = false;
}

}  // namespace beredd::store

#pragma once
// One process at a time: an exclusive flock(2) on a file in the store's directory.

#include <filesystem>

#include "beredd/base/result.h"

namespace beredd::store {

// Held as long as the object lives; the kernel drops it when the process dies.
class DirectoryLock {
 public:
  // Makes the directory (0700) and the file (0600) when they are not there.
  // Errors: permanent/refused, naming the process that holds it; transient/io.
  static base::Result<DirectoryLock> take(const std::filesystem::path& directory);

  DirectoryLock(DirectoryLock&& other) noexcept;
  DirectoryLock& operator=(DirectoryLock&&) = delete;
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace beredd::store

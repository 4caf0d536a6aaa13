#pragma once
// Disk that is kept for the day when there is none: a file of blocks that is given up when a commit
// finds the disk full, so that what became of mail that is ours already can still be written down.
// A delivery whose acknowledgement cannot be recorded would have to be offered again.

#include <atomic>
#include <filesystem>
#include <mutex>

#include "beredd/base/units.h"

namespace beredd::store {

base::Bytes free_disk(const std::filesystem::path& directory);  // 0 when it cannot be asked

// Any thread.
class Reserve {
 public:
  // Takes over a reserve that lies in `directory`, or makes one. A size of 0: there is none.
  Reserve(const std::filesystem::path& directory, base::Bytes size);

  // Given up and not restored yet: the rest of the disk is not for new mail.
  bool released() const { return released_; }
  base::Bytes size() const { return size_; }

  // Returns whether there is more room now than before.
  bool release();
  // Makes it again when the disk has twice its size free; to be called often while released().
  void restore();

 private:
  std::mutex mutex_;
  std::filesystem::path directory_, path_;
  base::Bytes size_;
  std::atomic<bool> released_{false};
  bool given_up_ = false;  // by us, and so told
};

}  // namespace beredd::store

#pragma once
// Files that staff hand in for a mail which they have not sent yet. Their bytes lie sealed in the
// store and belong to no message: whatever is not used is dropped after an hour, or at the next
// start.

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "beredd/io/task.h"
#include "beredd/mail/compose.h"
#include "beredd/service/context.h"

namespace beredd::service {

struct Upload {
  std::string id;  // nobody guesses it
  std::string name, type;
  base::Bytes size;
};

// Any strand. Bounds: one file and all files of one mail are no larger than smtp.max_message_size,
// 100 files are open at once.
class Uploads {
 public:
  explicit Uploads(Context& context);
  ~Uploads();

  // Drops by the clock what is not used, from `executor` on; stop() ends that. Without it, that is
  // done when the next file is begun.
  void start(const io::Executor& executor);
  void stop();

  // Errors: transient/store_full (too many are open, or the disk is below its low-water mark).
  io::Task<base::Result<Upload>> begin(std::string name, std::string type);
  // The file's next bytes, in order. On failure the file is gone.
  // Errors: permanent/not_found, /too_large, /conflict (it is finished, or another append of it is
  // under way), those of the store.
  io::Task<base::Result<Upload>> append(std::string id, std::string bytes);
  // The file as it can be enclosed; from now on it takes no more. Errors: permanent/not_found,
  // those of the store.
  io::Task<base::Result<mail::Enclosure>> finish(std::string id);
  io::Task<void> drop(std::string id);

 private:
  struct File;
  std::shared_ptr<File> take(const std::string& id);
  void give_back(const std::string& id);
  io::Task<base::Status> write(std::vector<store::SealedChunk> chunks);
  io::Task<void> drop_stale();
  io::Task<void> drop_forever();
  io::Task<void> drop_body(base::BodyId id);

  Context& context_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<File>> files_;
  std::unique_ptr<io::Timer> timer_;
  bool stopping_ = false;
};

}  // namespace beredd::service

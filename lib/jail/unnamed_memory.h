#pragma once
// Memory without a name that two processes share, and what the daemon keeps of it. Daemon's side.
//
// Two rules keep a hostile worker from harming the daemon through it:
// 1. Memory that the daemon maps, no worker can write to, and nobody can shrink: the seals say so,
//    and they cannot be taken off. So what is mapped neither changes nor goes away.
// 2. Memory that a worker writes to, the daemon does not map. It copies what it wants of it into
//    memory of its own, each byte once, and looks at the copy alone.

#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "beredd/base/result.h"

namespace beredd::jail {

// A descriptor of unnamed memory, closed at the end.
class UnnamedMemory {
 public:
  UnnamedMemory() = default;
  ~UnnamedMemory();
  UnnamedMemory(UnnamedMemory&& other) noexcept;
  UnnamedMemory& operator=(UnnamedMemory&& other) noexcept;

  // Empty, grows as it is written to. Errors: transient/io.
  static base::Result<UnnamedMemory> make();
  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }
  // Errors: transient/io.
  base::Status resize(std::uint64_t size);
  base::Status write(std::string_view piece, std::uint64_t at);
  // Pages for [from, to) exist after that: touching them cannot fail. Errors: transient/io.
  base::Status reserve(std::uint64_t from, std::uint64_t to);
  // Nobody can take them off again. `seals`: F_SEAL_...; Errors: transient/io.
  base::Status seal(int seals);

 private:
  int descriptor_ = -1;
};

// Memory that mail is written to again and again: mapped here once for good, and by each worker
// that it is shown to once, and only to be read. One batch at a time has it.
class MailRegion {
 public:
  static constexpr std::uint64_t kSize = 4 << 20;

  // Errors: transient/io.
  static base::Result<std::unique_ptr<MailRegion>> make(std::uint8_t slot);
  ~MailRegion();
  MailRegion(const MailRegion&) = delete;
  MailRegion& operator=(const MailRegion&) = delete;

  std::uint8_t slot() const { return slot_; }
  int descriptor() const { return memory_.descriptor(); }
  // REQUIRES: it fits. Errors: transient/io when there is no memory for it.
  base::Status write(std::string_view piece, std::uint64_t at);
  std::string_view bytes(std::uint64_t size) const { return {data_, size}; }
  // Clears what earlier batches left behind `end`: a worker that has not seen them is not to.
  void clear_behind(std::uint64_t end);

 private:
  MailRegion(UnnamedMemory memory, char* data, std::uint8_t slot)
      : memory_(std::move(memory)), data_(data), slot_(slot) {}

  UnnamedMemory memory_;
  char* data_;
  const std::uint8_t slot_;
  std::uint64_t reserved_ = 0;  // bytes that have pages
  std::uint64_t used_ = 0;      // bytes behind which all is zero
};

// The regions of one jail, kSlots at most; made when they are first wanted, kept until the end. Any
// thread.
class MailRegions {
 public:
  // Nothing when all are taken, or none can be made.
  std::unique_ptr<MailRegion> take();
  void give_back(std::unique_ptr<MailRegion> region);

 private:
  std::mutex mutex_;
  std::uint8_t made_ = 0;
  std::vector<std::unique_ptr<MailRegion>> idle_;
};

// Where one worker puts its answers. The worker maps it, and may write to it whenever it likes.
class AnswerMemory {
 public:
  // Errors: transient/io.
  static base::Result<AnswerMemory> make();
  int descriptor() const { return memory_.descriptor(); }
  // No answers are there: what an earlier request left does not count for the next.
  // Errors: transient/io.
  base::Status clear_head();
  // Copies [at, at + size), which is valid until the next copy. Errors: transient/io.
  base::Result<std::string_view> copy(std::uint64_t at, std::uint64_t size);

 private:
  UnnamedMemory memory_;
  std::vector<char> copied_;
};

}  // namespace beredd::jail

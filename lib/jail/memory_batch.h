#pragma once
// Mails in memory that a worker maps and cannot write to. Most batches lie in a region, whose pages
// are there already; one that has no room in it, and one that finds no region free, has memory of
// its own. What one reader has seen of a batch is what the next one sees.

#include "unnamed_memory.h"
#include "wire.h"

#include "beredd/io/mail_reader.h"

namespace beredd::jail {

class MemoryBatch final : public io::MailBatch {
 public:
  explicit MemoryBatch(std::shared_ptr<MailRegions> regions) : regions_(std::move(regions)) {}
  ~MemoryBatch() override { leave_region(); }
  MemoryBatch(const MemoryBatch&) = delete;
  MemoryBatch& operator=(const MemoryBatch&) = delete;

  base::Status append(std::string_view piece) override;
  void end_mail() override;
  void drop_mail() override { end_ = begin_; }
  std::size_t mails() const override { return mails_.size(); }

  const Span& mail(std::size_t n) const { return mails_[n]; }
  // Nothing is appended from here on, and nobody can change what there is. Errors: transient/io.
  base::Status seal();
  // Where it lies: the slot of its region, or 0. REQUIRES: seal().
  std::uint8_t slot() const { return region_ ? region_->slot() : 0; }
  // The memory, for a worker that has not had it yet: beside the batch there is nothing in it.
  // REQUIRES: seal().
  int show();

 private:
  base::Status find_room();
  base::Status move_out();
  void leave_region();

  const std::shared_ptr<MailRegions> regions_;
  std::unique_ptr<MailRegion> region_;
  UnnamedMemory own_;  // where there is no region
  bool sealed_ = false;
  std::uint64_t begin_ = 0, end_ = 0;  // of the mail that is being written
  std::vector<Span> mails_;
};

}  // namespace beredd::jail

#pragma once
// Mails in sealed memory without a name: written once here, mapped by the worker. Neither side
// holds a second copy, and what one reader has seen is what the next one sees.

#include "wire.h"

#include "beredd/io/mail_reader.h"

namespace beredd::jail {

class MemoryBatch final : public io::MailBatch {
 public:
  MemoryBatch() = default;
  ~MemoryBatch() override;
  MemoryBatch(const MemoryBatch&) = delete;
  MemoryBatch& operator=(const MemoryBatch&) = delete;

  base::Status append(std::string_view piece) override;
  void end_mail() override;
  void drop_mail() override { end_ = begin_; }
  std::size_t mails() const override { return mails_.size(); }

  const Span& mail(std::size_t n) const { return mails_[n]; }
  // The memory, which nobody can change any more. Errors: transient/io.
  base::Result<int> seal();

 private:
  base::Status open();

  int descriptor_ = -1;
  bool sealed_ = false;
  std::uint64_t begin_ = 0, end_ = 0;  // of the mail that is being written
  std::vector<Span> mails_;
};

}  // namespace beredd::jail

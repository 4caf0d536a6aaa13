#include "beredd/io/mail_reader.h"

#include <algorithm>
#include <atomic>
#include <utility>

namespace beredd::io {
namespace {

class StringBatch final : public MailBatch {
 public:
  base::Status append(std::string_view piece) override {
    open_ += piece;
    return {};
  }
  void end_mail() override { whole_.push_back(std::exchange(open_, {})); }
  void drop_mail() override { open_.clear(); }
  std::size_t mails() const override { return whole_.size(); }
  const std::string& raw(std::size_t n) const { return whole_[n]; }

 private:
  std::string open_;
  std::vector<std::string> whole_;
};

class InProcessReader final : public MailReader {
 public:
  std::unique_ptr<MailBatch> batch() override { return std::make_unique<StringBatch>(); }

  Task<base::Status> ready() override {
    if (stopped_) co_return base::transient(base::Code::cancelled, "reading was stopped");
    co_return base::Status();
  }

  Task<base::Result<ReadMails>> read(std::shared_ptr<MailBatch> batch, std::size_t first,
                                     std::size_t count, Company) override {
    if (stopped_) co_return base::transient(base::Code::cancelled, "reading was stopped");
    const auto& mails = static_cast<const StringBatch&>(*batch);
    ReadMails out;
    for (std::size_t n = first; n < first + count; ++n) {
      out.readings.push_back(mail::read(mails.raw(n)));
    }
    co_return out;
  }

  Task<base::Result<std::string>> part(std::shared_ptr<MailBatch> batch,
                                       std::uint32_t index) override {
    if (stopped_) co_return base::transient(base::Code::cancelled, "reading was stopped");
    co_return mail::part_bytes(static_cast<const StringBatch&>(*batch).raw(0), index);
  }

  void stop() override { stopped_ = true; }

 private:
  std::atomic<bool> stopped_ = false;
};

}  // namespace

std::string_view name(ReaderEnd end) {
  switch (end) {
    case ReaderEnd::crash: return "crash";
    case ReaderEnd::cpu: return "cpu";
    case ReaderEnd::wall: return "wall";
    case ReaderEnd::memory: return "memory";
    case ReaderEnd::forbidden: return "forbidden";
    case ReaderEnd::garbled: return "garbled";
  }
  return "crash";
}

std::string_view explanation(ReaderEnd end) {
  switch (end) {
    case ReaderEnd::crash: return "crashed";
    case ReaderEnd::cpu: return "computed for too long";
    case ReaderEnd::wall: return "gave no answer in time";
    case ReaderEnd::memory: return "wanted too much memory";
    case ReaderEnd::forbidden: return "called what reading does not need";
    case ReaderEnd::garbled: return "gave an answer that makes no sense";
  }
  return "crashed";
}

std::unique_ptr<MailReader> in_process_reader() { return std::make_unique<InProcessReader>(); }

}  // namespace beredd::io

// g++ 12 takes the coroutine frame's own operator new for the global one once both are inlined.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

#include "beredd/jail/jail.h"

#include "memory_batch.h"
#include "worker_process.h"

#include <atomic>
#include <utility>

#include <sys/eventfd.h>
#include <unistd.h>

#include "beredd/base/log.h"
#include "beredd/io/blocking_pool.h"
#include "beredd/jail/worker.h"

namespace beredd::jail {
namespace {

using base::Result;
using base::Status;

// A worker that has read so much at once is replaced: its memory is not kept for a next one.
constexpr base::Bytes kLarge = base::mebibytes(8);

base::Duration scaled(base::Duration floor, base::Duration each, std::uint64_t bytes) {
  return floor + base::Duration(each.count() * static_cast<std::int64_t>(bytes >> 10) / 1024);
}

class Jail final : public io::MailReader {
 public:
  Jail(const Options& options, base::Metrics& metrics)
      : options_(options),
        metrics_(metrics),
        stop_event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        command_(command(options, stop_event_)),
        pool_(io::thread_pool(1)) {}
  ~Jail() override {
    stop();
    pool_.reset();
    worker_.reset();
    ::close(stop_event_);
  }
  Jail(const Jail&) = delete;
  Jail& operator=(const Jail&) = delete;

  std::unique_ptr<io::MailBatch> batch() override {
    return std::make_unique<MemoryBatch>(regions_);
  }

  io::Task<Status> ready() override {
    auto out = std::make_shared<Status>();
    std::function<void()> work = [this, out] { *out = start(); };
    co_await pool_->run(std::move(work));
    co_return std::move(*out);
  }

  io::Task<Result<io::ReadMails>> read(std::shared_ptr<io::MailBatch> batch, std::size_t first,
                                       std::size_t count, Company company) override {
    auto out = std::make_shared<Result<io::ReadMails>>(base::bug("not read"));
    std::function<void()> work = [this, batch, first, count, company, out] {
      *out =
          read_now(static_cast<MemoryBatch&>(*batch), first, std::min(count, kMostMails), company);
    };
    co_await pool_->run(std::move(work));
    co_return std::move(*out);
  }

  io::Task<Result<std::string>> part(std::shared_ptr<io::MailBatch> batch,
                                     std::uint32_t index) override {
    auto out = std::make_shared<Result<std::string>>(base::bug("not read"));
    std::function<void()> work = [this, batch, index, out] {
      *out = part_now(static_cast<MemoryBatch&>(*batch), index);
    };
    co_await pool_->run(std::move(work));
    co_return std::move(*out);
  }

  void stop() override {
    stopped_ = true;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(stop_event_, &one, sizeof(one));
  }

  // In the thread that calls.
  Status start() {
    if (worker_) return {};
    if (stopped_) return base::transient(base::Code::cancelled, "reading was stopped");
    auto started = WorkerProcess::start(command_);
    if (!started) return started.error();
    worker_ = *std::move(started);
    mails_read_ = 0;
    metrics_
        .counter("beredd_jail_workers_started_total", "Processes that were started to read mail")
        .add();
    return {};
  }

 private:
  static WorkerProcess::Command command(const Options& options, int stop_event) {
    const std::uint64_t largest = options.largest_mail.count();
    const auto cpu = std::chrono::ceil<std::chrono::seconds>(
        options.cpu_per_worker + scaled(options.cpu, options.cpu_per_mebibyte, largest));
    // The daemon counts by itself, and sooner; this is for when the daemon hangs.
    constexpr std::int64_t kSlack = 10;
    return {options.program,
            {"beredd", std::string(kWorkerArgument),
             std::to_string(options.memory.count() + options.memory_factor * largest),
             std::to_string(cpu.count() + kSlack)},
            stop_event};
  }

  Allowance allowance(const Span& mail) const {
    return {scaled(options_.cpu, options_.cpu_per_mebibyte, mail.size),
            scaled(options_.wall, options_.wall_per_mebibyte, mail.size)};
  }

  // A worker that ended while it had nothing to do is no mail's fault.
  Status ask(MemoryBatch& batch, Request& request) {
    if (auto sealed = batch.seal(); !sealed) return sealed;
    request.slot = batch.slot();
    const std::string bytes = encode(request);
    if (worker_ && give(bytes, batch)) return {};
    worker_.reset();
    if (auto started = start(); !started) return started;
    return give(bytes, batch);
  }

  Status give(const std::string& bytes, MemoryBatch& batch) {
    const std::uint8_t slot = batch.slot();
    return worker_->send(bytes, slot, worker_->has(slot) ? -1 : batch.show());
  }

  // A large mail is the last that a worker reads, and so the last of its request.
  Request request_for(const MemoryBatch& batch, std::size_t first, std::size_t count) const {
    Request request;
    for (std::size_t n = first; n < first + count; ++n) {
      request.mails.push_back(batch.mail(n));
      if (is_large(batch.mail(n))) break;
    }
    return request;
  }

  Result<io::ReadMails> read_now(MemoryBatch& batch, std::size_t first, std::size_t count,
                                 Company company) {
    if (company == Company::alone) worker_.reset();
    Request request = request_for(batch, first, count);
    if (auto asked = ask(batch, request); !asked) return asked.error();
    io::ReadMails out;
    if (take_answers(request.mails, out.readings)) {
      mails_read_ += out.readings.size();
      if (mails_read_ >= options_.mails_per_worker || retires(request.mails.back()))
        worker_.reset();
      return out;
    }
    if (worker_->halt() == Halt::stopped)
      return base::transient(base::Code::cancelled, "reading was stopped");
    const io::ReaderEnd end = ended();
    if (out.readings.size() < request.mails.size()) out.ended = end;
    return out;
  }

  // False: no more answers came, or none that makes sense.
  bool take_answers(const std::vector<Span>& mails, std::vector<mail::Reading>& out) {
    std::vector<Allowance> allowances;
    for (const Span& mail : mails) allowances.push_back(allowance(mail));
    worker_->allow(std::move(allowances));
    const auto told = decode_told(*worker_, mails.size());
    if (!told) {
      // One that was caught lying is believed in nothing that it said before either.
      const Halt halt = worker_->halt();
      if (halt != Halt::stopped && halt != Halt::none) take_last_words(mails, out);
      return false;
    }
    if (!take_from_memory(*told, mails, out)) return false;
    for (const Span& mail : std::span(mails).subspan(out.size())) {
      worker_->allow({allowance(mail)});
      if (!take_one(*worker_, mail, out)) return false;
    }
    return true;
  }

  // Of a worker that did not come to the end: what it had answered before counts.
  void take_last_words(const std::vector<Span>& mails, std::vector<mail::Reading>& out) {
    worker_->kill();  // it writes no more
    const auto told = worker_->told(mails.size());
    if (told) take_from_memory(*told, mails, out);
  }

  bool take_from_memory(const Told& told, const std::vector<Span>& mails,
                        std::vector<mail::Reading>& out) {
    const auto bytes = worker_->answers(told);
    if (!bytes) return false;
    WholeInlet inlet(*bytes);
    for (const Span& mail : std::span(mails).first(told.answers)) {
      if (!take_one(inlet, mail, out)) return false;
    }
    if (inlet.at_hand().empty()) return true;
    if (!out.empty()) out.pop_back();  // there is more to its answer
    return false;
  }

  static bool take_one(Inlet& inlet, const Span& mail, std::vector<mail::Reading>& out) {
    auto reading = decode_reading(inlet, budget_of(base::Bytes(mail.size)));
    if (reading) out.push_back(*std::move(reading));
    return reading.ok();
  }

  Result<std::string> part_now(MemoryBatch& batch, std::uint32_t index) {
    Request request{Ask::part, index, 0, {batch.mail(0)}};
    if (auto asked = ask(batch, request); !asked) return asked.error();
    worker_->allow({allowance(batch.mail(0))});
    auto part = decode_part(*worker_, budget_of(base::Bytes(batch.mail(0).size)));
    if (part || part.error().code == base::Code::not_found) {
      if (retires(batch.mail(0))) worker_.reset();
      return part;
    }
    if (worker_->halt() == Halt::stopped) return part.error();
    const io::ReaderEnd end = ended();
    return base::permanent(base::Code::corrupt, "its reader " + std::string(io::explanation(end)));
  }

  static bool is_large(const Span& mail) { return base::Bytes(mail.size) >= kLarge; }
  bool retires(const Span& last) const {
    return is_large(last) || worker_->cpu_used() >= options_.cpu_per_worker;
  }

  io::ReaderEnd ended() {
    const io::ReaderEnd end = worker_->end();
    worker_.reset();
    metrics_
        .counter("beredd_jail_workers_killed_total",
                 "Processes that a mail ended, or that were ended over one",
                 base::label("cause", io::name(end)))
        .add();
    return end;
  }

  const Options options_;
  base::Metrics& metrics_;
  const int stop_event_;
  const WorkerProcess::Command command_;
  std::atomic<bool> stopped_ = false;
  const std::shared_ptr<MailRegions> regions_ = std::make_shared<MailRegions>();
  std::unique_ptr<WorkerProcess> worker_;
  std::uint64_t mails_read_ = 0;  // by this worker
  std::unique_ptr<io::BlockingPool> pool_;
};

}  // namespace

std::unique_ptr<io::MailReader> jailed_reader(const Options& options, base::Metrics& metrics) {
  auto jail = std::make_unique<Jail>(options, metrics);
  if (auto started = jail->start(); !started) {
    base::log_error(
        "mail is taken in, but cannot be read before this is mended; it is tried again with every "
        "mail: {}",
        base::to_string(started.error()));
  }
  return jail;
}

}  // namespace beredd::jail

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

  std::unique_ptr<io::MailBatch> batch() override { return std::make_unique<MemoryBatch>(); }

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
  Status ask(MemoryBatch& batch, const Request& request) {
    const auto memory = batch.seal();
    if (!memory) return memory.error();
    const std::string bytes = encode(request);
    if (worker_ && worker_->send(bytes, *memory)) return {};
    worker_.reset();
    if (auto started = start(); !started) return started;
    return worker_->send(bytes, *memory);
  }

  Result<io::ReadMails> read_now(MemoryBatch& batch, std::size_t first, std::size_t count,
                                 Company company) {
    if (company == Company::alone) worker_.reset();
    Request request;
    for (std::size_t n = first; n < first + count; ++n) request.mails.push_back(batch.mail(n));
    if (auto asked = ask(batch, request); !asked) return asked.error();
    io::ReadMails out;
    for (const Span& mail : request.mails) {
      const bool last = &mail == &request.mails.back();
      worker_->allow(allowance(mail),
                     last ? WorkerProcess::Behind::nothing : WorkerProcess::Behind::more);
      auto reading = decode_reading(source(), budget_of(base::Bytes(mail.size)));
      if (!reading) {
        if (worker_->halt() == Halt::stopped) return reading.error();
        out.ended = ended();
        return out;
      }
      out.readings.push_back(*std::move(reading));
      ++mails_read_;
      if (retires(mail)) break;
    }
    if (out.readings.size() < count || mails_read_ >= options_.mails_per_worker) worker_.reset();
    return out;
  }

  Result<std::string> part_now(MemoryBatch& batch, std::uint32_t index) {
    Request request{Ask::part, index, {batch.mail(0)}};
    if (auto asked = ask(batch, request); !asked) return asked.error();
    worker_->allow(allowance(batch.mail(0)));
    auto part = decode_part(source(), budget_of(base::Bytes(batch.mail(0).size)));
    if (part || part.error().code == base::Code::not_found) {
      if (retires(batch.mail(0))) worker_.reset();
      return part;
    }
    if (worker_->halt() == Halt::stopped) return part.error();
    const io::ReaderEnd end = ended();
    return base::permanent(base::Code::corrupt, "its reader " + std::string(io::explanation(end)));
  }

  bool retires(const Span& mail) {
    return base::Bytes(mail.size) >= kLarge ||
           (mails_read_ % 16 == 0 && worker_->cpu_used() >= options_.cpu_per_worker);
  }

  Source source() {
    return [this](std::span<char> into) { return worker_->read(into); };
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

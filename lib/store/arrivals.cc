#include "arrivals.h"

#include <algorithm>

#include <fmt/format.h>

#include "beredd/base/log.h"

namespace beredd::store {
namespace {

constexpr std::array<std::string_view, 2> kNames = {"intake-1.log", "intake-2.log"};
// What waits in memory and on disk must be seen to wait, however little it is.
constexpr double kSomething = 1e-6;

std::size_t messages_in(std::span<const Arrival> arrivals) {
  std::size_t count = 0;
  for (const Arrival& arrival : arrivals) count += arrival.messages.size();
  return count;
}

}  // namespace

base::Result<std::unique_ptr<Arrivals>> Arrivals::open(const ArrivalsOptions& options,
                                                       const vault::Key& key,
                                                       std::string_view instance,
                                                       std::uint64_t after) {
  const base::Bytes half(options.size.count() / 2);
  std::vector<IntakeLog> logs;
  std::vector<IntakeLog::Record> found;
  for (std::string_view name : kNames) {
    auto log = IntakeLog::open(options.directory / name, half,
                               vault::derive(key, "intake log", name), instance, options.sync);
    if (!log) return log.error();
    auto records = log->read(after);
    if (!records) return records.error();
    std::ranges::move(*records, std::back_inserter(found));
    logs.push_back(*std::move(log));
  }
  std::ranges::sort(found, {}, &IntakeLog::Record::number);
  std::unique_ptr<Arrivals> out(
      new Arrivals(options.directory, {std::move(logs[0]), std::move(logs[1])}));
  out->last_ = found.empty() ? after : found.back().number;
  out->settling_last_ = out->last_;
  out->settling_now_ = !found.empty();
  for (IntakeLog::Record& record : found) out->settling_.push_back(std::move(record.arrival));
  out->count_ = messages_in(out->settling_);
  return out;
}

Arrivals::Arrivals(std::filesystem::path directory, std::array<IntakeLog, 2> logs)
    : directory_(std::move(directory)), logs_(std::move(logs)) {}

base::Status Arrivals::append(std::vector<Arrival> arrivals, base::Random& random) {
  const std::lock_guard lock(mutex_);
  // A number that was tried is not used again, whatever came of it.
  const std::uint64_t first = last_ + 1;
  last_ += arrivals.size();
  base::Status done = logs_[written_].append(arrivals, first, random);
  if (done) {
    const std::size_t messages = messages_in(arrivals);
    behind_ += messages;
    count_ += messages;
    std::ranges::move(arrivals, std::back_inserter(waiting_));
  }
  measure();
  return done;
}

std::span<const Arrival> Arrivals::next() {
  if (settling_.empty()) {
    const std::lock_guard lock(mutex_);
    settling_.swap(waiting_);
    behind_ = 0;
    settling_now_ = !settling_.empty();
    settling_last_ = last_;
    // The other log is free: what it held has settled, or this would not be empty.
    written_ = 1 - written_;
    measure();
  }
  return settling_;
}

void Arrivals::settled() {
  settling_.clear();
  const std::lock_guard lock(mutex_);
  settling_now_ = false;
  count_ = behind_;
  logs_[1 - written_].start_over();
  measure();
}

void Arrivals::set_aside(std::size_t index, const base::Error& why) {
  // No way is known to come here. The mail is kept all the same, and the others are not held up.
  std::string problems;
  for (std::string_view name : kNames) {
    std::error_code failed;
    const auto kept = directory_ / fmt::format("{}.kept-{}", name, settling_last_);
    std::filesystem::copy_file(directory_ / name, kept,
                               std::filesystem::copy_options::overwrite_existing, failed);
    if (failed) problems += " " + failed.message();
  }
  base::log_error(
      "a mail in the intake log cannot be taken into the tables; the logs are kept as {} why={}{}",
      (directory_ / fmt::format("intake-*.log.kept-{}", settling_last_)).string(),
      base::to_string(why), problems);
  settling_.erase(settling_.begin() + static_cast<std::ptrdiff_t>(index));
}

double Arrivals::fullness() const { return fullness_.load(); }
std::size_t Arrivals::waiting() const { return count_.load(); }

void Arrivals::measure() {
  const IntakeLog& log = logs_[written_];
  double full = static_cast<double>(log.used().count()) / static_cast<double>(log.size().count());
  if (settling_now_ || !waiting_.empty()) full = std::max(full, kSomething);
  fullness_.store(full);
}

}  // namespace beredd::store

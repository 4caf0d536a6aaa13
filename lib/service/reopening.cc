#include "beredd/service/reopening.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "beredd/base/log.h"
#include "beredd/ticket/changes.h"

namespace beredd::service {

using base::Result;
using base::Status;

namespace {

constexpr std::size_t kBatch = 500;
constexpr base::Duration kPause = std::chrono::minutes(1);

Status reopen(store::WriteTxn& txn, base::TicketId id, base::Instant now) {
  auto ticket = txn.ticket(id);
  if (!ticket) return ticket.error();
  store::JournalEntry entry;
  entry.at = now;
  entry.what = "reopened";
  entry.ticket = id;
  entry.detail = "it was pending until " + base::rfc3339(ticket->pending_until.value_or(now));
  ticket->state = ticket::State::open;
  ticket->pending_until.reset();
  ticket::touch(*ticket, now);
  if (auto updated = txn.update_ticket(*ticket); !updated) return updated;
  return txn.note(std::move(entry));
}

}  // namespace

Reopening::Reopening(Context& context, io::Executor executor)
    : context_(context), executor_(std::move(executor)), timer_(context.timers.make(executor_)) {}

void Reopening::start() { io::spawn(executor_, reopen_forever(), "reopening"); }

void Reopening::stop() {
  stopping_ = true;
  timer_->wake();
}

io::Task<void> Reopening::reopen_forever() {
  while (!stopping_) {
    base::Duration wait = kPause;
    const auto more = co_await reopen_some();
    if (stopping_) co_return;
    if (more && *more) continue;
    const auto next = more ? until_next() : Result<base::Duration>(more.error());
    if (next) {
      wait = *next;
      complaint_.clear();
    } else {
      complain(next.error());
    }
    co_await timer_->wait(wait);
  }
}

Result<base::Duration> Reopening::until_next() const {
  std::optional<base::Instant> next;
  const auto read = context_.store.read([&](const store::ReadTxn& txn) -> Status {
    next = txn.next_reopening();
    return {};
  });
  if (!read) return read.error();
  if (!next) return kLongest;
  const base::Duration wait =
      std::chrono::duration_cast<base::Duration>(*next - context_.clock.now());
  return std::clamp(wait, base::Duration::zero(), kLongest);
}

io::Task<Result<bool>> Reopening::reopen_some() {
  const base::Instant now = context_.clock.now();
  bool due = false;
  const auto read = context_.store.read([&](const store::ReadTxn& txn) -> Status {
    due = !txn.to_reopen(now, 1).empty();
    return {};
  });
  if (!read) co_return read.error();
  if (!due) co_return false;
  auto opened = std::make_shared<std::size_t>(0);
  store::Operation operation = [now, opened](store::WriteTxn& txn) -> Status {
    const auto ids = txn.to_reopen(now, kBatch);
    *opened = ids.size();
    for (const base::TicketId id : ids) {
      if (auto done = reopen(txn, id, now); !done) return done;
    }
    return {};
  };
  const base::Bytes weight(64UL * 1024);
  auto written = co_await context_.committer.commit_in_background(std::move(operation), weight);
  if (!written) co_return written.error();
  co_return *opened == kBatch;
}

void Reopening::complain(const base::Error& error) {
  const std::string words = base::to_string(error);
  if (words != complaint_) base::log_error("tickets that were pending do not open: {}", words);
  complaint_ = words;
}

}  // namespace beredd::service

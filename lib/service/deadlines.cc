#include "beredd/service/deadlines.h"

#include "happenings.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "beredd/base/digest.h"
#include "beredd/base/log.h"

namespace beredd::service {

using base::Status;
using base::TicketId;
using ticket::Crossing;

namespace {

constexpr std::string_view kFollower = "deadlines";
constexpr std::size_t kEntries = 256;  // of the journal, in one piece
constexpr std::size_t kWakes = 64;     // tickets whose time has come, in one piece

// Only what is there for the configuration in force.
std::string fingerprint_of(const config::Config& config) {
  config::Config part;
  part.calendars = config.calendars;
  part.service_levels = config.service_levels;
  return config::show(part);
}

std::optional<base::Duration> promised(base::Duration time) {
  return time.count() > 0 ? std::optional(time) : std::nullopt;
}

ticket::ServiceLevel level_in(const config::ServiceLevel& from) {
  return {promised(from.first_answer), promised(from.next_answer), promised(from.solution),
          from.warning};
}

bool same(const Crossing& a, const Crossing& b) {
  return std::tie(a.kind, a.measure, a.began) == std::tie(b.kind, b.measure, b.began);
}

void add_crossings(std::vector<Crossing>& known, const std::vector<Crossing>& more) {
  for (const Crossing& one : more) {
    const auto is_same = [&](const Crossing& other) { return same(one, other); };
    if (std::ranges::none_of(known, is_same)) known.push_back(one);
  }
}

// What runs and is due first, in the record's words. One that was broken is due all the same.
std::optional<store::Due> due_of(TicketId id, const std::vector<ticket::Deadline>& deadlines) {
  const ticket::Deadline* first = ticket::most_urgent(deadlines);
  if (first == nullptr) return std::nullopt;
  return store::Due{id, *first->due, first->warning.value_or(*first->due), first->measure};
}

}  // namespace

// What one turn found.
struct Deadlines::Piece {
  base::Instant now{};
  store::Bookmark before, after;
  bool more = false;
  std::vector<store::TicketDeadlines> put;
  std::vector<TicketId> drop;
  std::uint64_t warnings = 0, breaches = 0;  // that are new
};

Deadlines::Deadlines(Context& context, io::Executor executor)
    : context_(context),
      executor_(std::move(executor)),
      fingerprint_(fingerprint_of(*context.config)),
      timer_(context.timers.make(executor_)),
      pause_(context.timers.make(executor_)) {
  for (const config::Calendar& calendar : context_.config->calendars) {
    auto hours = config::hours_of(calendar);
    if (hours) {
      hours_.emplace(calendar.name, *std::move(hours));
    } else {
      base::log_error("calendar {}: {}", calendar.name, base::to_string(hours.error()));
    }
  }
}

Deadlines::~Deadlines() = default;

void Deadlines::start() { io::spawn(executor_, follow_forever(), "deadlines"); }
void Deadlines::wake() { timer_->wake(); }

void Deadlines::stop() {
  stopping_ = true;
  timer_->wake();
  pause_->wake();
}

io::Task<void> Deadlines::follow_forever() {
  while (!stopping_) {
    const Step done = co_await step();
    if (stopping_ || done == Step::more) continue;
    if (done == Step::failed) {
      co_await pause_->wait(kPause);
      continue;
    }
    const base::Duration until = until_next();
    const bool passed = co_await timer_->wait(until);
    if (!passed && !stopping_) co_await pause_->wait(kGather);
  }
}

io::Task<Deadlines::Step> Deadlines::step() {
  auto piece = std::make_shared<Piece>();
  Status done;
  std::function<void()> work = [this, piece, &done] { done = collect(*piece); };
  co_await context_.pool.run(std::move(work));
  const bool changed = !piece->put.empty() || !piece->drop.empty() || piece->after != piece->before;
  if (done && changed) {
    store::Operation operation = [piece](store::WriteTxn& txn) -> Status {
      for (const store::TicketDeadlines& one : piece->put) {
        if (auto put = txn.put_deadlines(one, piece->now); !put) return put;
      }
      for (const TicketId id : piece->drop) {
        if (auto dropped = txn.drop_deadlines(id); !dropped) return dropped;
      }
      return txn.put_bookmark(kFollower, piece->after);
    };
    done =
        co_await context_.committer.commit_in_background(std::move(operation), base::kibibytes(64));
  }
  if (!done) {
    const std::string words = base::to_string(done.error());
    if (words != complaint_) base::log_error("deadlines: {}", words);
    complaint_ = words;
    co_return Step::failed;
  }
  complaint_.clear();
  count(*piece);
  co_return piece->more ? Step::more : Step::through;
}

// Tickets that the journal names, and those whose time has come.
Status Deadlines::collect(Piece& piece) const {
  piece.now = context_.clock.now();
  return context_.store.read([&](const store::ReadTxn& txn) -> Status {
    const auto bookmark = txn.bookmark(kFollower);
    if (!bookmark) return bookmark.error();
    piece.before = *bookmark;
    piece.after = *bookmark;
    if (bookmark->fingerprint != fingerprint_) {
      // Something else was promised: every ticket is measured anew, as the journal names them.
      piece.after = {base::JournalSeq(), fingerprint_};
    }
    const auto entries = txn.journal(piece.after.followed, kEntries);
    if (!entries) return entries.error();
    std::set<TicketId> tickets;
    for (const store::JournalEntry& entry : *entries) {
      piece.after.followed = entry.seq;
      if (entry.ticket) tickets.insert(entry.ticket);
    }
    const auto due = txn.to_wake(piece.now, kWakes);
    tickets.insert(due.begin(), due.end());
    piece.more = entries->size() == kEntries || due.size() == kWakes;
    for (const TicketId id : tickets) {
      if (auto measured = measure(txn, id, piece); !measured) return measured;
    }
    return {};
  });
}

Status Deadlines::measure(const store::ReadTxn& txn, TicketId id, Piece& piece) const {
  const auto ticket = txn.ticket(id);
  if (!ticket) {
    if (ticket.error().code != base::Code::not_found) return ticket.error();
    piece.drop.push_back(id);  // erased
    return {};
  }
  const auto known = txn.deadlines(ticket->id);
  if (!known) return known.error();
  store::TicketDeadlines now;
  now.ticket = ticket->id;
  if (*known) now.crossed = (*known)->crossed;
  for (const TicketId gone : ticket->merged) {
    // It went up in this one, which inherits what was written down.
    const auto former = txn.deadlines(gone);
    if (!former) return former.error();
    if (!*former) continue;
    add_crossings(now.crossed, (*former)->crossed);
    piece.drop.push_back(gone);
  }
  // One that went back is measured once more, up to then.
  const bool runs = *known && ((*known)->due || (*known)->wake);
  const bool ours = ticket->custody == ticket::Custody::fallback ||
                    (ticket->custody == ticket::Custody::returned && runs);
  const config::ServiceLevel* level = config::level_of(
      context_.config->service_levels, ticket->desk, ticket::name(ticket->priority));
  const auto hours = level != nullptr ? hours_.find(level->calendar) : hours_.end();
  if (ours && hours != hours_.end()) {
    const auto happenings = happenings_of(txn, *ticket);
    if (!happenings) return happenings.error();
    const auto deadlines = ticket::deadlines(hours->second, level_in(*level), *happenings);
    const std::size_t before = now.crossed.size();
    add_crossings(now.crossed, ticket::crossings(deadlines, piece.now));
    for (std::size_t n = before; n < now.crossed.size(); ++n) {
      ++(now.crossed[n].kind == Crossing::Kind::breach ? piece.breaches : piece.warnings);
    }
    now.due = due_of(ticket->id, deadlines);
    now.wake = ticket::next_crossing(deadlines, piece.now);
  }
  const bool nothing = !now.due && !now.wake && now.crossed.empty();
  if (nothing && *known) piece.drop.push_back(ticket->id);
  if (!nothing && *known != now) piece.put.push_back(std::move(now));
  return {};
}

base::Duration Deadlines::until_next() const {
  std::optional<base::Instant> next;
  const auto read = context_.store.read([&](const store::ReadTxn& txn) -> Status {
    next = txn.next_wake();
    return {};
  });
  if (!read || !next) return kLookEvery;
  return std::clamp<base::Duration>(*next - context_.clock.now(), base::Duration(), kLookEvery);
}

void Deadlines::count(const Piece& piece) {
  base::Metrics& metrics = context_.metrics;
  metrics.counter("beredd_service_warnings_total", "Deadlines that came near").add(piece.warnings);
  metrics.counter("beredd_service_breaches_total", "Deadlines that were broken")
      .add(piece.breaches);
  const auto read = context_.store.read([&](const store::ReadTxn& txn) -> Status {
    const store::DueCounts counts = txn.due_counts(context_.clock.now());
    const auto set = [&](std::string_view name, std::string_view help, std::uint64_t value) {
      metrics.gauge(name, help).set(static_cast<std::int64_t>(value));
    };
    set("beredd_tickets_due", "Tickets of which something promised is to come", counts.running);
    set("beredd_tickets_due_soon", "Of them, those that were warned of", counts.soon);
    set("beredd_tickets_overdue", "Of them, those that are overdue", counts.overdue);
    return {};
  });
  if (!read) base::log_warning("deadlines: {}", base::to_string(read.error()));
}

}  // namespace beredd::service

#include "beredd/service/notices.h"

#include "notice_letter.h"

// g++ 12 takes the coroutine frame's own operator new for the global one once both are inlined.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "beredd/base/log.h"
#include "beredd/service/desk_address.h"
#include "beredd/service/outgoing.h"
#include "beredd/ticket/notice.h"

namespace beredd::service {

using base::MessageId;
using base::Status;
using base::TicketId;
using ticket::Silence;

namespace {

constexpr std::string_view kFollower = "notices";
constexpr std::size_t kEntries = 256;  // of the journal, in one piece
constexpr std::size_t kForgotten = 500;
constexpr base::Duration kHour = std::chrono::hours(1);

// A change of it begins anew with what comes from now on: old mail is no news to who sent it.
std::string fingerprint_of(const config::Config& config) {
  std::string out;
  for (const config::Desk& desk : config.desks) {
    if (!desk.notice || desk.notice->when == config::NoticeWhen::never) continue;
    const bool always = desk.notice->when == config::NoticeWhen::always;
    out += fmt::format("{} {}\n", desk.name, always ? "always" : "fallback");
  }
  return out;
}

// When a mail may be held from: when its way to its primary begins, or later.
enum class Occasion { none, begun, held };

Occasion occasion_of(const store::JournalEntry& entry) {
  if (!entry.message || entry.target.empty() || entry.target == kOutgoing) return Occasion::none;
  if (entry.what == "enqueued") return Occasion::begun;
  return entry.what == "held" ? Occasion::held : Occasion::none;
}

// Whether its sender was told, or it is written down why not.
base::Result<bool> is_decided(const store::ReadTxn& txn, TicketId ticket, MessageId message) {
  constexpr std::size_t kAtOnce = 256;
  base::JournalSeq after;
  for (bool more = true; more;) {
    const auto entries = txn.history(ticket, after, kAtOnce);
    if (!entries) return entries.error();
    for (const store::JournalEntry& entry : *entries) {
      after = entry.seq;
      if (entry.message != message) continue;
      if (entry.what == kNoticeSent || entry.what == kNoticeNotSent) return true;
    }
    more = entries->size() == kAtOnce;
  }
  return false;
}

base::Result<bool> is_held(const store::ReadTxn& txn, const config::Desk& desk,
                           const ticket::Ticket& ticket, MessageId message) {
  if (ticket.custody != ticket::Custody::fallback) return false;
  const auto delivery = txn.delivery(message, desk.primary);
  if (!delivery) return delivery.error();
  return *delivery && (*delivery)->state == store::DeliveryState::held;
}

const config::Desk* desk_at(const config::Config& config, std::string_view address) {
  const auto mailbox = mail::parse_mailbox(address, true);
  return mailbox ? config.desk_of(*mailbox) : nullptr;
}

bool is_told_of(Silence silence) {
  return silence != Silence::not_wanted && silence != Silence::not_held;
}

}  // namespace

// What became of one mail.
struct Notices::Verdict {
  MessageId message;
  TicketId ticket;
  std::string desk;
  std::optional<Silence> silence;
  std::shared_ptr<const NoticeLetter> letter;  // null where there is silence
};

// What one turn found.
struct Notices::Piece {
  base::Instant now{};
  store::Bookmark before, after;
  bool more = false;
  std::vector<Verdict> verdicts;
};

// What the store does not know yet.
struct Notices::Said {
  std::set<std::string> senders;
  std::map<std::string, std::uint64_t> room;  // by desk, what is left of this hour
};

Notices::Notices(Context& context, io::Executor executor, std::function<void()> queued)
    : context_(context),
      executor_(std::move(executor)),
      queued_(std::move(queued)),
      fingerprint_(fingerprint_of(*context.config)),
      timer_(context.timers.make(executor_)),
      pause_(context.timers.make(executor_)) {}

Notices::~Notices() = default;

void Notices::start() { io::spawn(executor_, follow_forever(), "notices"); }

void Notices::wake() {
  if (!fingerprint_.empty()) timer_->wake();
}

void Notices::stop() {
  stopping_ = true;
  timer_->wake();
  pause_->wake();
}

io::Task<void> Notices::follow_forever() {
  bool sweep_now = true;
  while (!stopping_) {
    Step done = Step::through;
    if (sweep_now || context_.clock.steady() - swept_ >= kSweepEvery) done = co_await sweep();
    sweep_now = false;
    if (done == Step::through && !fingerprint_.empty()) done = co_await step();
    if (stopping_ || done == Step::more) continue;
    if (done == Step::failed) {
      co_await pause_->wait(kPause);
      continue;
    }
    const bool passed = co_await timer_->wait(kSweepEvery);
    if (!passed && !stopping_) co_await pause_->wait(kGather);
  }
}

Notices::Step Notices::fail(const base::Error& error) {
  const std::string words = base::to_string(error);
  if (words != complaint_) base::log_error("notices: {}", words);
  complaint_ = words;
  return Step::failed;
}

io::Task<Notices::Step> Notices::sweep() {
  const auto now = context_.clock.now();
  const auto more = std::make_shared<bool>(false);
  store::Operation operation = [now, more](store::WriteTxn& txn) -> Status {
    const auto forgotten = txn.forget_notices(now - ticket::kNoticeEvery, now, kForgotten);
    if (!forgotten) return forgotten.error();
    *more = *forgotten;
    return {};
  };
  auto done =
      co_await context_.committer.commit_in_background(std::move(operation), base::kibibytes(64));
  if (!done) co_return fail(done.error());
  if (!*more) swept_ = context_.clock.steady();
  co_return *more ? Step::more : Step::through;
}

io::Task<Notices::Step> Notices::step() {
  auto piece = std::make_shared<Piece>();
  Status done;
  std::function<void()> work = [this, piece, &done] { done = collect(*piece); };
  co_await context_.pool.run(std::move(work));
  if (done && piece->after != piece->before) {
    store::Operation operation = [this, piece](store::WriteTxn& txn) { return write(txn, *piece); };
    const base::Bytes weight = base::kibibytes(4 + 8 * piece->verdicts.size());
    done = co_await context_.committer.commit_in_background(std::move(operation), weight);
  }
  if (!done) co_return fail(done.error());
  complaint_.clear();
  count(*piece);
  co_return piece->more ? Step::more : Step::through;
}

Status Notices::collect(Piece& piece) {
  piece.now = context_.clock.now();
  return context_.store.read([&](const store::ReadTxn& txn) -> Status {
    const auto bookmark = txn.bookmark(kFollower);
    if (!bookmark) return bookmark.error();
    piece.before = *bookmark;
    piece.after = *bookmark;
    if (bookmark->fingerprint != fingerprint_) {
      const auto end = txn.journal_end();
      if (!end) return end.error();
      piece.after = {*end, fingerprint_};
      return {};
    }
    const auto entries = txn.journal(piece.after.followed, kEntries);
    if (!entries) return entries.error();
    std::map<MessageId, Occasion> mails;
    for (const store::JournalEntry& entry : *entries) {
      piece.after.followed = entry.seq;
      const Occasion occasion = occasion_of(entry);
      if (occasion != Occasion::none) mails.emplace(entry.message, occasion);
    }
    piece.more = entries->size() == kEntries;
    Said said;
    for (const auto& [id, occasion] : mails) {
      const auto judged = judge(txn, id, occasion == Occasion::held, said, piece);
      // A damaged record is one mail's matter, and there is nothing to be said of it.
      if (judged) continue;
      if (judged.error().fault != base::Fault::permanent) return judged;
      base::log_warning("notices: nothing is said of message {}: {}", id.value(),
                        base::to_string(judged.error()));
    }
    return {};
  });
}

// `again`: it may have been decided on before.
Status Notices::judge(const store::ReadTxn& txn, MessageId id, bool again, Said& said,
                      Piece& piece) {
  const config::Config& config = *context_.config;
  auto message = txn.message(id);
  if (!message) return message.error();
  const config::Desk* desk = desk_named(config, message->desk);
  if (desk == nullptr || !desk->notice || message->direction != store::Direction::in) return {};
  auto sorted = txn.sorted(id);
  if (!sorted) return sorted.error();
  if (!*sorted || (*sorted)->copy_of) return {};
  auto ticket = txn.ticket((*sorted)->ticket);
  if (!ticket) return ticket.error();
  const auto decided = again ? is_decided(txn, ticket->id, id) : base::Result<bool>(false);
  if (!decided) return decided.error();
  if (*decided) return {};
  const auto held = is_held(txn, *desk, *ticket, id);
  if (!held) return held.error();

  ticket::NoticeFacts facts;
  facts.when = static_cast<ticket::NoticeWhen>(desk->notice->when);
  facts.held = *held;
  facts.is_ours = [&](std::string_view address) { return desk_at(config, address) != nullptr; };
  facts.is_the_desks = [&](std::string_view address) { return desk_at(config, address) == desk; };
  const auto& sender = message->envelope.reverse_path;
  const std::string key = sender ? ticket::sender_key(*sender) : std::string();
  facts.last = said.senders.contains(key) ? std::optional(piece.now) : txn.last_notice(key);
  const auto most = static_cast<std::uint64_t>(desk->notice->per_hour);
  const auto [room, fresh] = said.room.try_emplace(desk->name);
  if (fresh) room->second = most - txn.notices_since(desk->name, piece.now - kHour, most);
  facts.has_room = room->second > 0;
  Verdict verdict{id, ticket->id, desk->name, {}, {}};
  verdict.silence = silence_of(message->envelope, (*sorted)->reading, facts, piece.now);
  if (verdict.silence && !is_told_of(*verdict.silence)) return {};
  if (!verdict.silence) {
    const Noticed noticed{*std::move(message), std::move((*sorted)->reading), *std::move(ticket),
                          txn.ticket_proof(verdict.ticket)};
    auto letter = notice_letter(context_, *desk, noticed, piece.now);
    if (!letter) return letter.error();
    verdict.letter = std::make_shared<const NoticeLetter>(*std::move(letter));
    said.senders.insert(key);
    --room->second;
  }
  piece.verdicts.push_back(std::move(verdict));
  return {};
}

namespace {

// The mail, its way out, and that its sender was told.
base::Result<MessageId> send(store::WriteTxn& txn, const NoticeLetter& letter, TicketId ticket,
                             base::Instant now) {
  for (const store::SealedChunk& chunk : letter.chunks) {
    if (auto put = txn.put_chunk(chunk); !put) return put.error();
  }
  const store::Sorted sorted{ticket, "notice", letter.reading, now};
  auto id = txn.add_message(letter.message, sorted);
  if (!id) return id.error();
  store::Delivery delivery;
  delivery.message = *id;
  delivery.ticket = ticket;
  delivery.target = kOutgoing;
  delivery.created = delivery.due = delivery.changed = now;
  if (auto queued = txn.enqueue(delivery); !queued) return queued.error();
  if (auto put = txn.put_notice(letter.message.desk, letter.sender, now); !put) return put.error();
  return id;
}

}  // namespace

Status Notices::write(store::WriteTxn& txn, const Piece& piece) const {
  const auto bookmark = txn.bookmark(kFollower);
  if (!bookmark) return bookmark.error();
  if (*bookmark != piece.before) {
    // By a commit that was said to have failed: what it told must not be told again.
    return base::permanent(base::Code::conflict, "this part of the journal was followed already");
  }
  for (const Verdict& verdict : piece.verdicts) {
    const auto ticket = txn.ticket(verdict.ticket);
    if (!ticket || ticket->desk != verdict.desk) continue;  // erased meanwhile, or moved
    store::JournalEntry entry;
    entry.at = piece.now;
    entry.message = verdict.message;
    entry.ticket = ticket->id;
    if (verdict.letter) {
      const auto sent = send(txn, *verdict.letter, ticket->id, piece.now);
      if (!sent) return sent.error();
      entry.what = kNoticeSent;
      entry.detail = fmt::format("message {}, {}", sent->value(), code(verdict.letter->language));
    } else {
      entry.what = kNoticeNotSent;
      entry.detail = name(*verdict.silence);
    }
    if (auto noted = txn.note(std::move(entry)); !noted) return noted;
  }
  return txn.put_bookmark(kFollower, piece.after);
}

void Notices::count(const Piece& piece) {
  bool told = false;
  for (const Verdict& verdict : piece.verdicts) {
    const std::string_view outcome = verdict.silence ? name(*verdict.silence) : "sent";
    context_.metrics
        .counter("beredd_notices_total",
                 "Mails of which a notice was to be thought, by what became of it",
                 base::label("outcome", outcome))
        .add();
    told = told || !verdict.silence;
  }
  if (told) queued_();
}

}  // namespace beredd::service

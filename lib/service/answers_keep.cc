// Composing what was written, and keeping it: each chunk is written ahead, and what makes them a
// mail that will leave is the last transaction.

#include "evidence.h"
#include "prepared.h"

// g++ 12 takes the coroutine frame's own operator new for the global one once both are inlined.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "beredd/base/log.h"
#include "beredd/service/outgoing.h"

namespace beredd::service {

using base::Code;
using base::Result;
using base::Status;
using ticket::Custody;
using ticket::State;
using ticket::Ticket;

namespace {

std::string_view reason_of(Writ kind) {
  switch (kind) {
    case Writ::answer: return "answer";
    case Writ::opening: return "first mail";
    case Writ::forward: return "forward";
  }
  return "";
}

State state_after(const Ticket& ticket, const Writing& writing) {
  const bool active = ticket.state == State::fresh || ticket.state == State::open;
  switch (writing.afterwards) {
    case Afterwards::solved: return State::solved;
    case Afterwards::open: return writing.kind == Writ::forward ? ticket.state : State::open;
    case Afterwards::waits: break;
  }
  return active && writing.kind != Writ::forward ? State::pending : ticket.state;
}

// What the mail does to its ticket.
Status touch(store::WriteTxn& txn, const Writing& writing, Ticket ticket, base::Instant now) {
  const State before = ticket.state;
  ticket.state = state_after(ticket, writing);
  if (ticket.state != State::pending) ticket.pending_until.reset();
  ticket.updated = std::max(ticket.updated, now);
  if (writing.take && ticket.custody != Custody::fallback) {
    ticket.custody = Custody::fallback;
    const auto taken =
        entry_of(ticket, "taken", "from the platform, to answer it", writing.who, now);
    if (auto noted = txn.note(taken); !noted) return noted;
  }
  if (ticket.state != before) {
    const std::string change =
        fmt::format("{} (was {})", ticket::name(ticket.state), ticket::name(before));
    const auto stated = entry_of(ticket, "state set", change, writing.who, now);
    if (auto noted = txn.note(stated); !noted) return noted;
  }
  return txn.update_ticket(ticket);
}

std::vector<mail::Mailbox> mailboxes(const mail::Reading& reading) {
  std::vector<mail::Mailbox> out;
  for (const auto* list : {&reading.to, &reading.cc}) {
    for (const mail::Address& one : *list) {
      const auto mailbox = mail::parse_mailbox(one.address, true);
      if (mailbox && std::ranges::find(out, *mailbox) == out.end()) out.push_back(*mailbox);
    }
  }
  return out;
}

// Reports on it are wanted where it fails or is late, with its header (RFC 3461 §4).
void ask_for_reports(mail::Envelope& envelope, const ticket::Named& named) {
  envelope.dsn_return = mail::DsnReturn::headers;
  envelope.envelope_id = ticket::own_envelope_id(named);
  const auto wanted = mail::parse_notify("FAILURE,DELAY");
  for (std::size_t n = 0; n < envelope.forward_paths.size(); ++n) {
    envelope.recipient_dsn.push_back({wanted.value_or(mail::Notify{}), {}});
  }
}

}  // namespace

// What is written to a ticket that the platform has would be answered twice.
Status in_custody(const Ticket& ticket, const Writing& writing) {
  if (writing.kind != Writ::answer || ticket.custody == Custody::fallback || writing.take) {
    return {};
  }
  return base::permanent(
      Code::conflict,
      fmt::format("ticket {} is the platform's (custody {}): answer it there, or take it",
                  ticket.id.value(), ticket::name(ticket.custody)));
}

// Whoever opened an answer before has the ticket until they sent it, or gave it up.
Status nobody_else_answers(const store::ReadTxn& txn, const Ticket& ticket, const Writing& writing,
                           base::Instant now, base::Duration length) {
  if (writing.kind != Writ::answer) return {};
  const auto held = txn.lease(ticket.id);
  if (!held) return held.error();
  if (!*held || (*held)->holder == writing.who || !ticket::in_force(**held, now, length)) return {};
  return base::permanent(
      Code::conflict, fmt::format("{} is answering ticket {}", (*held)->holder, ticket.id.value()));
}

store::JournalEntry entry_of(const Ticket& ticket, std::string_view what, std::string detail,
                             const std::string& who, base::Instant at) {
  store::JournalEntry entry;
  entry.at = at;
  entry.what = what;
  entry.ticket = ticket.id;
  entry.detail = std::move(detail);
  entry.who = who;
  return entry;
}

io::Task<Status> Answers::write_ahead(store::SealedChunk chunk) {
  const base::Bytes weight(chunk.bytes.size());
  auto shared = std::make_shared<const store::SealedChunk>(std::move(chunk));
  store::Operation operation = [shared](store::WriteTxn& txn) { return txn.put_chunk(*shared); };
  co_return co_await context_.committer.commit(std::move(operation), weight);
}

io::Task<Status> Answers::write_body(mail::Composition& composition, store::BodyWriter& body) {
  const base::Bytes most = context_.config->smtp.max_message_size;
  for (;;) {
    auto piece = composition.next();
    if (!piece) co_return piece.error();
    if (piece->empty()) co_return Status();
    if (body.size().count() + piece->size() > most.count()) {
      co_return base::permanent(Code::too_large,
                                fmt::format("the mail would be larger than smtp.max_message_size, "
                                            "{}; send fewer or smaller files",
                                            base::to_string(most)));
    }
    std::vector<store::SealedChunk> full = body.append(*piece);
    for (store::SealedChunk& chunk : full) {
      auto written = co_await write_ahead(std::move(chunk));
      if (!written) co_return written;
    }
  }
}

// False: a message has it, because a commit that was said to have failed was made all the same.
io::Task<bool> Answers::drop(base::BodyId body) {
  store::Operation operation = [body](store::WriteTxn& txn) { return txn.drop_body(body); };
  auto dropped = co_await context_.committer.commit(std::move(operation), base::Bytes(64));
  if (dropped) co_return true;
  if (dropped.error().code == Code::conflict) co_return false;
  base::log_warning("chunks of a mail that is not sent stay until the next start: {}",
                    base::to_string(dropped.error()));
  co_return true;
}

io::Task<Result<Written>> Answers::compose(Writing writing, Prepared prepared) {
  auto composition = mail::Composition::begin(std::move(prepared.letter));
  if (!composition) co_return composition.error();
  store::BodyWriter body = context_.store.new_body();
  const base::BodyId id = body.id();
  const auto written = std::make_shared<Written>();
  auto kept = co_await write_body(*composition, body);
  if (kept) {
    store::BodyWriter::Finished finished = body.finish();
    store::Operation operation =
        keeping(writing, prepared, composition->composed(), std::move(finished), written);
    kept = co_await context_.committer.commit(std::move(operation), base::kibibytes(80));
  }
  if (!kept) {
    const bool gone = co_await drop(id);
    if (gone) co_return kept.error();
  }
  for (std::string& upload : writing.uploads) co_await uploads_.drop(std::move(upload));
  queued_();
  co_return *written;
}

// The operation after which the mail is ours, and on its way. It may run twice.
store::Operation Answers::keeping(const Writing& writing, const Prepared& prepared,
                                  const mail::Composed& composed,
                                  store::BodyWriter::Finished finished,
                                  std::shared_ptr<Written> written) const {
  const auto now = context_.clock.now();
  store::Message message;
  message.direction = store::Direction::out;
  message.source = store::Source::staff;
  message.desk = prepared.desk->name;
  message.author = writing.who;
  message.received = now;
  message.body = finished.ref;
  message.trace_id = fmt::format("{}.{}", context_.store.instance(), context_.store.next_serial());
  message.envelope.reverse_path = prepared.reverse_path;
  message.envelope.forward_paths = mailboxes(composed.reading);
  message.envelope.body = composed.body;
  message.envelope.smtputf8 = composed.smtputf8;
  ask_for_reports(message.envelope, prepared.named);
  const auto whole = std::make_shared<const mail::Reading>(composed.reading);
  const auto last =
      std::make_shared<const std::optional<store::SealedChunk>>(std::move(finished.last));
  return [config = context_.config, desk = prepared.desk, ticket = prepared.named.ticket,
          opening = prepared.opening, writing, message, whole, last, written,
          now](store::WriteTxn& txn) -> Status {
    if (opening) {
      if (auto opened = txn.open_reserved(*opening); !opened) return opened;
    }
    auto current = txn.ticket(ticket);  // it may have gone up in another one meanwhile
    if (!current) return current.error();
    if (auto ours = in_custody(*current, writing); !ours) return ours;
    if (*last) {
      if (auto put = txn.put_chunk(**last); !put) return put;
    }
    store::Sorted sorted{current->id, std::string(reason_of(writing.kind)), *whole, now};
    auto id = txn.add_message(message, sorted);
    if (!id) return id.error();
    store::Delivery delivery;
    delivery.message = *id;
    delivery.ticket = current->id;
    delivery.target = kOutgoing;
    delivery.created = delivery.due = delivery.changed = now;
    if (auto queued = txn.enqueue(delivery); !queued) return queued;
    const ticket::Clues clues = ticket::clues_of(*whole, {}, now);
    const auto remembered = remember_parties(txn, *config, *desk, clues, *whole, {}, current->id);
    if (!remembered) return remembered;
    *written = {current->id, *id};
    return touch(txn, writing, *current, now);
  };
}

}  // namespace beredd::service

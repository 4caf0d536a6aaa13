#include "beredd/service/answers.h"

#include "prepared.h"

// g++ 12 takes the coroutine frame's own operator new for the global one once both are inlined.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "beredd/base/log.h"
#include "beredd/base/text.h"
#include "beredd/mail/subject.h"
#include "beredd/service/desk_address.h"
#include "beredd/service/outgoing.h"

namespace beredd::service {

using base::Code;
using base::Result;
using base::Status;
using ticket::Custody;
using ticket::State;
using ticket::Ticket;

namespace {

constexpr std::string_view kNoWayOut =
    "no mail can leave: the configuration names no [smarthost]; add one to beredd.toml "
    "(host, port, user, password_file) and restart beredd";

base::Error invalid(std::string text) { return base::permanent(Code::invalid, std::move(text)); }

// A line in the history of the message's ticket.
Status note_on(store::WriteTxn& txn, base::MessageId message, std::string_view what,
               std::string detail, const std::string& who, base::Instant at) {
  const auto sorted = txn.sorted(message);
  if (!sorted) return sorted.error();
  if (!*sorted) return base::bug("a mail of ours is not sorted");
  const auto ticket = txn.ticket((*sorted)->ticket);
  if (!ticket) return ticket.error();
  store::JournalEntry entry = entry_of(*ticket, what, std::move(detail), who, at);
  entry.message = message;
  return txn.note(std::move(entry));
}

}  // namespace

Answers::Answers(Context& context, Uploads& uploads, std::function<void()> queued)
    : context_(context), uploads_(uploads), queued_(std::move(queued)) {}

Result<Draft> Answers::draft(Writ kind, base::TicketId id, base::MessageId message,
                             mail::Language language) const {
  Draft out;
  auto read = context_.store.read([&](const store::ReadTxn& txn) -> Status {
    const auto ticket = txn.ticket(id);
    if (!ticket) return ticket.error();
    out.ticket = ticket->id;
    const config::Desk* desk = desk_named(*context_.config, ticket->desk);
    if (desk == nullptr) return invalid(fmt::format("there is no desk {} any more", ticket->desk));
    auto from = sender_of(*desk);
    if (!from) return from.error();
    out.from = *std::move(from);
    const auto original = original_of(txn, *ticket, message);
    if (!original) return original.error();
    const std::string& subject = *original ? (*original)->reading.subject : ticket->subject;
    out.subject =
        kind == Writ::forward ? mail::forward_subject(subject) : mail::reply_subject(subject);
    if (kind == Writ::answer) out.to = answer_to(*context_.config, *ticket, *original);
    if (!*original) return {};
    out.message = (*original)->message.id;
    if (kind == Writ::forward) return {};
    out.others = others_of(*context_.config, **original, out.to);
    const mail::Reading& reading = (*original)->reading;
    const mail::Address writer = reading.from.empty() ? ticket->requester : reading.from.front();
    out.text =
        mail::attribution(language, reading.date.value_or((*original)->message.received), writer) +
        "\n" + mail::quote(reading.new_text);
    return {};
  });
  if (!read) return read.error();
  return out;
}

Result<Answers::Prepared> Answers::prepare(const Writing& writing,
                                           std::optional<Ticket> opening) const {
  Prepared out;
  out.opening = std::move(opening);
  auto read = context_.store.read([&](const store::ReadTxn& txn) -> Status {
    const auto ticket = out.opening ? Result<Ticket>(*out.opening) : txn.ticket(writing.ticket);
    if (!ticket) return ticket.error();
    if (auto ours = in_custody(*ticket, writing); !ours) return ours;
    const auto alone = nobody_else_answers(txn, *ticket, writing, context_.clock.now(),
                                           context_.config->rota.lease);
    if (!alone) return alone;
    out.desk = desk_named(*context_.config, ticket->desk);
    if (out.desk == nullptr) {
      return invalid(fmt::format("there is no desk {} any more", ticket->desk));
    }
    out.named = {ticket->id, txn.ticket_proof(ticket->id)};
    auto original = original_of(txn, *ticket, writing.message);
    if (!original) return original.error();
    out.original = *std::move(original);
    out.letter.to = writing.to;
    if (writing.to.empty() && writing.kind == Writ::answer) {
      out.letter.to = answer_to(*context_.config, *ticket, out.original);
    }
    if (out.letter.to.empty()) {
      return invalid("nobody is known whom this could go to: name somebody with --to");
    }
    out.letter.subject = writing.subject;
    if (!mail::header_line(writing.subject).empty()) return {};
    const std::string& subject = out.original ? out.original->reading.subject : ticket->subject;
    out.letter.subject = writing.kind == Writ::forward ? mail::forward_subject(subject)
                                                       : mail::reply_subject(subject);
    return {};
  });
  if (!read) return read.error();
  mail::Letter& letter = out.letter;
  auto from = sender_of(*out.desk);
  if (!from) return from.error();
  letter.from = *std::move(from);
  letter.date = context_.clock.now();
  letter.cc = writing.cc;
  letter.text = writing.text;
  letter.boundary = context_.random.hex(12);
  letter.mark = ticket::own_envelope_id(out.named);
  letter.message_id = ticket::own_message_id(
      out.named, fmt::format("{}.{}", context_.store.instance(), context_.store.next_serial()),
      context_.config->smtp.hostname);
  if (writing.kind == Writ::answer && out.original) {
    const mail::Reading& answered = out.original->reading;
    letter.in_reply_to = answered.message_id;
    letter.references = answered.references.empty() ? answered.in_reply_to : answered.references;
  }
  const auto own = mail::parse_mailbox(letter.from.address, true);
  if (own) out.reverse_path = *own;
  if (auto reply = signed_address(*out.desk, out.named)) {
    letter.reply_to = {{letter.from.name, reply->text()}};
    out.reverse_path = std::move(*reply);
  }
  return out;
}

// Its number is in what the mail says, so it is reserved before; the ticket itself comes with the
// mail. When that fails, the number stays unused.
io::Task<Result<Ticket>> Answers::fresh_ticket(const Writing& writing) {
  const config::Desk* desk = desk_named(*context_.config, writing.desk);
  if (desk == nullptr) {
    co_return base::permanent(Code::not_found,
                              fmt::format("no desk is called \"{}\"", writing.desk));
  }
  Ticket fresh;
  fresh.desk = desk->name;
  fresh.subject = mail::header_line(writing.subject);
  fresh.custody = Custody::fallback;
  fresh.requester = writing.to.front();
  fresh.created = fresh.updated = context_.clock.now();
  auto id = std::make_shared<base::TicketId>();
  store::Operation operation = [id](store::WriteTxn& txn) -> Status {
    *id = txn.reserve_ticket();
    return {};
  };
  auto written = co_await context_.committer.commit(std::move(operation), base::Bytes(64));
  if (!written) co_return written.error();
  fresh.id = *id;
  co_return fresh;
}

io::Task<Status> Answers::enclose(const Writing& writing, Prepared& prepared) {
  if (writing.kind == Writ::forward) {
    if (!prepared.original) co_return invalid("the ticket has no mail that could be forwarded");
    prepared.letter.enclosures.push_back(whole_message(context_.store, *prepared.original));
  }
  for (const std::string& id : writing.uploads) {
    std::string named = id;
    auto file = co_await uploads_.finish(std::move(named));
    if (!file) co_return file.error();
    prepared.letter.enclosures.push_back(*std::move(file));
  }
  co_return Status();
}

io::Task<Result<Written>> Answers::send(Writing writing) {
  if (!queued_) co_return base::permanent(Code::unsupported, std::string(kNoWayOut));
  if (mail::canonical_text(writing.text).empty()) co_return invalid("there is no text");
  if (writing.kind == Writ::opening) {
    if (writing.to.empty()) co_return invalid("say whom it goes to");
    if (mail::header_line(writing.subject).empty()) co_return invalid("say what it is about");
  }
  for (const auto* list : {&writing.to, &writing.cc}) {
    for (const mail::Address& one : *list) {
      if (!mail::parse_mailbox(one.address, true)) {
        co_return invalid(
            fmt::format("\"{}\" is no mail address", base::for_terminal(one.address)));
      }
    }
  }
  if (context_.store.room() < context_.config->node.low_water) {
    co_return base::transient(Code::store_full, "the disk is too full to keep another mail");
  }
  std::optional<Ticket> opening;
  if (writing.kind == Writ::opening) {
    auto fresh = co_await fresh_ticket(writing);
    if (!fresh) co_return fresh.error();
    writing.ticket = fresh->id;
    opening = *std::move(fresh);
  }
  auto prepared = prepare(writing, std::move(opening));
  if (!prepared) co_return prepared.error();
  auto enclosed = co_await enclose(writing, *prepared);
  if (!enclosed) co_return enclosed.error();
  co_return co_await compose(std::move(writing), *std::move(prepared));
}

// Composes it chunk by chunk, and writes each ahead; what makes it a mail is the last commit.
io::Task<Status> Answers::resend(base::MessageId message, std::string who) {
  const auto now = context_.clock.now();
  store::Operation operation = [message, who, now](store::WriteTxn& txn) -> Status {
    if (auto retried = txn.retry(message, kOutgoing, now); !retried) return retried;
    return note_on(txn, message, "resent", {}, who, now);
  };
  auto written = co_await context_.committer.commit(std::move(operation), base::kibibytes(1));
  if (written && queued_) queued_();
  co_return written;
}

io::Task<Status> Answers::give_up(base::MessageId message, std::string why, std::string who) {
  const auto now = context_.clock.now();
  store::Operation operation = [message, why, who, now](store::WriteTxn& txn) -> Status {
    if (auto given = txn.suppress(message, kOutgoing, why, now); !given) return given;
    return note_on(txn, message, "given up", why, who, now);
  };
  co_return co_await context_.committer.commit(std::move(operation), base::kibibytes(1));
}

io::Task<Status> Answers::settle(base::TicketId id, std::string who) {
  const auto now = context_.clock.now();
  store::Operation operation = [id, who, now](store::WriteTxn& txn) -> Status {
    auto ticket = txn.ticket(id);
    if (!ticket) return ticket.error();
    if (!ticket->undelivered) {
      return base::permanent(Code::conflict, fmt::format("nothing says that a mail of ticket {} "
                                                         "did not arrive",
                                                         ticket->id.value()));
    }
    ticket->undelivered = false;
    const auto settled = entry_of(*ticket, "settled", "what did not arrive is seen to", who, now);
    if (auto noted = txn.note(settled); !noted) return noted;
    return txn.update_ticket(*ticket);
  };
  co_return co_await context_.committer.commit(std::move(operation), base::kibibytes(1));
}

}  // namespace beredd::service

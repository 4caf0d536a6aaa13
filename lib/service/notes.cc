// The part of actions.h that takes in what staff say to each other.

#include "ticket_steps.h"

#include <memory>
#include <utility>

#include <fmt/format.h>

#include "beredd/base/digest.h"
#include "beredd/base/text.h"
#include "beredd/mail/compose.h"
#include "beredd/service/actions.h"
#include "beredd/ticket/token.h"

namespace beredd::service {

using base::MessageId;
using base::Result;
using base::Status;
using ticket::Ticket;

namespace {

// A note on its way into the store.
struct Note {
  store::Message message;
  store::Sorted sorted;
  std::vector<store::SealedChunk> chunks;
};

// What a note's header needs to know of its ticket.
struct About {
  Ticket ticket;
  std::string proof;
};

const config::Desk* desk_of(const config::Config& config, std::string_view name) {
  for (const config::Desk& desk : config.desks) {
    if (desk.name == name) return &desk;
  }
  return nullptr;
}

// The desk's address, or one of this host where the desk is served by domain, or is gone.
std::string address_of(const config::Config& config, std::string_view name) {
  if (const config::Desk* desk = desk_of(config, name)) {
    for (const std::string& address : desk->addresses) {
      if (!address.starts_with('@')) return address;
    }
  }
  return "desk@" + config.smtp.hostname;
}

std::string boundary(base::Random& random) {
  std::array<std::byte, 12> bytes{};
  random.fill(bytes);
  return base::to_hex(bytes);
}

// A note is a mail of its own: from its author, in the desk's name, to the desk.
mail::Letter letter_of(Context& context, const About& about, const NoteOrder& order,
                       base::Instant now) {
  const config::Config& config = *context.config;
  const std::string address = address_of(config, about.ticket.desk);
  mail::Letter letter;
  letter.from = {order.who, address};
  letter.to = {{"", address}};
  letter.subject = about.ticket.subject;
  letter.date = now;
  const std::string serial =
      fmt::format("{}.{}", context.store.instance(), context.store.next_serial());
  letter.message_id =
      ticket::own_message_id({about.ticket.id, about.proof}, serial, config.smtp.hostname);
  letter.text = order.text;
  letter.boundary = boundary(context.random);
  return letter;
}

Result<Note> compose(Context& context, const About& about, const NoteOrder& order,
                     base::Instant now) {
  auto writing = mail::Composition::begin(letter_of(context, about, order, now));
  if (!writing) return writing.error();
  store::BodyWriter body = context.store.new_body();
  Note note;
  for (;;) {
    const auto piece = writing->next();
    if (!piece) return piece.error();
    if (piece->empty()) break;
    for (store::SealedChunk& chunk : body.append(*piece)) note.chunks.push_back(std::move(chunk));
  }
  store::BodyWriter::Finished finished = body.finish();
  if (finished.last) note.chunks.push_back(*std::move(finished.last));
  note.message.direction = store::Direction::note;
  note.message.source = store::Source::staff;
  note.message.desk = about.ticket.desk;
  note.message.trace_id =
      fmt::format("{}.{}", context.store.instance(), context.store.next_serial());
  note.message.received = now;
  note.message.body = finished.ref;
  note.message.author = order.who;
  note.sorted.ticket = about.ticket.id;
  note.sorted.reason = "a note";
  note.sorted.reading = writing->composed().reading;
  return note;
}

Status add(store::WriteTxn& txn, const Note& note, base::Instant now, std::vector<MessageId>& out) {
  for (const store::SealedChunk& chunk : note.chunks) {
    if (auto put = txn.put_chunk(chunk); !put) return put;
  }
  auto added = txn.add_message(note.message, note.sorted);
  if (!added) return added.error();
  auto ticket = txn.ticket(note.sorted.ticket);
  if (!ticket) return ticket.error();
  ticket::touch(*ticket, now);
  out.push_back(*added);
  return txn.update_ticket(*ticket);
}

Status check(const NoteOrder& order) {
  if (order.tickets.empty() || order.tickets.size() > Actions::kMostTickets) {
    return base::permanent(base::Code::invalid, "say which tickets the note is for");
  }
  if (!base::is_utf8(order.text) || order.text.find('\0') != std::string::npos) {
    return base::permanent(base::Code::invalid, "the note is no text in UTF-8");
  }
  if (base::trim(order.text).empty()) {
    return base::permanent(base::Code::invalid, "the note says nothing");
  }
  if (order.text.size() * order.tickets.size() > Actions::kLongestNote) {
    return base::permanent(
        base::Code::invalid,
        fmt::format("the note is too long: {} bytes, for all of its tickets, are allowed",
                    Actions::kLongestNote));
  }
  return {};
}

Result<std::vector<About>> look_up(const store::Store& store, const NoteOrder& order) {
  std::vector<About> out;
  Obstacles obstacles;
  const auto read = store.read([&](const store::ReadTxn& txn) -> Status {
    for (const base::TicketId id : order.tickets) {
      auto ticket = txn.ticket(id);
      if (ticket) {
        std::string proof = txn.ticket_proof(ticket->id);
        out.push_back({*std::move(ticket), std::move(proof)});
      } else {
        obstacles.add(id, ticket.error());
      }
    }
    return {};
  });
  if (!read) return read.error();
  if (obstacles.any()) return obstacles.error();
  return out;
}

}  // namespace

io::Task<Result<std::vector<MessageId>>> Actions::note(NoteOrder order) {
  const base::Instant now = context_.clock.now();
  if (auto good = check(order); !good) co_return good.error();
  const auto about = look_up(context_.store, order);
  if (!about) co_return about.error();
  auto notes = std::make_shared<std::vector<Note>>();
  std::size_t size = 0;
  for (const About& one : *about) {
    auto note = compose(context_, one, order, now);
    if (!note) co_return note.error();
    for (const store::SealedChunk& chunk : note->chunks) size += 1024 + chunk.bytes.size();
    notes->push_back(*std::move(note));
  }
  auto out = std::make_shared<std::vector<MessageId>>();
  store::Operation operation = [notes, now, out](store::WriteTxn& txn) -> Status {
    out->clear();
    for (const Note& note : *notes) {
      if (auto added = add(txn, note, now, *out); !added) return added;
    }
    return {};
  };
  const base::Bytes weight(size);
  auto written = co_await context_.committer.commit(std::move(operation), weight);
  if (!written) co_return written.error();
  co_return std::move(*out);
}

}  // namespace beredd::service

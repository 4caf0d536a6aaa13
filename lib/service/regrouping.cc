// The part of actions.h that makes one ticket of several, or two of one.

#include "evidence.h"
#include "ticket_steps.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "beredd/service/actions.h"
#include "beredd/ticket/thread.h"

namespace beredd::service {

using base::MessageId;
using base::Result;
using base::Status;
using base::TicketId;
using ticket::Ticket;

namespace {

Status may_go_up(const store::ReadTxn& txn, const Ticket& from, const Ticket& into) {
  const auto conflict = [](std::string why) {
    return base::permanent(base::Code::conflict, std::move(why));
  };
  if (from.id == into.id) return conflict(fmt::format("it is ticket {} already", into.id.value()));
  if (from.desk != into.desk) {
    return conflict(fmt::format("it is of desk {}, and ticket {} of desk {}", from.desk,
                                into.id.value(), into.desk));
  }
  if (txn.messages_of(from.id).size() <= Actions::kMostMoved) return {};
  return conflict(fmt::format("it has more than {} messages", Actions::kMostMoved));
}

Status check_merge(const store::ReadTxn& txn, const MergeOrder& order) {
  const auto into = txn.ticket(order.into);
  if (!into) return into.error();
  Obstacles obstacles;
  for (const Seen& seen : order.tickets) {
    const auto from = as_seen(txn, seen);
    const Status good = from ? may_go_up(txn, *from, *into) : Status(from.error());
    if (!good) obstacles.add(seen.ticket, good.error());
  }
  if (obstacles.any()) return obstacles.error();
  return {};
}

Status merge_all(store::WriteTxn& txn, const MergeOrder& order, base::Instant now, Ticket& out) {
  if (auto good = check_merge(txn, order); !good) return good;
  const store::Act act{order.who, order.why.empty() ? "merged by hand" : order.why, now};
  auto kept = txn.ticket(order.into);
  for (const Seen& seen : order.tickets) {
    const auto from = txn.ticket(seen.ticket);
    if (!from) return from.error();
    if (from->id == kept->id) continue;  // named twice
    if (auto merged = txn.merge_ticket(from->id, kept->id, act); !merged) return merged;
  }
  kept = txn.ticket(order.into);
  if (!kept) return kept.error();
  ticket::touch(*kept, now);
  out = *kept;
  return txn.update_ticket(*kept);
}

const config::Desk* desk_of(const config::Config& config, std::string_view name) {
  const auto found = std::ranges::find(config.desks, name, &config::Desk::name);
  return found == config.desks.end() ? nullptr : &*found;
}

struct Split {
  store::Message message;
  store::Sorted sorted;
  Ticket from;
};

Result<Split> check_split(const store::ReadTxn& txn, const SplitOrder& order) {
  auto from = as_seen(txn, order.ticket);
  if (!from) return from.error();
  auto message = txn.message(order.message);
  if (!message) return message.error();
  auto sorted = txn.sorted(order.message);
  if (!sorted) return sorted.error();
  const auto conflict = [&](std::string_view why) {
    return base::permanent(base::Code::conflict,
                           fmt::format("message {} {}", order.message.value(), why));
  };
  if (!*sorted || (*sorted)->ticket != from->id) {
    return conflict(fmt::format("is not in ticket {}", from->id.value()));
  }
  if ((*sorted)->copy_of) {
    return conflict(fmt::format("is a copy of message {}, and goes where that one goes",
                                (*sorted)->copy_of.value()));
  }
  for (const MessageId id : txn.messages_of(from->id)) {
    const auto other = txn.sorted(id);
    if (!other) return other.error();
    const bool stays = id != order.message && (*other)->copy_of != order.message;
    if (stays) return Split{*std::move(message), **std::move(sorted), *std::move(from)};
  }
  return conflict("is all that its ticket has");
}

Ticket ticket_of(const Split& split, base::Instant now) {
  Ticket out = split.from;
  out.merged.clear();
  out.linked = {split.from.id};
  out.undelivered = false;
  out.pending_until.reset();
  out.state = ticket::State::open;
  out.created = split.message.received;
  out.updated = now;
  const mail::Reading& reading = split.sorted.reading;
  if (!reading.subject.empty()) out.subject = reading.subject;
  if (split.message.direction == store::Direction::in && !reading.from.empty()) {
    out.requester = reading.from.front();
  }
  return out;
}

Status link_back(store::WriteTxn& txn, TicketId from, TicketId other, base::Instant now) {
  auto ticket = txn.ticket(from);
  if (!ticket) return ticket.error();
  if (std::ranges::find(ticket->linked, other) == ticket->linked.end()) {
    ticket->linked.push_back(other);
  }
  ticket::touch(*ticket, now);
  return txn.update_ticket(*ticket);
}

Status split_one(store::WriteTxn& txn, const config::Config& config, const SplitOrder& order,
                 base::Instant now, Ticket& out) {
  const auto split = check_split(txn, order);
  if (!split) return split.error();
  const auto opened = txn.open_ticket(ticket_of(*split, now));
  if (!opened) return opened.error();
  const store::Act act{order.who, order.why.empty() ? "split by hand" : order.why, now};
  if (auto moved = txn.move_message(order.message, *opened, act); !moved) return moved;
  if (auto linked = link_back(txn, split->from.id, *opened, now); !linked) return linked;
  const config::Desk* desk = desk_of(config, split->message.desk);
  if (desk != nullptr && split->message.direction == store::Direction::in) {
    const mail::Reading& reading = split->sorted.reading;
    const mail::Envelope& envelope = split->message.envelope;
    const auto clues = ticket::clues_of(reading, envelope.forward_paths, split->message.received);
    const auto remembered = remember_parties(txn, config, *desk, clues, reading, envelope, *opened);
    if (!remembered) return remembered;
  }
  auto fresh = txn.ticket(*opened);
  if (!fresh) return fresh.error();
  out = *std::move(fresh);
  return {};
}

}  // namespace

io::Task<Result<Ticket>> Actions::merge(MergeOrder order) {
  const base::Instant now = context_.clock.now();
  const std::size_t count = order.tickets.size();
  if (count == 0 || count > kMostTickets) {
    co_return base::permanent(base::Code::invalid, "say which tickets are to go up in it");
  }
  auto out = std::make_shared<Ticket>();
  store::Operation operation = [order = std::move(order), now, out](store::WriteTxn& txn) {
    return merge_all(txn, order, now, *out);
  };
  const base::Bytes weight(4096 * count);
  auto written = co_await context_.committer.commit(std::move(operation), weight);
  if (!written) co_return written.error();
  if (postponed_) postponed_();
  co_return std::move(*out);
}

io::Task<Result<Ticket>> Actions::split(SplitOrder order) {
  const base::Instant now = context_.clock.now();
  auto out = std::make_shared<Ticket>();
  const auto config = context_.config;
  store::Operation operation = [order = std::move(order), config, now, out](store::WriteTxn& txn) {
    return split_one(txn, *config, order, now, *out);
  };
  const base::Bytes weight(4096);
  auto written = co_await context_.committer.commit(std::move(operation), weight);
  if (!written) co_return written.error();
  co_return std::move(*out);
}

}  // namespace beredd::service

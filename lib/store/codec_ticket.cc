// Tickets, and what was done to many at once.

#include "codec.h"
#include "flat.h"

namespace beredd::store {
namespace {

using flat::Conversion;

fbs::TicketT flat_of(const ticket::Ticket& ticket) {
  fbs::TicketT out;
  out.desk = ticket.desk;
  out.subject = ticket.subject;
  out.state = flat::number_of(ticket.state);
  out.custody = flat::number_of(ticket.custody);
  out.line = ticket.line;
  out.priority = flat::number_of(ticket.priority);
  out.assignee = ticket.assignee;
  out.tags = ticket.tags;
  out.requester = std::make_unique<fbs::AddressT>();
  out.requester->name = ticket.requester.name;
  out.requester->address = ticket.requester.address;
  out.created = base::micros(ticket.created);
  out.updated = base::micros(ticket.updated);
  out.undelivered = ticket.undelivered;
  for (const base::TicketId id : ticket.linked) out.linked.push_back(id.value());
  for (const base::TicketId id : ticket.merged) out.merged.push_back(id.value());
  if (ticket.pending_until) out.pending_until = base::micros(*ticket.pending_until);
  return out;
}

ticket::Ticket plain(base::TicketId id, const fbs::TicketT& record, Conversion& conversion) {
  ticket::Ticket out;
  out.id = id;
  out.desk = record.desk;
  out.subject = record.subject;
  out.state = conversion.named(record.state, ticket::State::closed);
  out.custody = conversion.named(record.custody, ticket::Custody::returned);
  out.line = record.line;
  out.priority = conversion.named(record.priority, ticket::Priority::urgent);
  out.assignee = record.assignee;
  out.tags = record.tags;
  if (conversion.present(record.requester)) {
    out.requester = {record.requester->name, record.requester->address};
  }
  out.created = base::from_micros(record.created);
  out.updated = base::from_micros(record.updated);
  out.undelivered = record.undelivered;
  for (const std::uint64_t one : record.linked) out.linked.emplace_back(one);
  for (const std::uint64_t one : record.merged) out.merged.emplace_back(one);
  if (record.pending_until) out.pending_until = base::from_micros(*record.pending_until);
  return out;
}

}  // namespace

std::string encode(const ticket::Ticket& ticket) { return flat::pack(flat_of(ticket)); }

base::Result<ticket::Ticket> decode_ticket(base::TicketId id, std::string_view bytes) {
  auto in = flat::unpack<fbs::Ticket>(bytes);
  if (!in) return in.error();
  Conversion conversion;
  ticket::Ticket out = plain(id, **in, conversion);
  return conversion.finish(std::move(out));
}

std::string encode(const BulkAction& action) {
  fbs::BulkActionT out;
  out.who = action.who;
  out.at = base::micros(action.at);
  out.what = action.what;
  for (const BulkAction::Changed& changed : action.tickets) {
    auto one = std::make_unique<fbs::BulkTicketT>();
    one->id = changed.before.id.value();
    one->before = std::make_unique<fbs::TicketT>(flat_of(changed.before));
    one->after = std::make_unique<fbs::TicketT>(flat_of(changed.after));
    out.tickets.push_back(std::move(one));
  }
  return flat::pack(out);
}

base::Result<BulkAction> decode_bulk_action(std::string_view bytes) {
  auto in = flat::unpack<fbs::BulkAction>(bytes);
  if (!in) return in.error();
  Conversion conversion;
  BulkAction out;
  out.who = (*in)->who;
  out.at = base::from_micros((*in)->at);
  out.what = (*in)->what;
  for (const auto& one : (*in)->tickets) {
    if (!conversion.present(one->before) || !conversion.present(one->after)) continue;
    const base::TicketId id(one->id);
    out.tickets.push_back(
        {plain(id, *one->before, conversion), plain(id, *one->after, conversion)});
  }
  return conversion.finish(std::move(out));
}

}  // namespace beredd::store

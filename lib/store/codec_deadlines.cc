#include "codec_deadlines.h"

#include "deadlines_generated.h"
#include "flat.h"

namespace beredd::store {
namespace {

using flat::Conversion;

fbs::CrossingT flat_of(const ticket::Crossing& crossing) {
  fbs::CrossingT out;
  out.kind = flat::number_of(crossing.kind);
  out.measure = flat::number_of(crossing.measure);
  out.began = base::micros(crossing.began);
  out.at = base::micros(crossing.at);
  return out;
}

ticket::Crossing plain(const fbs::CrossingT& record, Conversion& conversion) {
  return {conversion.named(record.kind, ticket::Crossing::Kind::breach),
          conversion.named(record.measure, ticket::Measure::solution),
          base::from_micros(record.began), base::from_micros(record.at)};
}

}  // namespace

std::string encode(const TicketDeadlines& deadlines) {
  fbs::TicketDeadlinesT out;
  if (deadlines.due) {
    out.due = std::make_unique<fbs::DueT>();
    out.due->at = base::micros(deadlines.due->at);
    out.due->warning = base::micros(deadlines.due->warning);
    out.due->measure = flat::number_of(deadlines.due->measure);
  }
  if (deadlines.wake) out.wake = base::micros(*deadlines.wake);
  for (const ticket::Crossing& one : deadlines.crossed) {
    out.crossed.push_back(std::make_unique<fbs::CrossingT>(flat_of(one)));
  }
  return flat::pack(out);
}

base::Result<TicketDeadlines> decode_deadlines(base::TicketId ticket, std::string_view bytes) {
  auto in = flat::unpack<fbs::TicketDeadlines>(bytes);
  if (!in) return in.error();
  Conversion conversion;
  TicketDeadlines out;
  out.ticket = ticket;
  if (const auto& due = (*in)->due) {
    out.due = Due{ticket, base::from_micros(due->at), base::from_micros(due->warning),
                  conversion.named(due->measure, ticket::Measure::solution)};
  }
  if ((*in)->wake) out.wake = base::from_micros(*(*in)->wake);
  for (const auto& one : (*in)->crossed) {
    if (conversion.present(one)) out.crossed.push_back(plain(*one, conversion));
  }
  return conversion.finish(std::move(out));
}

std::string encode(const ServiceEvent& event) {
  fbs::ServiceEventT out;
  out.ticket = event.ticket.value();
  out.crossing = std::make_unique<fbs::CrossingT>(flat_of(event.crossing));
  out.noticed = base::micros(event.noticed);
  return flat::pack(out);
}

base::Result<ServiceEvent> decode_service_event(base::JournalSeq seq, std::string_view bytes) {
  auto in = flat::unpack<fbs::ServiceEvent>(bytes);
  if (!in) return in.error();
  Conversion conversion;
  ServiceEvent out;
  out.seq = seq;
  out.ticket = base::TicketId((*in)->ticket);
  if (conversion.present((*in)->crossing)) out.crossing = plain(*(*in)->crossing, conversion);
  out.noticed = base::from_micros((*in)->noticed);
  return conversion.finish(out);
}

std::string encode(const Bookmark& bookmark) {
  fbs::BookmarkT out;
  out.followed = bookmark.followed.value();
  out.fingerprint = bookmark.fingerprint;
  return flat::pack(out);
}

base::Result<Bookmark> decode_bookmark(std::string_view bytes) {
  auto in = flat::unpack<fbs::Bookmark>(bytes);
  if (!in) return in.error();
  return Bookmark{base::JournalSeq((*in)->followed), (*in)->fingerprint};
}

}  // namespace beredd::store

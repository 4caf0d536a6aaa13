// Absences, leases, the staffing level, triage.

#include "flat.h"
#include "rota.h"

namespace beredd::store {

using flat::Conversion;

std::string encode(const ticket::Absence& absence) {
  fbs::AbsenceT out;
  out.person = absence.person;
  out.since = base::micros(absence.since);
  if (absence.until) out.until = base::micros(*absence.until);
  out.reason = absence.reason;
  out.by = absence.by;
  return flat::pack(out);
}

base::Result<ticket::Absence> decode_absence(std::string_view bytes) {
  auto in = flat::unpack<fbs::Absence>(bytes);
  if (!in) return in.error();
  ticket::Absence out{(*in)->person, base::from_micros((*in)->since), {}, (*in)->reason, (*in)->by};
  if ((*in)->until) out.until = base::from_micros(*(*in)->until);
  return out;
}

std::string encode(const ticket::Lease& lease) {
  fbs::LeaseT out;
  out.holder = lease.holder;
  out.since = base::micros(lease.since);
  out.until = base::micros(lease.until);
  return flat::pack(out);
}

base::Result<ticket::Lease> decode_lease(base::TicketId ticket, std::string_view bytes) {
  auto in = flat::unpack<fbs::Lease>(bytes);
  if (!in) return in.error();
  return ticket::Lease{ticket, (*in)->holder, base::from_micros((*in)->since),
                       base::from_micros((*in)->until)};
}

std::string encode(const StaffingChoice& choice) {
  fbs::StaffingT out;
  if (choice.level) out.level = flat::number_of(*choice.level);
  out.by = choice.by;
  out.at = base::micros(choice.at);
  return flat::pack(out);
}

base::Result<StaffingChoice> decode_staffing(std::string_view bytes) {
  auto in = flat::unpack<fbs::Staffing>(bytes);
  if (!in) return in.error();
  Conversion conversion;
  StaffingChoice out{{}, (*in)->by, base::from_micros((*in)->at)};
  if ((*in)->level) out.level = conversion.named(*(*in)->level, ticket::Level::critical);
  return conversion.finish(std::move(out));
}

std::string encode(const Triage& triage) {
  fbs::TriageT out;
  out.read_up_to = triage.read_up_to.value();
  for (const auto& [name, value] : triage.fields) {
    out.fields.push_back(std::make_unique<fbs::FieldValueT>());
    out.fields.back()->name = name;
    out.fields.back()->value = value;
  }
  out.rules = triage.rules;
  out.team = triage.team;
  out.language = triage.language;
  return flat::pack(out);
}

base::Result<Triage> decode_triage(base::TicketId ticket, std::string_view bytes) {
  auto in = flat::unpack<fbs::Triage>(bytes);
  if (!in) return in.error();
  Triage out{ticket,         base::MessageId((*in)->read_up_to), {}, (*in)->rules, (*in)->team,
             (*in)->language};
  for (const auto& field : (*in)->fields) out.fields.emplace(field->name, field->value);
  return out;
}

}  // namespace beredd::store

#include "rota.h"

#include "journal.h"
#include "tickets.h"

#include <fmt/format.h>

namespace beredd::store {
namespace {

constexpr std::string_view kLevelRow = "level";

std::string person_key(const Tables& tables, std::string_view person) {
  return tables.keys().short_blind("person", person);
}

KeyBytes ticket_key(base::TicketId ticket) { return KeyBytes().id(ticket); }

base::Status journal(Change& change, std::string what, base::TicketId ticket, std::string detail,
                     const Act& act) {
  JournalEntry entry;
  entry.at = act.at;
  entry.what = std::move(what);
  entry.ticket = ticket;
  entry.detail = std::move(detail);
  entry.who = act.who;
  return write_journal(change, std::move(entry));
}

// `text`, and why it is so, where somebody said that.
std::string with_reason(std::string text, std::string_view why) {
  return why.empty() ? std::move(text) : fmt::format("{}: {}", text, why);
}

}  // namespace

base::Result<std::vector<ticket::Absence>> list_absences(const Tables& tables) {
  std::vector<ticket::Absence> out;
  lmdb::Cursor cursor = tables.cursor(Table::absences);
  for (bool here = cursor.first(); here; here = cursor.next()) {
    auto bytes = tables.open(Table::absences, cursor.key(), cursor.value());
    if (!bytes) return bytes.error();
    auto absence = decode_absence(*bytes);
    if (!absence) return absence.error();
    out.push_back(*std::move(absence));
  }
  if (auto status = tables.status(); !status) return status.error();
  return out;
}

base::Result<std::vector<ticket::Lease>> list_leases(const Tables& tables) {
  std::vector<ticket::Lease> out;
  lmdb::Cursor cursor = tables.cursor(Table::leases);
  for (bool here = cursor.first(); here; here = cursor.next()) {
    auto bytes = tables.open(Table::leases, cursor.key(), cursor.value());
    if (!bytes) return bytes.error();
    auto lease = decode_lease(base::TicketId(u64_at(cursor.key(), 0)), *bytes);
    if (!lease) return lease.error();
    out.push_back(*std::move(lease));
  }
  if (auto status = tables.status(); !status) return status.error();
  return out;
}

base::Result<std::optional<ticket::Lease>> read_lease(const Tables& tables, base::TicketId named) {
  const base::TicketId ticket = surviving(tables, named);
  const auto record = tables.get_sealed(Table::leases, ticket_key(ticket));
  if (!record) return record.error();
  if (!*record) return std::optional<ticket::Lease>();
  auto lease = decode_lease(ticket, **record);
  if (!lease) return lease.error();
  return std::optional<ticket::Lease>(*std::move(lease));
}

base::Result<StaffingChoice> read_staffing(const Tables& tables) {
  const auto record = tables.get_sealed(Table::staffing, kLevelRow);
  if (!record) return record.error();
  if (!*record) return StaffingChoice();
  return decode_staffing(**record);
}

base::Result<Triage> read_triage(const Tables& tables, base::TicketId named) {
  const base::TicketId ticket = surviving(tables, named);
  const auto record = tables.get_sealed(Table::triage, ticket_key(ticket));
  if (!record) return record.error();
  if (*record) return decode_triage(ticket, **record);
  Triage none;
  none.ticket = ticket;
  return none;
}

base::Status put_absence(Change& change, const ticket::Absence& absence, const Act& act) {
  change.tables.put_sealed(Table::absences, person_key(change.tables, absence.person),
                           encode(absence));
  const std::string until =
      absence.until ? " until " + base::rfc3339(*absence.until) : std::string();
  return journal(change, "absent", {}, with_reason(absence.person + until, absence.reason), act);
}

base::Status drop_absence(Change& change, std::string_view person, const Act& act) {
  if (!change.tables.erase(Table::absences, person_key(change.tables, person))) {
    return base::permanent(base::Code::not_found, fmt::format("{} is not absent", person));
  }
  return journal(change, "present", {}, with_reason(std::string(person), act.why), act);
}

base::Status put_lease(Change& change, const ticket::Lease& lease, const Act& act) {
  const base::TicketId ticket = surviving(change.tables, lease.ticket);
  change.tables.put_sealed(Table::leases, ticket_key(ticket), encode(lease));
  return journal(change, "leased", ticket,
                 fmt::format("{} until {}", lease.holder, base::rfc3339(lease.until)), act);
}

base::Status drop_lease(Change& change, base::TicketId named, const Act& act) {
  const base::TicketId ticket = surviving(change.tables, named);
  if (!change.tables.erase(Table::leases, ticket_key(ticket))) {
    return base::permanent(base::Code::not_found,
                           fmt::format("nobody holds a lease of ticket {}", ticket.value()));
  }
  return journal(change, "lease ended", ticket, act.why, act);
}

base::Status put_staffing(Change& change, const StaffingChoice& choice) {
  change.tables.put_sealed(Table::staffing, kLevelRow, encode(choice));
  const Act act{choice.by, {}, choice.at};
  const std::string_view level = choice.level ? ticket::name(*choice.level) : "by presence";
  return journal(change, "staffing", {}, std::string(level), act);
}

base::Status put_triage(Change& change, const Triage& triage) {
  change.tables.put_sealed(Table::triage, ticket_key(surviving(change.tables, triage.ticket)),
                           encode(triage));
  return change.tables.status();
}

}  // namespace beredd::store

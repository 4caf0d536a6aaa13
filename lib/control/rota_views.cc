#include "rota_views.h"

#include <algorithm>
#include <map>

namespace beredd::control {
namespace {

const config::StaffingLevel& level_of(const config::Staffing& staffing, ticket::Level level) {
  switch (level) {
    case ticket::Level::normal: return staffing.normal;
    case ticket::Level::reduced: return staffing.reduced;
    case ticket::Level::critical: return staffing.critical;
  }
  return staffing.normal;
}

}  // namespace

std::vector<api::Colleague> people_view(const config::Config& config, const service::Roll& roll) {
  std::vector<api::Colleague> out;
  for (const ticket::Colleague& one : roll.people) {
    const config::Person& person = *config.person_named(one.name);
    api::Colleague view;
    view.name = one.name;
    view.address = person.address;
    view.role = name(person.role);
    view.lines = one.lines;
    view.teams = one.teams;
    view.languages = one.languages;
    view.deputy = one.deputy;
    view.present = one.present;
    view.load = one.load;
    for (const ticket::Absence& absence : roll.absences) {
      if (absence.person != one.name) continue;
      view.absence = api::Absence{absence.since, absence.until, absence.reason, absence.by};
    }
    out.push_back(std::move(view));
  }
  return out;
}

api::Staffing staffing_view(const config::Config& config, const service::Roll& roll) {
  api::Staffing view;
  view.level = ticket::name(roll.level);
  view.set = roll.choice.level.has_value();
  if (view.set) {
    view.by = roll.choice.by;
    view.since = roll.choice.at;
  }
  view.presence = roll.presence;
  const config::StaffingLevel& level = level_of(config.staffing, roll.level);
  view.first = level.first;
  view.notice_only = level.notice_only;
  view.waits = level.waits;
  return view;
}

api::Lease lease_view(const ticket::Lease& lease) {
  return {lease.ticket.value(), lease.holder, lease.since, lease.until};
}

base::Status add_leases(const store::ReadTxn& txn, base::Instant now, base::Duration length,
                        std::vector<api::Ticket>& tickets) {
  const auto leases = txn.leases();
  if (!leases) return leases.error();
  std::map<std::uint64_t, const ticket::Lease*> by_ticket;
  for (const ticket::Lease& lease : *leases) {
    if (ticket::in_force(lease, now, length)) by_ticket[lease.ticket.value()] = &lease;
  }
  for (api::Ticket& ticket : tickets) {
    const auto found = by_ticket.find(ticket.id);
    if (found == by_ticket.end()) continue;
    ticket.lease = api::TicketLease{found->second->holder, found->second->until};
  }
  return {};
}

base::Status add_triage(const store::ReadTxn& txn, base::Instant now, base::Duration length,
                        api::Ticket& ticket) {
  const auto lease = txn.lease(base::TicketId(ticket.id));
  if (!lease) return lease.error();
  if (*lease && ticket::in_force(**lease, now, length)) {
    ticket.lease = api::TicketLease{(*lease)->holder, (*lease)->until};
  }
  const auto triage = txn.triage(base::TicketId(ticket.id));
  if (!triage) return triage.error();
  if (!triage->fields.empty()) ticket.fields.emplace();
  for (const auto& [name, value] : triage->fields) ticket.fields->push_back({name, value});
  if (!triage->team.empty()) ticket.team = triage->team;
  if (!triage->language.empty()) ticket.language = triage->language;
  return {};
}

}  // namespace beredd::control

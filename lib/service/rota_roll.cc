#include "rota_roll.h"

#include <algorithm>

#include <fmt/format.h>

#include "beredd/base/text.h"
#include "beredd/service/outgoing.h"

namespace beredd::service {
namespace {

using base::Result;
using base::Status;

ticket::Rule rule_of(const config::Rule& from) {
  ticket::Rule rule;
  rule.name = from.name;
  for (const std::string& level : from.staffing)
    rule.when.levels.push_back(*ticket::level_named(level));
  rule.when.desks = from.desks;
  for (const std::string& sender : from.senders) rule.when.senders.push_back(base::lower(sender));
  for (const std::string& domain : from.domains) rule.when.domains.push_back(base::lower(domain));
  // The configuration was checked: both are patterns.
  if (!from.words.empty()) rule.when.words = *base::Pattern::of_words(from.words);
  if (!from.value.empty()) rule.when.value = *base::Pattern::compile(from.value);
  rule.when.older_than = from.older_than;
  rule.when.field = from.field;
  rule.then.priority = ticket::priority_named(from.priority);
  rule.then.tags = from.tags;
  rule.then.line = from.line;
  rule.then.team = from.team;
  rule.then.assign = from.assign;
  rule.then.language = from.language;
  return rule;
}

void add_teams(ticket::Colleague& person, const config::Config& config) {
  bool everywhere = false;
  for (const config::Team& team : config.teams) {
    const bool member =
        std::find(team.people.begin(), team.people.end(), person.name) != team.people.end();
    if (!member) continue;
    person.teams.push_back(team.name);
    everywhere |= team.desks.empty();
    person.desks.insert(person.desks.end(), team.desks.begin(), team.desks.end());
  }
  if (everywhere) person.desks.clear();
}

ticket::Colleague colleague_of(const config::Person& from, const config::Config& config) {
  ticket::Colleague person;
  person.name = from.name;
  person.lines = from.lines;
  person.languages = from.languages;
  person.deputy = from.deputy;
  add_teams(person, config);
  return person;
}

}  // namespace

Rulebook rulebook_of(const config::Config& config) {
  Rulebook book;
  for (const config::Rule& rule : config.rules) book.rules.push_back(rule_of(rule));
  for (const config::CustomField& field : config.custom_fields) {
    book.fields.push_back({field.name, *base::Pattern::compile(field.pattern), field.desks});
  }
  return book;
}

ticket::LevelPolicy policy_of(const config::Config& config, ticket::Level level) {
  const config::Staffing& staffing = config.staffing;
  const config::StaffingLevel& from = level == ticket::Level::normal    ? staffing.normal
                                      : level == ticket::Level::reduced ? staffing.reduced
                                                                        : staffing.critical;
  return {from.priority_weight, from.waiting_weight, from.first, from.notice_only, from.waits};
}

Result<std::vector<ticket::Ticket>> held_tickets(const store::ReadTxn& txn) {
  std::vector<ticket::Ticket> out;
  for (const ticket::State state : {ticket::State::fresh, ticket::State::open}) {
    store::TicketQuery query;
    query.state = state;
    query.custody = ticket::Custody::fallback;
    query.limit = Rota::kMost;
    auto found = txn.tickets(query);
    if (!found) return found.error();
    std::move(found->begin(), found->end(), std::back_inserter(out));
  }
  // In the order in which they came: who waits longest is given to somebody first.
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return out;
}

Result<Roll> roll_of(const store::ReadTxn& txn, const config::Config& config,
                     const std::vector<ticket::Ticket>& tickets, base::Instant now) {
  Roll roll;
  auto absences = txn.absences();
  if (!absences) return absences.error();
  auto choice = txn.staffing();
  if (!choice) return choice.error();
  roll.choice = *std::move(choice);
  for (ticket::Absence& absence : *absences) {
    if (!ticket::over(absence, now)) roll.absences.push_back(std::move(absence));
  }
  std::map<std::string_view, int> loads;
  for (const ticket::Ticket& ticket : tickets) ++loads[ticket.assignee];
  for (const config::Person& from : config.people) {
    ticket::Colleague person = colleague_of(from, config);
    person.present =
        std::none_of(roll.absences.begin(), roll.absences.end(),
                     [&](const ticket::Absence& one) { return one.person == person.name; });
    const auto load = loads.find(person.name);
    if (load != loads.end()) person.load = load->second;
    roll.people.push_back(std::move(person));
  }
  roll.presence = ticket::presence(roll.people);
  const ticket::Thresholds thresholds{config.staffing.reduced_below,
                                      config.staffing.critical_below};
  roll.level = roll.choice.level.value_or(ticket::level_at(roll.presence, thresholds));
  return roll;
}

// From the newest back to our last answer: what came since then is what the customer waits for.
Result<Conversation> conversation_of(const store::ReadTxn& txn, base::TicketId id) {
  Conversation out;
  const auto ids = txn.messages_of(id);
  for (auto it = ids.rbegin(); it != ids.rend(); ++it) {
    const auto message = txn.message(*it);
    if (!message) return message.error();
    if (is_notice(*message)) continue;
    if (message->direction == store::Direction::out) {
      out.answered = true;
      break;
    }
    if (message->direction != store::Direction::in) continue;
    if (!out.last) out.last = *it;
    out.waiting_since = message->received;
  }
  return out;
}

Result<std::vector<ticket::Candidate>> candidates(const store::ReadTxn& txn,
                                                  std::vector<ticket::Ticket> tickets,
                                                  base::Instant now, base::Duration length) {
  std::vector<ticket::Candidate> out;
  for (ticket::Ticket& ticket : tickets) {
    const auto conversation = conversation_of(txn, ticket.id);
    if (!conversation) return conversation.error();
    auto triage = txn.triage(ticket.id);
    if (!triage) return triage.error();
    const auto lease = txn.lease(ticket.id);
    if (!lease) return lease.error();
    ticket::Candidate one;
    one.waiting_since = conversation->waiting_since;
    one.answered = conversation->answered;
    one.team = std::move(triage->team);
    one.language = std::move(triage->language);
    if (*lease && ticket::in_force(**lease, now, length)) one.holder = (*lease)->holder;
    one.ticket = std::move(ticket);
    out.push_back(std::move(one));
  }
  return out;
}

Status put_steps(store::WriteTxn& txn, ticket::Ticket& ticket,
                 const std::vector<ticket::Step>& steps, const store::Act& act) {
  if (steps.empty()) return {};
  ticket::touch(ticket, act.at);
  if (auto updated = txn.update_ticket(ticket); !updated) return updated;
  for (const ticket::Step& step : steps) {
    store::JournalEntry entry;
    entry.at = act.at;
    entry.what = step.what;
    entry.ticket = ticket.id;
    entry.detail = step.detail;
    entry.who = act.who;
    if (auto noted = txn.note(std::move(entry)); !noted) return noted;
  }
  return {};
}

const ticket::Colleague* taker_of(const Roll& roll, const ticket::Ticket& ticket,
                                  const store::Triage& triage) {
  return ticket::least_loaded(roll.people,
                              {ticket.line, ticket.desk, triage.team, triage.language});
}

std::vector<ticket::Step> give(ticket::Ticket& ticket, const ticket::Colleague* person, Roll& roll,
                               std::string_view why) {
  const std::string to = person != nullptr ? person->name : std::string();
  const std::string from = ticket.assignee;
  ticket::Changes changes;
  changes.assignee = to;
  auto steps = ticket::apply(changes, ticket);
  for (ticket::Step& step : steps) step.detail += fmt::format(": {}", why);
  for (ticket::Colleague& one : roll.people) {
    if (one.name == from) --one.load;
    if (one.name == to) ++one.load;
  }
  return steps;
}

}  // namespace beredd::service

#include "rota_care.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "beredd/base/text.h"

namespace beredd::service {
namespace {

using base::Result;
using base::Status;

constexpr std::size_t kMostText = 64UL * 1024;  // of each mail

// What the customer's mails say, and who wrote them.
Result<ticket::Facts> facts_of(const store::ReadTxn& txn, const ticket::Ticket& ticket,
                               const Conversation& conversation, ticket::Level level,
                               base::Instant now) {
  ticket::Facts facts;
  facts.level = level;
  facts.desk = ticket.desk;
  if (conversation.waiting_since) facts.waiting = now - *conversation.waiting_since;
  for (const base::MessageId id : txn.messages_of(ticket.id)) {
    const auto message = txn.message(id);
    if (!message) return message.error();
    if (message->direction != store::Direction::in) continue;
    const auto sorted = txn.sorted(id);
    if (!sorted) return sorted.error();
    if (!*sorted) continue;
    const mail::Reading& mail = (*sorted)->reading;
    for (const mail::Address& one : mail.from) facts.senders.push_back(base::lower(one.address));
    const std::string& text = mail.new_text.empty() ? mail.text : mail.new_text;
    facts.text += mail.subject + '\n' + text.substr(0, kMostText) + '\n';
  }
  return facts;
}

std::vector<ticket::Step> obey(const ticket::Outcome& outcome, Roll& roll, ticket::Ticket& ticket,
                               store::Triage& triage, std::string_view why) {
  ticket::Changes changes;
  changes.priority = outcome.priority;
  changes.add_tags = outcome.tags;
  auto steps = ticket::apply(changes, ticket);
  for (ticket::Step& step : steps) step.detail += fmt::format(": {}", why);
  if (outcome.line != 0 && outcome.line != ticket.line) {
    steps.push_back({"line set", fmt::format("{} (was {}): {}", outcome.line, ticket.line, why)});
    ticket.line = outcome.line;
  }
  if (!outcome.team.empty()) triage.team = outcome.team;
  if (!outcome.language.empty()) triage.language = outcome.language;
  if (outcome.assign.empty() || !ticket.assignee.empty()) return steps;
  const ticket::Colleague* person = ticket::colleague(roll.people, outcome.assign);
  if (outcome.assign == "auto") person = taker_of(roll, ticket, triage);
  if (person == nullptr || !person->present) return steps;
  auto given = give(ticket, person, roll, why);
  steps.insert(steps.end(), given.begin(), given.end());
  return steps;
}

std::string field_words(const ticket::FieldValues& fields) {
  std::vector<std::string> words;
  for (const auto& [name, value] : fields) words.push_back(fmt::format("{} {}", name, value));
  return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace

std::vector<std::string> ripe_rules(const Rulebook& book, const store::Triage& triage,
                                    ticket::Level level, base::Duration waiting) {
  std::vector<std::string> ripe;
  for (const ticket::Rule& rule : book.rules) {
    const ticket::Condition& when = rule.when;
    const bool timed = !when.levels.empty() || when.older_than != base::Duration{};
    const bool at_level = when.levels.empty() || std::find(when.levels.begin(), when.levels.end(),
                                                           level) != when.levels.end();
    const bool of_age = when.older_than == base::Duration{} || waiting > when.older_than;
    const bool done =
        std::find(triage.rules.begin(), triage.rules.end(), rule.name) != triage.rules.end();
    if (timed && at_level && of_age && !done) ripe.push_back(rule.name);
  }
  return ripe;
}

Status triage(store::WriteTxn& txn, const Rulebook& book, Roll& roll, ticket::Ticket& ticket,
              store::Triage& triage, base::Instant now) {
  const auto conversation = conversation_of(txn, ticket.id);
  if (!conversation) return conversation.error();
  auto facts = facts_of(txn, ticket, *conversation, roll.level, now);
  if (!facts) return facts.error();
  const store::Triage before = triage;
  for (auto& [name, value] : ticket::find_fields(book.fields, ticket.desk, facts->text)) {
    triage.fields.emplace(name, value);  // what was found first stays
  }
  facts->fields = triage.fields;
  const ticket::Verdict verdict = ticket::judge(book.rules, *facts, triage.rules);
  std::vector<ticket::Step> steps;
  if (triage.fields != before.fields) steps.push_back({"fields found", field_words(triage.fields)});
  if (!verdict.rules.empty()) {
    const std::string why = fmt::format("rule {}", fmt::join(verdict.rules, ", "));
    auto obeyed = obey(verdict.outcome, roll, ticket, triage, why);
    if (obeyed.empty()) obeyed.push_back({"ruled", why});
    steps.insert(steps.end(), obeyed.begin(), obeyed.end());
    triage.rules.insert(triage.rules.end(), verdict.rules.begin(), verdict.rules.end());
  }
  triage.read_up_to = std::max(triage.read_up_to, conversation->last);
  if (triage != before) {
    if (auto put = txn.put_triage(triage); !put) return put;
  }
  return put_steps(txn, ticket, steps, {{}, {}, now});
}

bool is_left_alone(const Roll& roll, const ticket::Ticket& ticket) {
  const ticket::Colleague* person = ticket::colleague(roll.people, ticket.assignee);
  return person != nullptr && !person->present;
}

namespace {

// On to who stands in for the one who has it, or to nobody, or on from there.
std::vector<ticket::Step> hand_on(ticket::Ticket& ticket, Roll& roll, const store::Triage& triage,
                                  bool automatic) {
  const std::string person = ticket.assignee;
  const ticket::Colleague* heir = ticket::stand_in(roll.people, person);
  if (heir != nullptr) {
    return give(ticket, heir, roll, fmt::format("deputy, {} is absent", person));
  }
  auto steps = give(ticket, nullptr, roll, fmt::format("{} is absent", person));
  if (!automatic) return steps;
  const ticket::Colleague* taker = taker_of(roll, ticket, triage);
  if (taker == nullptr) return steps;
  auto given = give(ticket, taker, roll, "the least loaded of its line");
  steps.insert(steps.end(), given.begin(), given.end());
  return steps;
}

bool is_automatic(const config::Config& config) {
  return config.rota.assignment == config::Assignment::automatic;
}

}  // namespace

Status release_all(store::WriteTxn& txn, const config::Config& config, std::string_view person,
                   const store::Act& act) {
  auto held = held_tickets(txn);
  if (!held) return held.error();
  auto roll = roll_of(txn, config, *held, act.at);
  if (!roll) return roll.error();
  store::TicketQuery query;
  query.assignee = person;
  query.limit = Rota::kMost;
  auto tickets = txn.tickets(query);
  if (!tickets) return tickets.error();
  for (ticket::Ticket& ticket : *tickets) {
    if (ticket.state == ticket::State::solved || ticket.state == ticket::State::closed) continue;
    const auto triage = txn.triage(ticket.id);
    if (!triage) return triage.error();
    const auto steps = hand_on(ticket, *roll, *triage, is_automatic(config));
    if (auto put = put_steps(txn, ticket, steps, act); !put) return put;
  }
  const auto leases = txn.leases();
  if (!leases) return leases.error();
  for (const ticket::Lease& lease : *leases) {
    if (lease.holder != person) continue;
    const store::Act ended{act.who, fmt::format("{} is absent", person), act.at};
    if (auto dropped = txn.drop_lease(lease.ticket, ended); !dropped) return dropped;
  }
  return {};
}

Status care_for(store::WriteTxn& txn, const config::Config& config, const Rulebook& book,
                const std::vector<base::TicketId>& ids, base::Instant now) {
  auto held = held_tickets(txn);
  if (!held) return held.error();
  auto roll = roll_of(txn, config, *held, now);
  if (!roll) return roll.error();
  for (const base::TicketId id : ids) {
    auto ticket = txn.ticket(id);
    if (!ticket) return ticket.error();
    if (ticket->id != id) continue;  // it went up in another
    auto found = txn.triage(id);
    if (!found) return found.error();
    const bool has_book = !book.rules.empty() || !book.fields.empty();
    if (has_book) {
      if (auto done = triage(txn, book, *roll, *ticket, *found, now); !done) return done;
    }
    std::vector<ticket::Step> steps;
    if (is_left_alone(*roll, *ticket)) {
      steps = hand_on(*ticket, *roll, *found, is_automatic(config));
    } else if (ticket->assignee.empty() && is_automatic(config)) {
      const ticket::Colleague* taker = taker_of(*roll, *ticket, *found);
      if (taker != nullptr) steps = give(*ticket, taker, *roll, "the least loaded of its line");
    }
    if (auto put = put_steps(txn, *ticket, steps, {{}, {}, now}); !put) return put;
  }
  return {};
}

}  // namespace beredd::service

// What people ask of the rota.

#include "rota_care.h"
#include "rota_roll.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "beredd/service/rota.h"

namespace beredd::service {

using base::Code;
using base::permanent;
using base::Result;
using base::Status;
using base::TicketId;

namespace {

constexpr int kLines = 3;
const base::Bytes kWeight(4096);

Result<Roll> roll_now(const store::ReadTxn& txn, const Context& context) {
  const auto held = held_tickets(txn);
  if (!held) return held.error();
  return roll_of(txn, *context.config, *held, context.clock.now());
}

base::Error nobody_called(std::string_view person) {
  return permanent(Code::not_found, fmt::format("nobody is called \"{}\"", person));
}

// Who may work at everything, where no people are configured.
ticket::Colleague anybody(std::string_view name) {
  ticket::Colleague person;
  person.name = name;
  person.lines = {1, 2, kLines};
  return person;
}

bool anybody_works_in(const Roll& roll, int line) {
  return roll.people.empty() ||
         std::any_of(roll.people.begin(), roll.people.end(), [&](const auto& one) {
           return std::find(one.lines.begin(), one.lines.end(), line) != one.lines.end();
         });
}

}  // namespace

Result<Roll> Rota::roll() const {
  Result<Roll> roll = base::bug("not read");
  const auto read = context_.store.read([&](const store::ReadTxn& txn) -> Status {
    roll = roll_now(txn, context_);
    return roll ? Status() : Status(roll.error());
  });
  if (!read) return read.error();
  return roll;
}

Result<std::optional<NextTicket>> Rota::next(std::string_view name) const {
  std::optional<NextTicket> out;
  const config::Config& config = *context_.config;
  const base::Instant now = context_.clock.now();
  const auto read = context_.store.read([&](const store::ReadTxn& txn) -> Status {
    auto held = held_tickets(txn);
    if (!held) return held.error();
    const auto roll = roll_of(txn, config, *held, now);
    if (!roll) return roll.error();
    const ticket::Colleague* known = ticket::colleague(roll->people, name);
    if (known == nullptr && !roll->people.empty()) return nobody_called(name);
    const ticket::Colleague person = known != nullptr ? *known : anybody(name);
    const auto queue = candidates(txn, *std::move(held), now, config.rota.lease);
    if (!queue) return queue.error();
    auto next = ticket::next_for(person, *queue, policy_of(config, roll->level), now);
    if (next) out = NextTicket{next->candidate->ticket, std::move(next->reasons)};
    return {};
  });
  if (!read) return read.error();
  return out;
}

io::Task<Status> Rota::set_absent(ticket::Absence absence) {
  if (context_.config->person_named(absence.person) == nullptr) {
    co_return nobody_called(absence.person);
  }
  absence.since = context_.clock.now();
  if (absence.until && *absence.until <= absence.since) {
    co_return permanent(Code::invalid,
                        fmt::format("{} is over already", base::rfc3339(*absence.until)));
  }
  store::Operation operation = [this, absence](store::WriteTxn& txn) -> Status {
    const store::Act act{absence.by, absence.reason, absence.since};
    if (auto put = txn.put_absence(absence, act); !put) return put;
    return release_all(txn, *context_.config, absence.person, act);
  };
  const base::Bytes weight = kWeight;
  auto written = co_await context_.committer.commit(std::move(operation), weight);
  wake();
  co_return written;
}

io::Task<Status> Rota::set_present(std::string person, std::string who) {
  if (context_.config->person_named(person) == nullptr) co_return nobody_called(person);
  const base::Instant now = context_.clock.now();
  store::Operation operation = [person, who, now](store::WriteTxn& txn) {
    return txn.drop_absence(person, {who, {}, now});
  };
  const base::Bytes weight = kWeight;
  auto written = co_await context_.committer.commit(std::move(operation), weight);
  wake();
  co_return written;
}

io::Task<Result<ticket::Grant>> Rota::take_lease(TicketId id, std::string who) {
  const base::Instant now = context_.clock.now();
  const base::Duration length = context_.config->rota.lease;
  auto grant = std::make_shared<ticket::Grant>();
  store::Operation operation = [id, who, now, length, grant](store::WriteTxn& txn) -> Status {
    const auto ticket = txn.ticket(id);
    if (!ticket) return ticket.error();
    const auto held = txn.lease(ticket->id);
    if (!held) return held.error();
    *grant = ticket::take(ticket->id, *held, who, now, length);
    if (grant->what == ticket::Grant::What::refused) return {};
    return txn.put_lease(grant->lease, {who, {}, now});
  };
  const base::Bytes weight = kWeight;
  auto written = co_await context_.committer.commit(std::move(operation), weight);
  if (!written) co_return written.error();
  wake();
  co_return std::move(*grant);
}

io::Task<Status> Rota::end_lease(TicketId id, std::string who, bool anyone) {
  const base::Instant now = context_.clock.now();
  const base::Duration length = context_.config->rota.lease;
  store::Operation operation = [=](store::WriteTxn& txn) -> Status {
    const auto held = txn.lease(id);
    if (!held) return held.error();
    if (*held && (*held)->holder != who && !anyone && ticket::in_force(**held, now, length)) {
      return permanent(Code::conflict,
                       fmt::format("{} is answering ticket {}", (*held)->holder, id.value()));
    }
    return txn.drop_lease(id, {who, {}, now});
  };
  const base::Bytes weight = kWeight;
  auto written = co_await context_.committer.commit(std::move(operation), weight);
  co_return written;
}

// One transaction over one ticket.
io::Task<Result<ticket::Ticket>> Rota::change(
    TicketId id, std::function<Status(store::WriteTxn&, ticket::Ticket&)> step) {
  auto out = std::make_shared<ticket::Ticket>();
  store::Operation operation = [id, step = std::move(step), out](store::WriteTxn& txn) -> Status {
    auto ticket = txn.ticket(id);
    if (!ticket) return ticket.error();
    *out = *std::move(ticket);
    return step(txn, *out);
  };
  const base::Bytes weight = kWeight;
  auto written = co_await context_.committer.commit(std::move(operation), weight);
  if (!written) co_return written.error();
  co_return std::move(*out);
}

io::Task<Result<ticket::Ticket>> Rota::assign(TicketId id, std::string who) {
  const store::Act act{who, {}, context_.clock.now()};
  std::function<Status(store::WriteTxn&, ticket::Ticket&)> step =
      [this, act](store::WriteTxn& txn, ticket::Ticket& ticket) -> Status {
    auto roll = roll_now(txn, context_);
    if (!roll) return roll.error();
    const auto triage = txn.triage(ticket.id);
    if (!triage) return triage.error();
    const ticket::Colleague* taker = taker_of(*roll, ticket, *triage);
    if (taker == nullptr) {
      return permanent(Code::conflict,
                       fmt::format("nobody of line {} who is present can take ticket {}",
                                   ticket.line, ticket.id.value()));
    }
    const auto steps = give(ticket, taker, *roll, "the least loaded of its line");
    return put_steps(txn, ticket, steps, act);
  };
  auto assigned = co_await change(id, std::move(step));
  co_return assigned;
}

io::Task<Result<ticket::Ticket>> Rota::move_line(TicketId id, int by, std::string note,
                                                 std::string who) {
  const store::Act act{who, note, context_.clock.now()};
  std::function<Status(store::WriteTxn&, ticket::Ticket&)> step =
      [this, act, by](store::WriteTxn& txn, ticket::Ticket& ticket) -> Status {
    auto roll = roll_now(txn, context_);
    if (!roll) return roll.error();
    const int line = ticket.line + by;
    if (line < 1 || line > kLines || !anybody_works_in(*roll, line)) {
      return permanent(Code::conflict,
                       fmt::format("ticket {} is in line {}; {}", ticket.id.value(), ticket.line,
                                   line < 1 || line > kLines ? "there is none beyond"
                                                             : "nobody works in the next"));
    }
    std::vector<ticket::Step> steps = {
        {by > 0 ? "escalated" : "deescalated",
         fmt::format("to line {}{}{}", line, act.why.empty() ? "" : ": ", act.why)}};
    ticket.line = line;
    const ticket::Colleague* has = ticket::colleague(roll->people, ticket.assignee);
    if (has != nullptr &&
        std::find(has->lines.begin(), has->lines.end(), line) == has->lines.end()) {
      const auto given = give(ticket, nullptr, *roll, fmt::format("now in line {}", line));
      steps.insert(steps.end(), given.begin(), given.end());
    }
    return put_steps(txn, ticket, steps, act);
  };
  auto moved = co_await change(id, std::move(step));
  wake();  // where assignment is automatic, that line's people get it
  co_return moved;
}

io::Task<Status> Rota::set_staffing(std::optional<ticket::Level> level, std::string who) {
  const store::StaffingChoice choice{level, std::move(who), context_.clock.now()};
  store::Operation operation = [choice](store::WriteTxn& txn) { return txn.put_staffing(choice); };
  const base::Bytes weight = kWeight;
  auto written = co_await context_.committer.commit(std::move(operation), weight);
  wake();
  co_return written;
}

}  // namespace beredd::service

#pragma once
// Ten people at a desk, each a coroutine: they take what is theirs, sometimes what is another's,
// open an answer, think, and send it. They know nothing but what the store tells them, so that
// after a crash they sit down and go on.

#include "house.h"

#include <string>
#include <vector>

#include "beredd/service/answers.h"
#include "beredd/service/outgoing.h"
#include "beredd/service/rota.h"

namespace beredd::scenario {

inline std::vector<config::Person> ten_people() {
  using config::PersonRole;
  std::vector<config::Person> people;
  const auto add = [&](const char* name, std::vector<int> lines, const char* deputy) {
    config::Person person;
    person.name = person.login = name;
    person.lines = std::move(lines);
    person.deputy = deputy;
    people.push_back(std::move(person));
  };
  add("anna", {1, 2}, "bo");
  add("bo", {1}, "cia");
  add("cia", {1}, "dag");
  add("dag", {1}, "");
  add("eva", {1}, "fia");
  add("fia", {1}, "");
  add("gus", {1, 2}, "hal");
  add("hal", {1}, "");
  add("ida", {2}, "jon");
  add("jon", {2}, "");
  people.front().role = PersonRole::lead;
  return people;
}

// What they came to, over all lives.
struct Tally {
  int answers = 0, collisions = 0, refusals = 0, escalations = 0, closed = 0;
};

class Staff {
 public:
  Staff(House& house, service::Rota& rota, service::Answers& answers, Tally& tally,
        std::uint64_t seed)
      : house_(house), rota_(rota), answers_(answers), tally_(tally), dice_(seed) {}

  void sit_down() {
    for (const config::Person& person : house_.config->people) {
      io::spawn(house_.world.executor(), work(this, person.name), "a person of the desk");
    }
  }

  // Whether a person's mail in the ticket has no answer behind it.
  static bool waits(const store::ReadTxn& txn, base::TicketId id) {
    bool waiting = false;
    for (const base::MessageId each : txn.messages_of(id)) {
      const auto message = txn.message(each);
      const auto sorted = txn.sorted(each);
      if (!message || !sorted || !*sorted) continue;
      if (service::is_notice(*message)) continue;
      if (message->direction == store::Direction::out) waiting = false;
      if (message->direction != store::Direction::in) continue;
      if (!mail::is_automatic((*sorted)->reading.kind)) waiting = true;
    }
    return waiting;
  }

 private:
  static io::Task<void> work(Staff* self, std::string name) {
    const auto timer = self->house_.world.timers().make(self->house_.world.executor());
    for (;;) {
      std::vector<base::TicketId> pile;
      if (self->present(name)) pile = self->pile_of(name);
      if (pile.empty()) co_await timer->wait(20s);
      for (const base::TicketId id : pile) {
        if (!self->present(name)) break;
        co_await self->handle(name, id, *timer);
      }
    }
  }

  io::Task<void> handle(const std::string& name, base::TicketId id, io::Timer& timer) {
    const bool meddles = dice_.below(12) == 0;
    const auto before = ticket(id);
    if (!before || !is_active(*before)) co_return;
    if (!meddles && !before->assignee.empty() && before->assignee != name) co_return;
    if (meddles && dice_.below(2) == 0) {
      // In a hurry, and without a look at who has it.
      co_await send(name, id);
      co_return;
    }
    std::string who = name;
    const auto grant = co_await rota_.take_lease(id, std::move(who));
    if (!grant) co_return;
    if (grant->what == ticket::Grant::What::refused) {
      ++tally_.collisions;
      co_return;
    }
    co_await timer.wait(std::chrono::milliseconds(8'000 + dice_.below(30'000)));
    if (before->line == 1 && dice_.below(20) == 0) {
      who = name;
      std::string why = "needs a database";
      const auto moved = co_await rota_.move_line(id, +1, std::move(why), std::move(who));
      if (moved) ++tally_.escalations;
    } else {
      co_await send(name, id);
    }
    who = name;
    const auto ended = co_await rota_.end_lease(id, std::move(who), false);
    EXPECT_TRUE(ended.ok() || ended.error().fault != base::Fault::bug);
  }

  // The answer, if one is due; else the ticket is done.
  io::Task<void> send(const std::string& name, base::TicketId id) {
    if (!is_waiting(id)) {
      service::ChangeOrder order;
      order.tickets = {{id}};
      order.changes.state = ticket::State::solved;
      order.who = name;
      const auto closed = co_await house_.actions->change(std::move(order));
      if (closed) ++tally_.closed;
      co_return;
    }
    const auto asked = ticket(id);
    service::Writing writing;
    writing.who = name;
    writing.ticket = id;
    writing.text = fmt::format("Turn it off and on again.\n\nThis was about: {}.\n",
                               asked ? asked->subject : "");
    const auto sent = co_await answers_.send(std::move(writing));
    if (sent) ++tally_.answers;
    if (!sent && sent.error().code == base::Code::conflict) ++tally_.refusals;
  }

  std::vector<base::TicketId> pile_of(const std::string& name) {
    std::vector<base::TicketId> pile;
    // One in so many is not theirs.
    const std::string whose = dice_.below(4) == 0 ? somebody() : name;
    for (const ticket::State state : {ticket::State::open, ticket::State::fresh}) {
      auto read = house_.store->read([&](const store::ReadTxn& txn) -> base::Status {
        store::TicketQuery query;
        query.state = state;
        query.assignee = whose;
        query.limit = 10;
        const auto found = txn.tickets(query);
        if (!found) return found.error();
        for (const ticket::Ticket& one : *found) pile.push_back(one.id);
        return {};
      });
      EXPECT_TRUE(read.ok());
    }
    if (!pile.empty()) return pile;
    const auto next = rota_.next(name);
    EXPECT_TRUE(next.ok());
    if (next && *next) pile.push_back((*next)->ticket.id);
    return pile;
  }

  std::string somebody() {
    const auto& people = house_.config->people;
    return people.at(dice_.below(people.size())).name;
  }

  static bool is_active(const ticket::Ticket& ticket) {
    return ticket.state == ticket::State::fresh || ticket.state == ticket::State::open;
  }

  bool present(const std::string& name) const {
    bool there = true;
    const auto now = house_.world.clock().now();
    auto read = house_.store->read([&](const store::ReadTxn& txn) -> base::Status {
      const auto absences = txn.absences();
      if (!absences) return absences.error();
      for (const ticket::Absence& one : *absences) {
        if (one.person == name && !ticket::over(one, now)) there = false;
      }
      return {};
    });
    return read.ok() && there;
  }

  bool is_waiting(base::TicketId id) const {
    bool waiting = false;
    auto read = house_.store->read([&](const store::ReadTxn& txn) -> base::Status {
      waiting = waits(txn, id);
      return {};
    });
    return read.ok() && waiting;
  }

  std::optional<ticket::Ticket> ticket(base::TicketId id) const {
    std::optional<ticket::Ticket> out;
    auto read = house_.store->read([&](const store::ReadTxn& txn) -> base::Status {
      auto found = txn.ticket(id);
      if (!found) return found.error();
      out = *std::move(found);
      return {};
    });
    return read ? out : std::nullopt;
  }

  House& house_;
  service::Rota& rota_;
  service::Answers& answers_;
  Tally& tally_;
  base::SeededRandom dice_;
};

}  // namespace beredd::scenario

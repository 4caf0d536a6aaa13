// The desk's day: two thousand tickets of an outage, ten people, and all that goes wrong on such a
// day. What must hold at its end holds for any seed; the seed of a failure is printed with it.

#include "crowd.h"
#include "notice_desk.h"
#include "staff.h"

#include <algorithm>
#include <iostream>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::scenario {
namespace {

using store::DeliveryState;

class BigOutage : public NoticeDesk, public testing::WithParamInterface<int> {
 protected:
  static constexpr std::size_t kCustomers = 2000;

  BigOutage() : NoticeDesk(static_cast<std::uint64_t>(GetParam())) {
    config.people = ten_people();
    config.rota.assignment = config::Assignment::automatic;
    // The crowd comes from few networks in little time.
    config.smtp.limits.connections_per_minute = 0;
    config.smtp.limits.messages_per_minute = 0;
    config.desks.front().notice->per_hour = 10'000;
  }
  void SetUp() override {
    NoticeDesk::SetUp();
    begun = world->clock().now();
    open_desk();
  }
  void TearDown() override { close_desk(); }

  void open_desk() {
    rota = std::make_unique<service::Rota>(*house->context, world->executor());
    rota->start();
    staff = std::make_unique<Staff>(*house, *rota, *answers, tally, seed + 1000 * ++lives);
    staff->sit_down();
    io::spawn(world->executor(), Crowd::write(&crowd, world.get(), 1200ms), "the crowd");
  }
  void close_desk() {
    rota.reset();
    staff.reset();
    end();
  }
  void restart() {
    close_desk();
    begin();
    open_desk();
  }

  // Letters that the smarthost took reach their readers.
  void carry() {
    for (; carried < smarthost.kept.size(); ++carried) {
      const mail::Reading mail = arrived(carried);
      crowd.read(mail, smarthost.kept[carried].envelope.forward_paths.front().text());
      in_the_world.insert(mail.message_id);
    }
  }

  // What the lead does now and then: what is stuck, and who did not hear.
  void clear_up() {
    std::vector<service::OutgoingItem> items;
    std::vector<base::TicketId> unheard;
    auto read = house->store->read([&](const store::ReadTxn& txn) -> base::Status {
      auto found = service::outgoing_items(txn, 10'000);
      if (!found) return found.error();
      items = *std::move(found);
      store::TicketQuery query;
      query.accepts = [](const ticket::Ticket& one) { return one.undelivered; };
      query.limit = 10'000;
      const auto tickets = txn.tickets(query);
      if (!tickets) return tickets.error();
      for (const ticket::Ticket& one : *tickets) unheard.push_back(one.id);
      return {};
    });
    ASSERT_TRUE(read.ok());
    for (const service::OutgoingItem& item : items) {
      if (item.delivery.state != DeliveryState::quarantined) continue;
      ++stuck;
      const base::MessageId id = item.delivery.message;
      // A person can ask the smarthost what it has; beredd cannot.
      if (in_the_world.contains(id_of(id))) {
        EXPECT_TRUE(world->run(answers->give_up(id, "the host has it", "anna"))->ok());
      } else if (smarthost.refuses.empty()) {
        EXPECT_TRUE(world->run(answers->resend(id, "anna"))->ok());
      }
    }
    for (const base::TicketId id : unheard) {
      const auto settled = world->run(answers->settle(id, "anna"));
      EXPECT_TRUE(settled->ok() || settled->error().code == base::Code::conflict);
    }
  }

  std::string id_of(base::MessageId message) {
    std::string out;
    auto read = house->store->read([&](const store::ReadTxn& txn) -> base::Status {
      const auto sorted = txn.sorted(message);
      if (!sorted) return sorted.error();
      if (*sorted) out = (*sorted)->reading.message_id;
      return {};
    });
    EXPECT_TRUE(read.ok());
    return out;
  }

  void away(const std::string& person, std::optional<base::Duration> lasts) {
    ticket::Absence absence{person, {}, {}, "fever", "anna"};
    if (lasts) absence.until = world->clock().now() + *lasts;
    EXPECT_TRUE(world->run(rota->set_absent(std::move(absence)))->ok());
  }

  // What happens to the desk at this minute.
  void befall(int minute) {
    switch (minute) {
      case 3: smarthost.refuses = "fault 13"; break;  // of all who ask about 13, 130, 1300…
      case 8: away("bo", 30min); break;
      case 10: away("anna", 15min); break;
      case 12: away("ida", std::nullopt); break;
      case 15: smarthost.set(Fail::tempfail); break;
      case 19: smarthost.set(Fail::none); break;
      case 22: smarthost.set(Fail::drop_kept); break;
      case 23: smarthost.set(Fail::none); break;
      case 27: smarthost.set(Fail::refuse); break;
      case 30: smarthost.set(Fail::none); break;
      case 35: EXPECT_TRUE(world->run(rota->set_present("ida", "anna"))->ok()); break;
      case 40: smarthost.refuses.clear(); break;
      default: break;
    }
  }

  bool quiet() {
    if (!crowd.all_is_sent() || carried < smarthost.kept.size()) return false;
    bool none = false;
    auto read = house->store->read([&](const store::ReadTxn& txn) -> base::Status {
      const store::DeliveryCounts counts = txn.counts(service::kOutgoing);
      none = counts.waiting() == 0 && counts.quarantined == 0 && txn.unsorted({}, 1).empty();
      return {};
    });
    EXPECT_TRUE(read.ok());
    return none && std::ranges::all_of(crowd.questions(), [&](const std::string& question) {
             return crowd.answers_to(question) > 0;
           });
  }

  void live_through() {
    base::SeededRandom dice(seed);
    const std::set<int> restarts = {5 + static_cast<int>(dice.below(25)),
                                    31 + static_cast<int>(dice.below(15))};
    for (int minute = 0; minute < 600; ++minute) {
      befall(minute);
      if (restarts.contains(minute)) {
        world->run_for(std::chrono::microseconds(dice.below(60'000'000)));
        restart();
      }
      for (int n = 0; n < 4; ++n) {
        world->run_for(15s);
        carry();
      }
      if (minute % 2 == 0) clear_up();
      if (minute > 45 && quiet()) return;
    }
    ADD_FAILURE() << "the day did not end";
  }

  base::Instant begun{};
  Crowd crowd{kCustomers, seed};
  Tally tally;
  std::unique_ptr<service::Rota> rota;
  std::unique_ptr<Staff> staff;
  std::set<std::string> in_the_world;  // Message-IDs that the smarthost took
  std::size_t carried = 0;
  std::uint64_t lives = 0;
  int stuck = 0;
};

// The histories against the journal that they are an index of.
void expect_whole_histories(const store::ReadTxn& txn) {
  std::map<base::TicketId, std::vector<base::JournalSeq>> said;
  base::JournalSeq last;
  for (;;) {
    const auto entries = txn.journal(last, 5000);
    ASSERT_TRUE(entries.ok());
    if (entries->empty()) break;
    for (const store::JournalEntry& entry : *entries) {
      ASSERT_EQ(entry.seq.value(), last.value() + 1) << "the journal has a gap";
      last = entry.seq;
      if (entry.ticket != base::TicketId()) said[entry.ticket].push_back(entry.seq);
    }
  }
  for (const auto& [ticket, seqs] : said) {
    const auto history = txn.history(ticket, {}, 10'000);
    ASSERT_TRUE(history.ok());
    std::vector<base::JournalSeq> told;
    base::Instant before{};
    for (const store::JournalEntry& entry : *history) {
      told.push_back(entry.seq);
      EXPECT_GE(entry.at, before) << "ticket " << ticket.value();
      before = entry.at;
    }
    EXPECT_EQ(told, seqs) << "ticket " << ticket.value();
    EXPECT_FALSE(Staff::waits(txn, ticket)) << "ticket " << ticket.value();
  }
}

TEST_P(BigOutage, EveryQuestionHasOneAnswerAndNothingIsLeftOver) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  live_through();
  world->run_for(config.rota.lease + 2min);
  carry();

  for (const std::string& question : crowd.questions()) {
    EXPECT_EQ(crowd.answers_to(question), 1) << question;
  }
  EXPECT_EQ(crowd.answers().size(), crowd.questions().size());
  for (const auto& [customer, times] : crowd.notices()) EXPECT_LE(times, 1) << customer;

  auto read = house->store->read([&](const store::ReadTxn& txn) -> base::Status {
    EXPECT_EQ(txn.ticket_count(), kCustomers);
    EXPECT_TRUE(txn.leases()->empty());
    EXPECT_EQ(txn.counts(service::kOutgoing).waiting(), 0U);
    EXPECT_EQ(txn.counts(service::kOutgoing).quarantined, 0U);
    EXPECT_EQ(txn.counts("helpdesk").held + txn.counts("helpdesk").queued, crowd.sent());
    expect_whole_histories(txn);
    return {};
  });
  EXPECT_TRUE(read.ok());

  // It was such a day.
  EXPECT_GT(tally.collisions, 0);
  EXPECT_GT(tally.refusals, 0);
  EXPECT_GT(tally.escalations, 0);
  EXPECT_GT(stuck, 0);
  EXPECT_GT(crowd.bounces(), 0U);
  EXPECT_GT(crowd.machine_answers(), 100U);
  std::cout << fmt::format(
      "seed {}: {} questions, {} answers, {} collisions, {} refusals, {} escalations, {} stuck, {} "
      "bounces, {} answers by machines, {} min\n",
      seed, crowd.questions().size(), tally.answers, tally.collisions, tally.refusals,
      tally.escalations, stuck, crowd.bounces(), crowd.machine_answers(),
      std::chrono::duration_cast<std::chrono::minutes>(world->clock().now() - begun).count());
}

INSTANTIATE_TEST_SUITE_P(Seeds, BigOutage, testing::Range(1, 4));

}  // namespace
}  // namespace beredd::scenario

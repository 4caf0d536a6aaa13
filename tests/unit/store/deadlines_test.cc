// Deadlines and service events: written once, found in order, gone with their ticket.

#include "beredd/store/deadlines.h"

#include "store_fixture.h"

namespace beredd::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using ticket::Crossing;
using ticket::Measure;

class DeadlinesTest : public StoreTest {
 protected:
  static TicketDeadlines due(TicketId ticket, base::Duration after) {
    TicketDeadlines record;
    record.ticket = ticket;
    record.due = Due{ticket, kStart + after, kStart + after / 2, Measure::next_answer};
    record.wake = kStart + after / 2;
    return record;
  }
  static Crossing crossing(Crossing::Kind kind, base::Duration after) {
    return {kind, Measure::first_answer, kStart, kStart + after};
  }
  void put(const TicketDeadlines& record, base::Instant now = kStart) {
    must([&](WriteTxn& txn) { return txn.put_deadlines(record, now); });
  }
  std::vector<TicketId> by_due(const std::function<void(TicketQuery&)>& restrict = {}) {
    TicketQuery query;
    query.by_due = true;
    if (restrict) restrict(query);
    const auto found = ask([&](const ReadTxn& txn) { return txn.tickets(query); });
    std::vector<TicketId> ids;
    for (const ticket::Ticket& ticket : found.value_or({})) ids.push_back(ticket.id);
    return ids;
  }
  std::vector<ServiceEvent> events(base::JournalSeq after = {}) {
    return ask([&](const ReadTxn& txn) { return txn.service_events(after, 100); }).value_or({});
  }
};

TEST_F(DeadlinesTest, AreKeptWhole) {
  const TicketId id = open_ticket();
  TicketDeadlines record = due(id, 2h);
  record.crossed = {crossing(Crossing::Kind::warning, -2h)};
  put(record);
  reopen();
  EXPECT_EQ(ask([&](const ReadTxn& txn) { return txn.deadlines(id); }).value_or(std::nullopt),
            record);
  EXPECT_EQ(ask([](const ReadTxn& txn) { return txn.deadlines(TicketId(99)); }).value_or(record),
            std::nullopt);
}

TEST_F(DeadlinesTest, StandInTheOrderInWhichTheyAreDue) {
  const TicketId a = open_ticket(), b = open_ticket(), c = open_ticket("sales");
  put(due(a, 3h));
  put(due(b, 1h));
  put(due(c, 2h));
  open_ticket();
  EXPECT_THAT(by_due(), ElementsAre(b, c, a));
  EXPECT_THAT(by_due([](TicketQuery& query) { query.desk = "support"; }), ElementsAre(b, a));
  EXPECT_THAT(by_due([](TicketQuery& query) { query.due_by = kStart + 2h; }), ElementsAre(b, c));
  EXPECT_THAT(by_due([](TicketQuery& query) { query.limit = 1; }), ElementsAre(b));
  put(due(b, 4h));
  EXPECT_THAT(by_due(), ElementsAre(c, a, b));
  must([&](WriteTxn& txn) { return txn.drop_deadlines(c); });
  EXPECT_THAT(by_due(), ElementsAre(a, b));
}

TEST_F(DeadlinesTest, AreListedBehindOneAnother) {
  std::vector<TicketId> ids;
  for (int n = 0; n < 300; ++n) {
    ids.push_back(open_ticket());
    put(due(ids.back(), 1h));
  }
  EXPECT_EQ(by_due([](TicketQuery& query) { query.limit = 1000; }), ids);
  const auto first = ask([](const ReadTxn& txn) { return txn.dues(std::nullopt, 2); });
  ASSERT_EQ(first.size(), 2u);
  const auto rest = ask([&](const ReadTxn& txn) { return txn.dues(first.back(), 1000); });
  EXPECT_EQ(rest.size(), 298u);
  EXPECT_EQ(rest.front().ticket, ids[2]);
}

TEST_F(DeadlinesTest, AreCountedByHowNearTheyAre) {
  for (const base::Duration after : {base::Duration(-1h), base::Duration(1h), base::Duration(4h)}) {
    put(due(open_ticket(), after));
  }
  const auto counts = ask([](const ReadTxn& txn) { return txn.due_counts(kStart + 30min); });
  EXPECT_EQ(counts.running, 3u);
  EXPECT_EQ(counts.overdue, 1u);
  EXPECT_EQ(counts.soon, 1u);
}

TEST_F(DeadlinesTest, WakeWhenTheirTimeHasCome) {
  const TicketId a = open_ticket(), b = open_ticket();
  EXPECT_EQ(ask([](const ReadTxn& txn) { return txn.next_wake(); }), std::nullopt);
  put(due(a, 4h));
  put(due(b, 2h));
  const auto woken = [&](base::Duration at) {
    return ask([&](const ReadTxn& txn) { return txn.to_wake(kStart + at, 10); });
  };
  EXPECT_EQ(ask([](const ReadTxn& txn) { return txn.next_wake(); }), kStart + 1h);
  EXPECT_THAT(woken(59min), IsEmpty());
  EXPECT_THAT(woken(1h), ElementsAre(b));
  EXPECT_THAT(woken(2h), ElementsAre(b, a));
}

TEST_F(DeadlinesTest, BecomeEventsAndJournalEntriesOnce) {
  const TicketId id = open_ticket();
  TicketDeadlines record = due(id, 2h);
  record.crossed = {crossing(Crossing::Kind::warning, 1h)};
  put(record, kStart + 1h);
  put(record, kStart + 2h);
  record.crossed.push_back(crossing(Crossing::Kind::breach, 2h));
  put(record, kStart + 3h);
  reopen();
  put(record, kStart + 4h);
  const auto all = events();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].crossing, record.crossed[0]);
  EXPECT_EQ(all[1].crossing, record.crossed[1]);
  EXPECT_EQ(all[1].noticed, kStart + 3h);
  EXPECT_EQ(all[1].ticket, id);
  EXPECT_THAT(events(all[0].seq), ElementsAre(all[1]));
  EXPECT_THAT(journal_words(), ElementsAre("warned", "breached"));
  EXPECT_EQ(journal().back().seq, all[1].seq);
  EXPECT_EQ(journal().back().ticket, id);
  EXPECT_EQ(ask([](const ReadTxn& txn) { return txn.journal_end(); }).value_or({}), all[1].seq);
}

TEST_F(DeadlinesTest, LeaveTheirEventsBehind) {
  const TicketId id = open_ticket();
  TicketDeadlines record = due(id, 2h);
  record.crossed = {crossing(Crossing::Kind::breach, 1h)};
  put(record);
  must([&](WriteTxn& txn) { return txn.drop_deadlines(id); });
  EXPECT_EQ(events().size(), 1u);
  EXPECT_THAT(by_due(), IsEmpty());
}

TEST_F(DeadlinesTest, AreFollowedFromABookmark) {
  const auto mark = [&] {
    return ask([](const ReadTxn& txn) { return txn.bookmark("x"); }).value_or({});
  };
  EXPECT_EQ(mark(), Bookmark());
  must([](WriteTxn& txn) { return txn.put_bookmark("x", {base::JournalSeq(7), "of 2026"}); });
  reopen();
  EXPECT_EQ(mark(), (Bookmark{base::JournalSeq(7), "of 2026"}));
}

}  // namespace
}  // namespace beredd::store

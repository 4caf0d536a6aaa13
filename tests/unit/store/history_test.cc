// Every ticket one history: what the journal says of it, also under numbers it has no more.
#include "raw_store.h"

namespace beredd::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

class History : public StoreTest {
 protected:
  void note(TicketId ticket, std::string what, std::string who = "anna") {
    JournalEntry entry;
    entry.at = kStart;
    entry.what = std::move(what);
    entry.ticket = ticket;
    entry.who = std::move(who);
    must([&](WriteTxn& txn) { return txn.note(entry); });
  }
  std::vector<JournalEntry> history(TicketId ticket, base::JournalSeq after = {},
                                    std::size_t limit = 100) {
    auto found = ask([&](const ReadTxn& txn) { return txn.history(ticket, after, limit); });
    EXPECT_TRUE(found.ok());
    return found.value_or({});
  }
  std::vector<std::string> words(TicketId ticket) {
    std::vector<std::string> out;
    for (const JournalEntry& entry : history(ticket)) out.push_back(entry.what);
    return out;
  }
};

TEST_F(History, IsWhatNamesTheTicketOldestFirst) {
  const TicketId one = open_ticket(), two = open_ticket();
  note(one, "assigned");
  note(two, "tagged");
  note(one, "solved", "bo");
  EXPECT_THAT(words(one), ElementsAre("assigned", "solved"));
  EXPECT_THAT(words(two), ElementsAre("tagged"));
  EXPECT_EQ(history(one).back().who, "bo");
  EXPECT_EQ(history(one).back().hash, journal().back().hash);
}

TEST_F(History, IsReadInPieces) {
  const TicketId one = open_ticket();
  for (const char* what : {"a", "b", "c"}) note(one, what);
  const auto first = history(one, {}, 2);
  ASSERT_EQ(first.size(), 2U);
  const auto rest = history(one, first.back().seq, 2);
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(rest.front().what, "c");
}

TEST_F(History, OfMergedTicketsIsOne) {
  const TicketId one = open_ticket(), two = open_ticket(), three = open_ticket();
  note(three, "a");
  note(one, "b");
  note(two, "c");
  const auto merge = [&](TicketId from, TicketId into) {
    must([&](WriteTxn& txn) { return txn.merge_ticket(from, into, {"anna", "one", kStart}); });
  };
  merge(three, two);
  merge(two, one);
  EXPECT_THAT(words(one), ElementsAre("a", "b", "c", "merged", "merged"));
  EXPECT_THAT(words(three), ElementsAre("a", "b", "c", "merged", "merged"));
  EXPECT_EQ(history(one).back().who, "anna");
}

TEST_F(History, OfATicketThatIsNotThereIsAnError) {
  EXPECT_THAT(ask([](const ReadTxn& txn) { return txn.history(TicketId(9), {}, 10); }),
              FailsWith(base::Code::not_found));
}

TEST_F(History, IsMadeOfTheJournalWhenAnOlderStoreIsOpened) {
  const TicketId one = open_ticket(), two = open_ticket();
  note(one, "a");
  note(two, "b");
  note(one, "c");
  close();
  const auto path = directory_.path() / "store";
  {
    RawStore raw(path);
    for (const auto& [table, key, value] : raw.rows()) {
      if (table == "ticket_history") raw.erase("ticket_history", key);
    }
    raw.put("meta", "version", KeyBytes().u64(3));
  }
  reopen();
  EXPECT_THAT(words(one), ElementsAre("a", "c"));
  EXPECT_THAT(words(two), ElementsAre("b"));
  close();
  EXPECT_EQ(RawStore(path).get("meta", "version"), KeyBytes().u64(4).view());
}

TEST_F(History, AnEntryThatDoesNotOpenKeepsNoOlderStoreShut) {
  const TicketId one = open_ticket();
  note(one, "a");
  note(one, "b");
  close();
  {
    RawStore raw(directory_.path() / "store");
    raw.erase("ticket_history", KeyBytes().id(one).u64(1));
    raw.erase("ticket_history", KeyBytes().id(one).u64(2));
    raw.flip("journal", KeyBytes().u64(1));
    raw.put("meta", "version", KeyBytes().u64(3));
  }
  reopen();
  EXPECT_THAT(words(one), ElementsAre("b"));
  EXPECT_THAT(ask([](const ReadTxn& txn) { return txn.journal({}, 10); }),
              FailsWith(base::Code::corrupt));
}

class Reopening : public StoreTest {
 protected:
  TicketId pending(std::optional<base::Instant> until) {
    ticket::Ticket ticket;
    ticket.desk = "support";
    ticket.state = ticket::State::pending;
    ticket.pending_until = until;
    return open_ticket(ticket);
  }
  std::vector<TicketId> due(base::Instant until) {
    return ask([&](const ReadTxn& txn) { return txn.to_reopen(until, 10); });
  }
  std::optional<base::Instant> next() {
    return ask([](const ReadTxn& txn) { return txn.next_reopening(); });
  }
};

TEST_F(Reopening, ListsThePendingWhoseTimeHasComeTheLongestDueFirst) {
  pending(std::nullopt);
  const TicketId later = pending(kStart + 2h), sooner = pending(kStart + 1h);
  EXPECT_EQ(next(), kStart + 1h);
  EXPECT_THAT(due(kStart + 1h - 1us), IsEmpty());
  EXPECT_THAT(due(kStart + 1h), ElementsAre(sooner));
  EXPECT_THAT(due(kStart + 3h), ElementsAre(sooner, later));
}

TEST_F(Reopening, ATicketThatLeavesThatStateOrGoesUpInAnotherIsNotWaitedFor) {
  const TicketId one = pending(kStart + 1h), two = pending(kStart + 2h);
  must([&](WriteTxn& txn) { return txn.merge_ticket(two, one, {"anna", "one", kStart}); });
  EXPECT_THAT(due(kStart + 9h), ElementsAre(one));
  must([&](WriteTxn& txn) -> base::Status {
    auto ticket = txn.ticket(one);
    if (!ticket) return ticket.error();
    ticket->state = ticket::State::open;
    return txn.update_ticket(*ticket);
  });
  EXPECT_THAT(due(kStart + 9h), IsEmpty());
  EXPECT_EQ(next(), std::nullopt);
}

TEST_F(Reopening, OfTwoPendingTicketsThatBecomeOneTheEarlierTimeCounts) {
  const TicketId one = pending(kStart + 2h), two = pending(kStart + 1h), open = open_ticket();
  must([&](WriteTxn& txn) { return txn.merge_ticket(two, one, {"", "one", kStart}); });
  EXPECT_EQ(next(), kStart + 1h);
  must([&](WriteTxn& txn) { return txn.merge_ticket(one, open, {"", "one", kStart}); });
  EXPECT_EQ(next(), std::nullopt) << "the one that is new asks for more";
}

TEST_F(StoreTest, TheLastBulkActionOfEachPersonIsKeptWhole) {
  ticket::Ticket before;
  before.id = open_ticket();
  before.desk = "support";
  ticket::Ticket after = before;
  after.state = ticket::State::pending;
  after.pending_until = kStart + 1h;
  const BulkAction first{"anna", kStart, "state pending", {{before, after}}};
  const BulkAction other{"bo", kStart, "state solved", {}};
  must([&](WriteTxn& txn) { return txn.put_bulk_action(other); });
  must([&](WriteTxn& txn) { return txn.put_bulk_action(first); });
  reopen();
  const auto of = [&](std::string_view who) {
    auto found = ask([&](const ReadTxn& txn) { return txn.bulk_action(who); });
    EXPECT_TRUE(found.ok());
    return found.value_or(std::nullopt);
  };
  EXPECT_EQ(of("anna"), first);
  EXPECT_EQ(of("bo"), other);
  must([](WriteTxn& txn) { return txn.drop_bulk_action("anna"); });
  EXPECT_EQ(of("anna"), std::nullopt);
  EXPECT_EQ(of("bo"), other);
}

}  // namespace
}  // namespace beredd::store

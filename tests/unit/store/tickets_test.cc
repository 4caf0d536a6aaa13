#include "store_fixture.h"

namespace beredd::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;

class Tickets : public StoreTest {
 protected:
  std::vector<TicketId> list(const TicketQuery& query) {
    std::vector<TicketId> ids;
    auto found = ask([&](const ReadTxn& txn) { return txn.tickets(query); });
    EXPECT_TRUE(found.ok());
    for (const ticket::Ticket& ticket : found.value_or({})) ids.push_back(ticket.id);
    return ids;
  }
  base::Status sort(MessageId id, TicketId ticket, const mail::Reading& reading) {
    Sorted sorted{ticket, "no known reference", reading, kStart + 1s};
    return write([&](WriteTxn& txn) { return txn.put_sorted(id, sorted); });
  }
  static mail::Reading reading_of(std::string message_id, std::vector<std::string> in_reply_to = {},
                                  std::vector<std::string> references = {}) {
    mail::Reading reading;
    reading.message_id = std::move(message_id);
    reading.in_reply_to = std::move(in_reply_to);
    reading.references = std::move(references);
    return reading;
  }
};

TEST_F(Tickets, KeepEveryFieldOverARestart) {
  ticket::Ticket ticket;
  ticket.desk = "support";
  ticket.subject = "Skrivaren brinner";
  ticket.state = ticket::State::pending;
  ticket.custody = ticket::Custody::fallback;
  ticket.line = 2;
  ticket.priority = ticket::Priority::urgent;
  ticket.assignee = "bo";
  ticket.tags = {"fire", "printer"};
  ticket.requester = {"Anna Ek", "anna@example.com"};
  ticket.created = kStart;
  ticket.updated = kStart + 5s;
  ticket.id = open_ticket(ticket);
  reopen();
  auto found = ask([&](const ReadTxn& txn) { return txn.ticket(ticket.id); });
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(*found, ticket);
  EXPECT_EQ(ask([](const ReadTxn& txn) { return txn.ticket_count(); }), 1u);
}

TEST_F(Tickets, AreListedNewestFirstAcrossStatesAndDesks) {
  TicketId old = open_ticket("support", kStart);
  TicketId middle = open_ticket("sales", kStart + 1s);
  TicketId newest = open_ticket("support", kStart + 2s);
  must([&](WriteTxn& txn) -> base::Status {
    auto ticket = txn.ticket(old);
    if (!ticket) return ticket.error();
    ticket->state = ticket::State::closed;
    return txn.update_ticket(*ticket);
  });
  EXPECT_THAT(list({}), ElementsAre(newest, middle, old));
  TicketQuery support;
  support.desk = "support";
  EXPECT_THAT(list(support), ElementsAre(newest, old));
  TicketQuery closed;
  closed.state = ticket::State::closed;
  EXPECT_THAT(list(closed), ElementsAre(old));
  TicketQuery two;
  two.limit = 2;
  EXPECT_THAT(list(two), ElementsAre(newest, middle));
  TicketQuery nowhere;
  nowhere.desk = "nowhere";
  EXPECT_THAT(list(nowhere), IsEmpty());
}

TEST_F(Tickets, MoveToTheFrontWhenTheyAreUpdated) {
  TicketId first = open_ticket("support", kStart);
  TicketId second = open_ticket("support", kStart + 1s);
  must([&](WriteTxn& txn) -> base::Status {
    auto ticket = txn.ticket(first);
    if (!ticket) return ticket.error();
    ticket->updated = kStart + 2s;
    return txn.update_ticket(*ticket);
  });
  EXPECT_THAT(list({}), ElementsAre(first, second));
  ticket::Ticket ghost;
  ghost.id = TicketId(99);
  EXPECT_THAT(write([&](WriteTxn& txn) { return txn.update_ticket(ghost); }),
              FailsWith(base::Code::not_found));
}

TEST_F(Tickets, AreFilteredByAssigneeCustodyAndText) {
  ticket::Ticket ticket;
  ticket.desk = "support";
  ticket.subject = "The Printer is on fire";
  ticket.requester = {"Anna Ek", "anna@example.com"};
  ticket.assignee = "bo";
  ticket.custody = ticket::Custody::fallback;
  TicketId match = open_ticket(ticket);
  open_ticket();
  TicketQuery query;
  query.assignee = "bo";
  EXPECT_THAT(list(query), ElementsAre(match));
  query.custody = ticket::Custody::fallback;
  for (const char* text : {"pRINTER", "anna e", "ANNA@EXAMPLE"}) {
    query.search = text;
    EXPECT_THAT(list(query), ElementsAre(match)) << text;
  }
  query.search = "scanner";
  EXPECT_THAT(list(query), IsEmpty());
  query.search.clear();
  query.custody = ticket::Custody::returned;
  EXPECT_THAT(list(query), IsEmpty());
}

TEST_F(Tickets, AreListedInOrderHoweverManyAndWhereverTheyAre) {
  for (std::uint64_t i = 0; i < 60; ++i) {
    // A permutation of the seconds, over three desks and four states.
    ticket::Ticket ticket;
    ticket.desk = "desk" + std::to_string(i % 3);
    ticket.state = static_cast<ticket::State>(i % 4);
    ticket.updated = kStart + std::chrono::seconds((i * 37) % 60);
    open_ticket(ticket);
  }
  auto found = ask([](const ReadTxn& txn) { return txn.tickets({}); });
  ASSERT_TRUE(found.ok());
  ASSERT_EQ(found->size(), 60u);
  for (std::size_t i = 0; i < 60; ++i) {
    EXPECT_EQ((*found)[i].updated, kStart + std::chrono::seconds(59 - i));
  }
}

TEST_F(Tickets, SortingJoinsTheMessageToItsTicket) {
  MessageId id = accept();
  TicketId ticket = open_ticket();
  mail::Reading reading = reading_of("a@example.com");
  reading.subject = "help";
  reading.from = {{"Anna", "anna@example.com"}};
  ASSERT_TRUE(sort(id, ticket, reading).ok());
  reopen();
  ask([&](const ReadTxn& txn) {
    EXPECT_THAT(txn.unsorted({}, 10), IsEmpty());
    EXPECT_THAT(txn.messages_of(ticket), ElementsAre(id));
    auto sorted = txn.sorted(id);
    EXPECT_TRUE(sorted.ok() && sorted->has_value());
    if (sorted.ok() && *sorted) {
      EXPECT_EQ(**sorted, (Sorted{ticket, "no known reference", reading, kStart + 1s}));
    }
    return 0;
  });
  EXPECT_THAT(journal_words(), ElementsAre("accepted", "sorted"));
}

TEST_F(Tickets, SortingTwiceOrIntoNothingIsRefused) {
  MessageId id = accept();
  TicketId ticket = open_ticket();
  EXPECT_THAT(sort(id, TicketId(99), {}), FailsWith(base::Code::not_found));
  EXPECT_THAT(sort(MessageId(99), ticket, {}), FailsWith(base::Code::not_found));
  ASSERT_TRUE(sort(id, ticket, {}).ok());
  EXPECT_THAT(sort(id, ticket, {}), FailsWith(base::Code::exists));
}

TEST_F(Tickets, AMessageNotYetSortedHasNoReading) {
  MessageId id = accept();
  auto sorted = ask([&](const ReadTxn& txn) { return txn.sorted(id); });
  ASSERT_TRUE(sorted.ok());
  EXPECT_FALSE(sorted->has_value());
}

TEST_F(Tickets, AreFoundByTheMessageIdsSeenInThem) {
  MessageId id = accept(), copy = accept();
  TicketId ticket = open_ticket(), other = open_ticket();
  ASSERT_TRUE(sort(id, ticket, reading_of("a@example.com")).ok());
  ASSERT_TRUE(sort(copy, other, reading_of("a@example.com")).ok());
  ask([&](const ReadTxn& txn) {
    // The first ticket keeps the name; both messages carry it.
    EXPECT_THAT(txn.ticket_of_message_id("support", "a@example.com"), Optional(ticket));
    EXPECT_THAT(txn.messages_with_id("support", "a@example.com"), ElementsAre(id, copy));
    EXPECT_EQ(txn.ticket_of_message_id("sales", "a@example.com"), std::nullopt);
    EXPECT_THAT(txn.messages_with_id("sales", "a@example.com"), IsEmpty());
    EXPECT_EQ(txn.ticket_of_message_id("support", "A@example.com"), std::nullopt);
    EXPECT_EQ(txn.ticket_of_message_id("support", ""), std::nullopt);
    return 0;
  });
}

TEST_F(Tickets, AwaitTheMailsThatTheirMailsReferTo) {
  MessageId id = accept();
  TicketId ticket = open_ticket();
  ASSERT_TRUE(sort(id, ticket, reading_of("c@x", {"b@x"}, {"a@x", "b@x"})).ok());
  ask([&](const ReadTxn& txn) {
    EXPECT_THAT(txn.ticket_awaiting("support", "a@x"), Optional(ticket));
    EXPECT_THAT(txn.ticket_awaiting("support", "b@x"), Optional(ticket));
    EXPECT_EQ(txn.ticket_awaiting("support", "c@x"), std::nullopt);
    // A second answer to the missing mail finds the ticket of the first.
    EXPECT_THAT(txn.ticket_of_message_id("support", "a@x"), Optional(ticket));
    return 0;
  });
}

TEST_F(Tickets, AMessageSeenCountsMoreThanOneAwaited) {
  MessageId answer = accept(), original = accept();
  TicketId guess = open_ticket(), own = open_ticket();
  ASSERT_TRUE(sort(answer, guess, reading_of("b@x", {"a@x"})).ok());
  ASSERT_TRUE(sort(original, own, reading_of("a@x")).ok());
  EXPECT_THAT(ask([](const ReadTxn& txn) { return txn.ticket_of_message_id("support", "a@x"); }),
              Optional(own));
}

TEST_F(Tickets, IndexOnlyTheNearestOfEndlessReferences) {
  MessageId id = accept();
  TicketId ticket = open_ticket();
  std::vector<std::string> references;
  for (int i = 0; i < 1000; ++i) references.push_back(std::to_string(i) + "@x");
  ASSERT_TRUE(sort(id, ticket, reading_of("z@x", {}, references)).ok());
  ask([&](const ReadTxn& txn) {
    EXPECT_THAT(txn.ticket_awaiting("support", "999@x"), Optional(ticket));
    EXPECT_THAT(txn.ticket_awaiting("support", "900@x"), Optional(ticket));
    EXPECT_EQ(txn.ticket_awaiting("support", "899@x"), std::nullopt);
    return 0;
  });
}

TEST_F(Tickets, CanBeListedAmongSomeOnlyNewestFirst) {
  const TicketId one = open_ticket("support", kStart + 3s);
  const TicketId two = open_ticket("sales", kStart + 1s);
  const TicketId three = open_ticket("support", kStart + 2s);
  TicketQuery query;
  query.among = {one, two, three, TicketId(99)};
  EXPECT_THAT(list(query), ElementsAre(one, three, two));
  query.limit = 2;
  EXPECT_THAT(list(query), ElementsAre(one, three));
  query.desk = "sales";
  EXPECT_THAT(list(query), ElementsAre(two));
  query.state = ticket::State::closed;
  EXPECT_THAT(list(query), IsEmpty());
  query = {};
  query.among.emplace();
  EXPECT_THAT(list(query), IsEmpty());
}

TEST_F(Tickets, AreListedTheSameWayWhetherFewOrManyAreInQuestion) {
  std::vector<TicketId> some, all;
  must([&](WriteTxn& txn) -> base::Status {
    for (int n = 0; n < 1500; ++n) {
      ticket::Ticket ticket;
      ticket.desk = n % 2 == 0 ? "support" : "sales";
      ticket.updated = kStart + std::chrono::seconds(n * 7919 % 1500);
      auto opened = txn.open_ticket(ticket);
      if (!opened) return opened.error();
      all.push_back(*opened);
      if (n % 3 == 0) some.push_back(*opened);
    }
    return {};
  });
  TicketQuery many;
  many.among = all;
  many.limit = 2000;
  TicketQuery few;
  few.among = some;
  few.limit = 2000;
  std::vector<TicketId> expected = list(many);
  EXPECT_EQ(expected.size(), 1500u);
  std::erase_if(expected,
                [&](TicketId id) { return !std::binary_search(some.begin(), some.end(), id); });
  EXPECT_EQ(list(few), expected);
}

TEST_F(Tickets, WhoAsksMayRefuseSomeAndIsAskedInOrder) {
  const TicketId one = open_ticket("support", kStart);
  const TicketId two = open_ticket("support", kStart + 1s);
  const TicketId three = open_ticket("support", kStart + 2s);
  std::vector<TicketId> asked;
  TicketQuery query;
  query.limit = 1;
  query.accepts = [&](const ticket::Ticket& ticket) {
    asked.push_back(ticket.id);
    return ticket.id == two;
  };
  EXPECT_THAT(list(query), ElementsAre(two));
  EXPECT_THAT(asked, ElementsAre(three, two));
  query.among = {one, two};
  EXPECT_THAT(list(query), ElementsAre(two));
}

}  // namespace
}  // namespace beredd::store

#include "store_fixture.h"

namespace beredd::store {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::Optional;
using enum DeliveryState;

auto head_is(MessageId id) { return Field(&Lane::head, id); }

class Lanes : public StoreTest {
 protected:
  std::optional<base::Instant> next_due() {
    return ask([](const ReadTxn& txn) { return txn.next_due("helpdesk"); });
  }
  void step(const std::function<base::Status(WriteTxn&)>& operation) { must(operation); }
  void offer(MessageId id) {
    step([=](WriteTxn& txn) { return txn.offer(id, "helpdesk", kStart); });
  }
  void acknowledge(MessageId id) {
    step([=](WriteTxn& txn) { return txn.acknowledge(id, "helpdesk", "250", kStart); });
  }
  // Pages of `page` until all lanes are through; returns how many pages it took.
  int hold(bool hold_them, base::Instant at, std::size_t page = 100) {
    WriteTxn::LanePosition from;
    for (int pages = 1;; ++pages) {
      std::optional<WriteTxn::LanePosition> next;
      must([&](WriteTxn& txn) -> base::Status {
        auto result = txn.hold_lanes("helpdesk", hold_them, from, page, at);
        if (!result) return result.error();
        next = *result;
        return {};
      });
      if (!next) return pages;
      from = *next;
    }
  }
  ticket::Custody custody(TicketId id) {
    auto ticket = ask([&](const ReadTxn& txn) { return txn.ticket(id); });
    EXPECT_TRUE(ticket.ok());
    return ticket->custody;
  }
};

TEST_F(Lanes, ShowOnlyTheFirstMessageOfATicket) {
  TicketId ticket = open_ticket();
  MessageId first = enqueue(ticket), second = enqueue(ticket);
  EXPECT_THAT(lanes(kStart), ElementsAre(head_is(first)));
  EXPECT_EQ(lanes(kStart)[0].ticket, ticket);
  EXPECT_EQ(lanes(kStart)[0].size, base::Bytes(3));
  acknowledge(first);
  EXPECT_THAT(lanes(kStart), ElementsAre(head_is(second)));
  acknowledge(second);
  EXPECT_THAT(lanes(kStart), IsEmpty());
}

TEST_F(Lanes, TheLongestDueComesFirst) {
  MessageId late = enqueue(open_ticket(), kStart + 5s);
  MessageId early = enqueue(open_ticket(), kStart + 1s);
  enqueue(open_ticket(), kStart + 60s);
  EXPECT_THAT(lanes(kStart + 10s), ElementsAre(head_is(early), head_is(late)));
  EXPECT_THAT(lanes(kStart + 10s, 1), ElementsAre(head_is(early)));
  EXPECT_THAT(lanes(kStart), IsEmpty());
  EXPECT_THAT(next_due(), Optional(kStart + 1s));
}

TEST_F(Lanes, BusyOnesArePassedOver) {
  TicketId busy = open_ticket(), free = open_ticket();
  enqueue(busy);
  MessageId other = enqueue(free);
  auto found = ask([&](const ReadTxn& txn) {
    return txn.lanes("helpdesk", kStart, 1, [&](TicketId ticket) { return ticket == busy; });
  });
  ASSERT_TRUE(found.ok());
  EXPECT_THAT(*found, ElementsAre(head_is(other)));
}

TEST_F(Lanes, ALaterMessageWaitsForTheOneThatIsOffered) {
  TicketId ticket = open_ticket();
  MessageId first = enqueue(ticket);
  enqueue(ticket);
  offer(first);
  EXPECT_THAT(lanes(base::Instant::max()), IsEmpty());
  EXPECT_EQ(next_due(), std::nullopt);
  step([=](WriteTxn& txn) {
    return txn.defer(first, "helpdesk", {kStart + 30s, false, true, "451"}, kStart);
  });
  EXPECT_THAT(lanes(kStart + 29s), IsEmpty());
  EXPECT_THAT(lanes(kStart + 30s), ElementsAre(head_is(first)));
}

TEST_F(Lanes, AQuarantinedMessageLetsTheNextOneThroughAndComesBackInItsPlace) {
  TicketId ticket = open_ticket();
  MessageId first = enqueue(ticket), second = enqueue(ticket);
  step([=](WriteTxn& txn) { return txn.quarantine(first, "helpdesk", "550", kStart); });
  EXPECT_THAT(lanes(kStart), ElementsAre(head_is(second)));
  step([=](WriteTxn& txn) { return txn.retry(first, "helpdesk", kStart + 9s); });
  EXPECT_THAT(lanes(kStart + 8s), IsEmpty());
  EXPECT_THAT(lanes(kStart + 9s), ElementsAre(head_is(first)));
}

TEST_F(Lanes, AMessageSortedLateComesBeforeItsSuccessors) {
  TicketId ticket = open_ticket();
  MessageId slow = accept("slow");
  MessageId quick = enqueue(ticket);
  EXPECT_THAT(lanes(kStart), ElementsAre(head_is(quick)));
  must([&](WriteTxn& txn) { return txn.enqueue(delivery_of(slow, ticket, kStart)); });
  EXPECT_THAT(lanes(kStart), ElementsAre(head_is(slow)));
}

TEST_F(Lanes, TellWhetherATicketStillWaits) {
  TicketId ticket = open_ticket();
  auto waits = [&] {
    return ask([&](const ReadTxn& txn) { return txn.has_lane("helpdesk", ticket); });
  };
  EXPECT_FALSE(waits());
  MessageId id = enqueue(ticket);
  EXPECT_TRUE(waits());
  offer(id);
  EXPECT_TRUE(waits());
  acknowledge(id);
  EXPECT_FALSE(waits());
}

TEST_F(Lanes, OfOneTargetAreNotThoseOfAnother) {
  TicketId ticket = open_ticket();
  MessageId id = enqueue(ticket);
  Delivery copy = delivery_of(id, ticket, kStart);
  copy.target = "archive";
  must([&](WriteTxn& txn) { return txn.enqueue(copy); });
  acknowledge(id);
  EXPECT_THAT(lanes(kStart), IsEmpty());
  auto other = ask([](const ReadTxn& txn) { return txn.lanes("archive", kStart, 10, {}); });
  ASSERT_TRUE(other.ok());
  EXPECT_THAT(*other, ElementsAre(head_is(id)));
}

TEST_F(Lanes, HoldingTakesTheTicketsIntoOurCustody) {
  TicketId ticket = open_ticket(), done = open_ticket();
  MessageId a = enqueue(ticket), b = enqueue(ticket), c = enqueue(done);
  acknowledge(c);
  EXPECT_EQ(hold(true, kStart + 1s), 1);
  EXPECT_EQ(delivery(a).state, held);
  EXPECT_EQ(delivery(b).state, held);
  EXPECT_EQ(delivery(c).state, acknowledged);
  EXPECT_EQ(custody(ticket), ticket::Custody::fallback);
  EXPECT_EQ(custody(done), ticket::Custody::primary);
  EXPECT_EQ(counts().held, 2u);
  // Held heads are shown: one of them may be the canary.
  EXPECT_THAT(lanes(kStart + 1s), ElementsAre(head_is(a)));
}

TEST_F(Lanes, ReleasingMakesAllDueNowAndKeepsTheOldestFirst) {
  TicketId ticket = open_ticket(), other = open_ticket();
  MessageId young = enqueue(ticket, kStart + 2s, held);
  MessageId old = enqueue(other, kStart + 1s, held);
  MessageId late = enqueue(open_ticket(), kStart + 3600s);
  hold(false, kStart + 10s);
  EXPECT_EQ(delivery(young).state, queued);
  EXPECT_THAT(lanes(kStart + 10s), ElementsAre(head_is(old), head_is(young), head_is(late)));
  EXPECT_EQ(counts().held, 0u);
}

TEST_F(Lanes, HoldingGoesOnWhereItStoppedAndLeavesTheOfferedAlone) {
  std::vector<MessageId> ids;
  for (int i = 0; i < 4; ++i) {
    TicketId ticket = open_ticket();
    ids.push_back(enqueue(ticket));
    ids.push_back(enqueue(ticket));
  }
  offer(ids[2]);
  std::size_t before = journal().size();
  EXPECT_EQ(hold(true, kStart, 3), 3);
  EXPECT_EQ(counts().held, 7u);
  EXPECT_EQ(counts().offered, 1u);
  EXPECT_EQ(journal().size(), before + 7);
  EXPECT_EQ(hold(true, kStart, 3), 3);
  EXPECT_EQ(journal().size(), before + 7) << "what is held already is no news";
}

}  // namespace
}  // namespace beredd::store

#include "store_fixture.h"

namespace beredd::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Optional;
using enum DeliveryState;

class Deliveries : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    ticket_ = open_ticket();
  }
  base::Status offer(MessageId id) {
    return write([&](WriteTxn& txn) { return txn.offer(id, "helpdesk", kStart + 1s); });
  }
  base::Status acknowledge(MessageId id) {
    return write([&](WriteTxn& txn) {
      return txn.acknowledge(id, "helpdesk", "250 2.0.0 queued as 4711", kStart + 2s);
    });
  }
  base::Status prove(MessageId id) {
    return write([&](WriteTxn& txn) { return txn.prove(id, "helpdesk", "INBOX 12", kStart + 3s); });
  }
  base::Status quarantine(MessageId id) {
    return write(
        [&](WriteTxn& txn) { return txn.quarantine(id, "helpdesk", "550 5.7.1 no", kStart + 4s); });
  }
  base::Status retry(MessageId id) {
    return write([&](WriteTxn& txn) { return txn.retry(id, "helpdesk", kStart + 5s); });
  }
  base::Status suppress(MessageId id) {
    return write([&](WriteTxn& txn) { return txn.suppress(id, "helpdesk", "spam", kStart + 6s); });
  }
  base::Status defer(MessageId id, const WriteTxn::Deferral& deferral) {
    return write([&](WriteTxn& txn) { return txn.defer(id, "helpdesk", deferral, kStart + 7s); });
  }
  TicketId ticket_;
};

TEST_F(Deliveries, GoFromQueuedToProven) {
  MessageId id = enqueue(ticket_);
  EXPECT_EQ(delivery(id), delivery_of(id, ticket_, kStart));
  ASSERT_TRUE(offer(id).ok());
  EXPECT_EQ(delivery(id).state, offered);
  ASSERT_TRUE(acknowledge(id).ok());
  EXPECT_EQ(delivery(id).receipt, "250 2.0.0 queued as 4711");
  ASSERT_TRUE(prove(id).ok());
  reopen();
  Delivery proven_delivery = delivery(id);
  EXPECT_EQ(proven_delivery.state, proven);
  EXPECT_EQ(proven_delivery.proof, "INBOX 12");
  EXPECT_EQ(proven_delivery.changed, kStart + 3s);
  EXPECT_THAT(journal_words(),
              ElementsAre("accepted", "enqueued", "offered", "acknowledged", "proven"));
  EXPECT_EQ(journal().back().target, "helpdesk");
  EXPECT_EQ(journal().back().message, id);
  EXPECT_EQ(journal().back().ticket, ticket_);
  EXPECT_EQ(journal().back().detail, "INBOX 12");
}

TEST_F(Deliveries, AreDeferredWithTheReason) {
  MessageId id = enqueue(ticket_);
  ASSERT_TRUE(offer(id).ok());
  ASSERT_TRUE(defer(id, {kStart + 60s, false, true, "451 later"}).ok());
  Delivery deferred = delivery(id);
  EXPECT_EQ(deferred.state, queued);
  EXPECT_EQ(deferred.due, kStart + 60s);
  EXPECT_EQ(deferred.attempts, 1);
  EXPECT_EQ(deferred.words, "451 later");
  ASSERT_TRUE(defer(id, {kStart + 90s, true, false, "the primary fell"}).ok());
  EXPECT_EQ(delivery(id).state, held);
  EXPECT_EQ(delivery(id).attempts, 1);
}

TEST_F(Deliveries, LeaveTheQuarantineByRetryOrSuppression) {
  MessageId again = enqueue(ticket_), never = enqueue(ticket_);
  ASSERT_TRUE(quarantine(again).ok());
  ASSERT_TRUE(quarantine(never).ok());
  EXPECT_EQ(delivery(again).words, "550 5.7.1 no");
  ASSERT_TRUE(retry(again).ok());
  EXPECT_EQ(delivery(again).state, queued);
  EXPECT_EQ(delivery(again).due, kStart + 5s);
  ASSERT_TRUE(suppress(never).ok());
  EXPECT_EQ(delivery(never).state, suppressed);
  EXPECT_EQ(delivery(never).words, "spam");
}

TEST_F(Deliveries, BeginOnlyOnceAndOnlyWaiting) {
  MessageId id = enqueue(ticket_);
  auto enqueue_as = [&](const Delivery& delivery) {
    return write([&](WriteTxn& txn) { return txn.enqueue(delivery); });
  };
  EXPECT_THAT(enqueue_as(delivery_of(id, ticket_, kStart)), FailsWith(base::Code::exists));
  MessageId other = accept();
  EXPECT_THAT(enqueue_as(delivery_of(other, ticket_, kStart, proven)),
              FailsWith(base::Code::invalid));
  EXPECT_THAT(enqueue_as(delivery_of(MessageId(99), ticket_, kStart)),
              FailsWith(base::Code::not_found));
  EXPECT_THAT(enqueue_as(delivery_of(other, TicketId(99), kStart)),
              FailsWith(base::Code::not_found));
}

// Every step from every state that can be reached: what the table in deliveries.cc allows, in
// words.
TEST_F(Deliveries, RefuseAStepThatTheirStateDoesNotAllow) {
  struct Way {
    DeliveryState state;
    std::function<void(MessageId)> reach;
    std::vector<std::string> allowed;
  };
  auto ok = [](const base::Status& status) { ASSERT_TRUE(status.ok()); };
  const std::vector<Way> ways = {
      {held,
       [&](MessageId id) {
         ok(defer(id, {kStart, true, false, ""}));
       },
       {"offer", "acknowledge", "defer", "quarantine"}},
      {queued, [](MessageId) {}, {"offer", "acknowledge", "defer", "quarantine"}},
      {offered,
       [&](MessageId id) { ok(offer(id)); },
       {"acknowledge", "prove", "defer", "quarantine"}},
      {acknowledged, [&](MessageId id) { ok(acknowledge(id)); }, {"prove"}},
      {proven, [&](MessageId id) { ok(offer(id)), ok(prove(id)); }, {}},
      {quarantined, [&](MessageId id) { ok(quarantine(id)); }, {"retry", "suppress"}},
      {suppressed, [&](MessageId id) { ok(quarantine(id)), ok(suppress(id)); }, {}},
  };
  const std::map<std::string, std::function<base::Status(MessageId)>> steps = {
      {"offer", [&](MessageId id) { return offer(id); }},
      {"acknowledge", [&](MessageId id) { return acknowledge(id); }},
      {"prove", [&](MessageId id) { return prove(id); }},
      {"defer", [&](MessageId id) { return defer(id, {}); }},
      {"quarantine", [&](MessageId id) { return quarantine(id); }},
      {"retry", [&](MessageId id) { return retry(id); }},
      {"suppress", [&](MessageId id) { return suppress(id); }},
  };
  for (const Way& way : ways) {
    for (const auto& [name_of_step, step] : steps) {
      SCOPED_TRACE(name_of_step + " from " + std::string(name(way.state)));
      MessageId id = enqueue(ticket_);
      way.reach(id);
      ASSERT_EQ(delivery(id).state, way.state);
      base::Status status = step(id);
      if (std::ranges::find(way.allowed, name_of_step) != way.allowed.end()) {
        EXPECT_TRUE(status.ok());
        continue;
      }
      ASSERT_THAT(status, FailsWith(base::Code::conflict));
      EXPECT_THAT(status.error().detail, HasSubstr(name_of_step));
      EXPECT_THAT(status.error().detail, HasSubstr(name(way.state)));
      EXPECT_EQ(delivery(id).state, way.state);
    }
  }
}

TEST_F(Deliveries, AStepOfAnUnknownDeliveryIsNotFound) {
  EXPECT_THAT(offer(MessageId(5)), FailsWith(base::Code::not_found));
  auto none = ask([](const ReadTxn& txn) { return txn.delivery(MessageId(5), "helpdesk"); });
  ASSERT_TRUE(none.ok());
  EXPECT_FALSE(none->has_value());
}

TEST_F(Deliveries, AreCountedPerTargetAndState) {
  MessageId a = enqueue(ticket_), b = enqueue(ticket_);
  enqueue(ticket_, kStart, held);
  ASSERT_TRUE(offer(a).ok());
  ASSERT_TRUE(quarantine(b).ok());
  reopen();
  DeliveryCounts now = counts();
  EXPECT_EQ(now.held, 1u);
  EXPECT_EQ(now.queued, 0u);
  EXPECT_EQ(now.offered, 1u);
  EXPECT_EQ(now.quarantined, 1u);
  EXPECT_EQ(now.waiting(), 2u);
  EXPECT_EQ(ask([](const ReadTxn& txn) { return txn.counts("elsewhere"); }).waiting(), 0u);
}

TEST_F(Deliveries, AreListedByStateInMessageOrder) {
  MessageId a = enqueue(ticket_), b = enqueue(ticket_), c = enqueue(ticket_);
  ASSERT_TRUE(quarantine(c).ok());
  ASSERT_TRUE(quarantine(a).ok());
  auto list = [&](DeliveryState state, MessageId after, std::size_t limit) {
    std::vector<MessageId> ids;
    auto found =
        ask([&](const ReadTxn& txn) { return txn.deliveries("helpdesk", state, after, limit); });
    EXPECT_TRUE(found.ok());
    for (const Delivery& each : found.value_or({})) ids.push_back(each.message);
    return ids;
  };
  EXPECT_THAT(list(quarantined, {}, 10), ElementsAre(a, c));
  EXPECT_THAT(list(quarantined, a, 10), ElementsAre(c));
  EXPECT_THAT(list(quarantined, {}, 1), ElementsAre(a));
  EXPECT_THAT(list(queued, {}, 10), ElementsAre(b));
  EXPECT_THAT(list(proven, {}, 10), IsEmpty());
}

TEST_F(Deliveries, TellWhenTheOldestThatWaitsWasReceived) {
  auto oldest = [&] {
    return ask([](const ReadTxn& txn) { return txn.oldest_waiting("helpdesk"); });
  };
  EXPECT_EQ(oldest(), std::nullopt);
  MessageId a = enqueue(ticket_, kStart), b = enqueue(ticket_, kStart + 1s, held);
  enqueue(ticket_, kStart + 2s);
  EXPECT_THAT(oldest(), Optional(kStart));
  ASSERT_TRUE(offer(a).ok());
  EXPECT_THAT(oldest(), Optional(kStart));
  ASSERT_TRUE(acknowledge(a).ok());
  EXPECT_THAT(oldest(), Optional(kStart + 1s));
  ASSERT_TRUE(quarantine(b).ok());
  EXPECT_THAT(oldest(), Optional(kStart + 2s));
}

}  // namespace
}  // namespace beredd::store

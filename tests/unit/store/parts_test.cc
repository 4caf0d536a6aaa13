#include "store_fixture.h"

#include <gmock/gmock.h>

namespace beredd::store {
namespace {

using testing::ElementsAre;
using enum PartState;

// A delivery that goes to two domains.
class DeliveryParts : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    ticket_ = open_ticket();
    id_ = enqueue(ticket_);
  }
  base::Status put(std::vector<DeliveryPart> parts) {
    return write([&](WriteTxn& txn) {
      return txn.put_parts(id_, "helpdesk", std::move(parts), kStart + 1s);
    });
  }
  static DeliveryPart part(std::string domain, PartState state, std::string words = {}) {
    return {std::move(domain), state, 1, kStart + 60s, std::move(words)};
  }
  TicketId ticket_;
  MessageId id_;
};

TEST_F(DeliveryParts, AreThereAfterARestart) {
  const std::vector<DeliveryPart> parts = {part("one.example", taken, "250 ok"),
                                           part("two.example", offered),
                                           part("three.example", PartState::open, "451 later")};
  ASSERT_TRUE(put(parts).ok());
  reopen();
  EXPECT_EQ(delivery(id_).parts, parts);
  EXPECT_EQ(delivery(id_).state, DeliveryState::queued);
}

TEST_F(DeliveryParts, AreInTheJournalOnceWhenTheyAreOver) {
  ASSERT_TRUE(put({part("one.example", offered), part("two.example", PartState::open)}).ok());
  ASSERT_TRUE(put({part("one.example", taken, "250 ok"), part("two.example", offered)}).ok());
  EXPECT_EQ(journal().back().what, "part");
  EXPECT_EQ(journal().back().detail, "one.example taken: 250 ok");
  EXPECT_EQ(journal().back().message, id_);
  ASSERT_TRUE(put({part("one.example", taken, "250 ok"), part("two.example", doubtful, "?")}).ok());
  EXPECT_THAT(journal_words(), ElementsAre("accepted", "enqueued", "part", "part"));
  EXPECT_EQ(journal().back().detail, "two.example doubtful: ?");
}

TEST_F(DeliveryParts, ThatWereNotTakenAreOpenAgainWhenAPersonSendsItOnceMore) {
  ASSERT_TRUE(put({part("one.example", taken, "250 ok"), part("two.example", refused, "550 no"),
                   part("three.example", doubtful, "?")})
                  .ok());
  ASSERT_TRUE(write([&](WriteTxn& txn) {
                return txn.quarantine(id_, "helpdesk", "550 no", kStart + 2s);
              }).ok());
  EXPECT_THAT(put({}), FailsWith(base::Code::conflict));
  ASSERT_TRUE(write([&](WriteTxn& txn) { return txn.retry(id_, "helpdesk", kStart + 5s); }).ok());
  const std::vector<DeliveryPart> parts = delivery(id_).parts;
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts[0].state, taken);
  for (const std::size_t n : {std::size_t{1}, std::size_t{2}}) {
    EXPECT_EQ(parts[n].state, PartState::open);
    EXPECT_EQ(parts[n].due, kStart + 5s);
    EXPECT_EQ(parts[n].attempts, 0);
  }
}

TEST_F(DeliveryParts, AreBroughtForwardWithTheirLane) {
  ASSERT_TRUE(
      put({part("one.example", PartState::open), part("two.example", PartState::open)}).ok());
  ASSERT_TRUE(write([&](WriteTxn& txn) -> base::Status {
                auto moved = txn.hold_lanes("helpdesk", false, {}, 10, kStart - 1s);
                return moved ? base::Status() : base::Status(moved.error());
              }).ok());
  EXPECT_EQ(delivery(id_).parts.front().due, kStart - 1s);
}

TEST_F(DeliveryParts, OfWhatIsNotThereCannotBeWritten) {
  EXPECT_THAT(
      write([&](WriteTxn& txn) { return txn.put_parts(MessageId(99), "helpdesk", {}, kStart); }),
      FailsWith(base::Code::not_found));
}

TEST_F(DeliveryParts, AReservedNumberIsOneTicketsAlone) {
  TicketId reserved;
  ASSERT_TRUE(write([&](WriteTxn& txn) {
                reserved = txn.reserve_ticket();
                return base::Status();
              }).ok());
  const TicketId next = open_ticket();
  EXPECT_GT(next, reserved);
  ticket::Ticket ticket;
  ticket.desk = "support";
  ticket.id = reserved;
  const auto open_it = [&] {
    return write([&](WriteTxn& txn) { return txn.open_reserved(ticket); });
  };
  EXPECT_TRUE(open_it().ok());
  EXPECT_THAT(open_it(), FailsWith(base::Code::exists));
  ticket.id = TicketId(next.value() + 1);
  EXPECT_THAT(open_it(), FailsWith(base::Code::invalid));
}

}  // namespace
}  // namespace beredd::store

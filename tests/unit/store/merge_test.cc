#include "store_fixture.h"

namespace beredd::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;

// Two tickets of one desk, each with a sorted message on its way to "helpdesk".
class Merging : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    older_ = open_ticket();
    newer_ = open_ticket();
    first_ = enqueue(older_);
    second_ = enqueue(newer_, kStart + 1s);
    sort(first_, older_, "first@x");
    sort(second_, newer_, "second@x");
  }
  void sort(MessageId id, TicketId ticket, std::string message_id) {
    Sorted sorted{ticket, "no known reference", {}, kStart};
    sorted.reading.message_id = std::move(message_id);
    must([&](WriteTxn& txn) { return txn.put_sorted(id, sorted); });
  }
  base::Status merge(TicketId from, TicketId into) {
    return write([&](WriteTxn& txn) {
      return txn.merge_ticket(from, into, {"", "they are one", kStart + 2s});
    });
  }
  ticket::Ticket ticket(TicketId id) {
    auto found = ask([&](const ReadTxn& txn) { return txn.ticket(id); });
    EXPECT_TRUE(found.ok());
    return found.value_or(ticket::Ticket{});
  }

  TicketId older_, newer_;
  MessageId first_, second_;
};

TEST_F(Merging, TheNumberOfTheOneThatWentLeadsToTheOther) {
  ASSERT_TRUE(merge(newer_, older_).ok());
  EXPECT_EQ(ticket(newer_).id, older_);
  EXPECT_THAT(ticket(older_).merged, ElementsAre(newer_));
  EXPECT_EQ(ask([](const ReadTxn& txn) { return txn.ticket_count(); }), 1U);
  auto listed = ask([](const ReadTxn& txn) { return txn.tickets({}); });
  ASSERT_TRUE(listed.ok());
  EXPECT_EQ(listed->size(), 1U);
}

TEST_F(Merging, AListThatKnowsItByItsFormerNumberFindsTheOtherOnce) {
  const TicketId third = open_ticket();
  ASSERT_TRUE(merge(third, newer_).ok());
  ASSERT_TRUE(merge(newer_, older_).ok());
  for (const std::vector<TicketId>& among :
       {std::vector{third}, std::vector{older_, third}, std::vector{older_, newer_, third}}) {
    TicketQuery query;
    query.among = among;
    auto listed = ask([&](const ReadTxn& txn) { return txn.tickets(query); });
    ASSERT_TRUE(listed.ok());
    ASSERT_EQ(listed->size(), 1U);
    EXPECT_EQ(listed->front().id, older_);
  }
}

TEST_F(Merging, AChainOfThemEndsAtTheLast) {
  const TicketId third = open_ticket();
  ASSERT_TRUE(merge(third, newer_).ok());
  ASSERT_TRUE(merge(newer_, older_).ok());
  EXPECT_EQ(ticket(third).id, older_);
  EXPECT_THAT(ticket(older_).merged, ElementsAre(third, newer_));
}

TEST_F(Merging, MessagesGoAlongAndSoDoesWhatLeadsToThem) {
  ASSERT_TRUE(merge(newer_, older_).ok());
  EXPECT_THAT(ask([&](const ReadTxn& txn) { return txn.messages_of(older_); }),
              ElementsAre(first_, second_));
  auto sorted = ask([&](const ReadTxn& txn) { return txn.sorted(second_); });
  ASSERT_TRUE(sorted.ok() && sorted->has_value());
  EXPECT_EQ((*sorted)->ticket, older_);
  EXPECT_THAT(
      ask([](const ReadTxn& txn) { return txn.ticket_of_message_id("support", "second@x"); }),
      Optional(older_));
}

TEST_F(Merging, WhatWaitsWaitsInOneLaneInTheOrderItCame) {
  ASSERT_TRUE(merge(newer_, older_).ok());
  const std::vector<Lane> all = lanes(kStart + 1min);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].ticket, older_);
  EXPECT_EQ(all[0].head, first_);
  EXPECT_EQ(delivery(second_).ticket, older_);
  EXPECT_EQ(counts().queued, 2U);
}

TEST_F(Merging, WhatIsOfferedFollowsWithItsNextStep) {
  must([&](WriteTxn& txn) { return txn.offer(second_, "helpdesk", kStart + 1s); });
  ASSERT_TRUE(merge(newer_, older_).ok());
  EXPECT_EQ(delivery(second_).ticket, newer_) << "whoever offered it still holds its lane";
  must([&](WriteTxn& txn) {
    return txn.defer(second_, "helpdesk", {kStart + 5s, false, true, "later"}, kStart + 3s);
  });
  EXPECT_EQ(delivery(second_).ticket, older_);
  EXPECT_FALSE(ask([&](const ReadTxn& txn) { return txn.has_lane("helpdesk", newer_); }));
  const std::vector<Lane> all = lanes(kStart + 1min);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].head, first_);
}

TEST_F(Merging, WhatIsOfferedMayBeAcknowledged) {
  must([&](WriteTxn& txn) { return txn.offer(second_, "helpdesk", kStart + 1s); });
  ASSERT_TRUE(merge(newer_, older_).ok());
  must([&](WriteTxn& txn) { return txn.acknowledge(second_, "helpdesk", "250 ok", kStart + 3s); });
  EXPECT_EQ(counts().acknowledged, 1U);
  EXPECT_EQ(counts().queued, 1U);
  EXPECT_EQ(lanes(kStart + 1min).size(), 1U);
}

TEST_F(Merging, TheOneThatIsLeftTakesOverWhatAsksForMore) {
  must([&](WriteTxn& txn) -> base::Status {
    auto gone = txn.ticket(newer_);
    if (!gone) return gone.error();
    gone->custody = ticket::Custody::fallback;
    gone->undelivered = true;
    gone->priority = ticket::Priority::high;
    gone->tags = {"pump"};
    gone->linked = {older_};
    return txn.update_ticket(*gone);
  });
  ASSERT_TRUE(merge(newer_, older_).ok());
  const ticket::Ticket kept = ticket(older_);
  EXPECT_EQ(kept.custody, ticket::Custody::fallback);
  EXPECT_TRUE(kept.undelivered);
  EXPECT_EQ(kept.priority, ticket::Priority::high);
  EXPECT_THAT(kept.tags, ElementsAre("pump"));
  EXPECT_THAT(kept.linked, IsEmpty()) << "it is not linked to itself";
}

TEST_F(Merging, IsRefusedWithItselfAndAcrossDesks) {
  EXPECT_THAT(merge(older_, older_), FailsWith(base::Code::conflict));
  EXPECT_THAT(merge(open_ticket("sales"), older_), FailsWith(base::Code::conflict));
  EXPECT_THAT(merge(TicketId(99), older_), FailsWith(base::Code::not_found));
  ASSERT_TRUE(merge(newer_, older_).ok());
  EXPECT_THAT(merge(newer_, older_), FailsWith(base::Code::conflict));
}

TEST_F(Merging, StandsInTheJournalAndSurvivesARestart) {
  ASSERT_TRUE(merge(newer_, older_).ok());
  EXPECT_EQ(journal().back().what, "merged");
  EXPECT_EQ(journal().back().ticket, older_);
  reopen();
  EXPECT_EQ(ticket(newer_).id, older_);
  EXPECT_THAT(ask([&](const ReadTxn& txn) { return txn.messages_of(newer_); }),
              ElementsAre(first_, second_));
}

class Parties : public StoreTest {
 protected:
  void see(std::string_view party, std::string_view subject, const Sighting& sighting) {
    must([&](WriteTxn& txn) { return txn.put_sighting("support", party, subject, sighting); });
  }
  std::vector<Sighting> seen(std::string_view party, std::string_view subject) {
    return ask([&](const ReadTxn& txn) { return txn.sightings("support", party, subject, 10); });
  }
};

TEST_F(Parties, AreFoundBySubjectTheNewestTicketFirst) {
  const TicketId one = open_ticket(), two = open_ticket();
  see("anna@x", "the pump", {one, kStart, false});
  see("anna@x", "the pump", {two, kStart + 1s, true});
  EXPECT_THAT(seen("anna@x", "the pump"),
              ElementsAre(Sighting{two, kStart + 1s, true}, Sighting{one, kStart, false}));
  EXPECT_THAT(seen("anna@x", "the car"), IsEmpty());
  EXPECT_THAT(seen("bo@x", "the pump"), IsEmpty());
}

TEST_F(Parties, OfSeveralMailsTheNewestTimeCountsAndWhetherAllWereReplies) {
  const TicketId one = open_ticket();
  see("anna@x", "the pump", {one, kStart + 5s, true});
  see("anna@x", "the pump", {one, kStart, true});
  EXPECT_THAT(seen("anna@x", "the pump"), ElementsAre(Sighting{one, kStart + 5s, true}));
  see("anna@x", "the pump", {one, kStart, false});
  EXPECT_THAT(seen("anna@x", "the pump"), ElementsAre(Sighting{one, kStart + 5s, false}));
}

TEST_F(Parties, AreKnownInTheTicketThatTheirsWentUpIn) {
  const TicketId one = open_ticket(), two = open_ticket();
  see("anna@x", "", {two, kStart, false});
  must([&](WriteTxn& txn) { return txn.merge_ticket(two, one, {"", "one", kStart}); });
  const bool known = ask([&](const ReadTxn& txn) {
    auto ticket = txn.ticket(one);
    return ticket.ok() && txn.sighted("support", "anna@x", *ticket);
  });
  EXPECT_TRUE(known);
  EXPECT_THAT(seen("anna@x", ""), ElementsAre(Sighting{one, kStart, false}));
}

TEST_F(Parties, ATicketsProofIsItsOwnAndOfThisStore) {
  const auto proof = [&](TicketId id) {
    return ask([&](const ReadTxn& txn) { return txn.ticket_proof(id); });
  };
  const std::string one = proof(TicketId(1));
  EXPECT_EQ(one.size(), 10U);
  EXPECT_EQ(one.find_first_not_of("abcdefghijklmnopqrstuvwxyz234567"), std::string::npos);
  EXPECT_NE(one, proof(TicketId(2)));
  reopen();
  EXPECT_EQ(one, proof(TicketId(1)));
}

class Clues : public StoreTest {};

TEST_F(Clues, AMessageIdIsFoundWhateverTheCaseOfItsDomainAndByItsFormerNames) {
  const TicketId ticket = open_ticket();
  const MessageId id = accept();
  Sorted sorted{ticket, "no known reference", {}, kStart};
  sorted.reading.message_id = "AbC@Mail.Example";
  sorted.reading.former_ids = {"old@pc"};
  sorted.reading.thread_index = "0011";
  must([&](WriteTxn& txn) { return txn.put_sorted(id, sorted); });
  const auto found = [&](std::string_view message_id) {
    return ask([&](const ReadTxn& txn) { return txn.ticket_of_message_id("support", message_id); });
  };
  EXPECT_THAT(found("AbC@mail.example"), Optional(ticket));
  EXPECT_THAT(found("old@pc"), Optional(ticket));
  EXPECT_EQ(found("abc@mail.example"), std::nullopt) << "the local part is its host's to read";
  const auto conversation = [&](std::string_view desk, std::string_view index) {
    return ask([&](const ReadTxn& txn) { return txn.ticket_of_conversation(desk, index); });
  };
  EXPECT_THAT(conversation("support", "0011"), Optional(ticket));
  EXPECT_EQ(conversation("sales", "0011"), std::nullopt);
  EXPECT_EQ(conversation("support", ""), std::nullopt);
}

}  // namespace
}  // namespace beredd::store

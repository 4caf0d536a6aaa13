// What the desk writes, and messages that move from one ticket to another.
#include "store_fixture.h"

namespace beredd::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;
using testing::SizeIs;

class DeskMessages : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    ticket_ = open_ticket();
  }
  base::Result<MessageId> add(Direction direction, std::string author, TicketId ticket,
                              std::string message_id = {}) {
    const WrittenBody body = write_body(*store_, "Subject: re\r\n\r\nfixed\r\n");
    base::Result<MessageId> added = base::bug("not run");
    const base::Status status = write([&](WriteTxn& txn) -> base::Status {
      if (base::Status put = put_all(txn, body.chunks); !put) return put;
      Message message = message_of(body.ref, kStart + 1h);
      message.direction = direction;
      message.source = Source::staff;
      message.author = author;
      Sorted sorted{ticket, "a note", {}, {}};
      sorted.reading.message_id = message_id;
      sorted.reading.text = "fixed";
      added = txn.add_message(message, sorted);
      return added ? base::Status() : added.error();
    });
    if (!status) return status.error();
    return added;
  }
  void sort(MessageId id, TicketId ticket, std::string message_id, MessageId copy_of = {}) {
    Sorted sorted{ticket, "no known reference", {}, kStart};
    sorted.reading.message_id = std::move(message_id);
    sorted.copy_of = copy_of;
    must([&](WriteTxn& txn) { return txn.put_sorted(id, sorted); });
  }
  base::Status move(MessageId id, TicketId into) {
    return write([&](WriteTxn& txn) {
      return txn.move_message(id, into, {"anna", "another matter", kStart + 1h});
    });
  }
  std::vector<MessageId> messages_of(TicketId ticket) {
    return ask([&](const ReadTxn& txn) { return txn.messages_of(ticket); });
  }
  std::optional<TicketId> leads_to(std::string_view message_id) {
    return ask([&](const ReadTxn& txn) { return txn.ticket_of_message_id("support", message_id); });
  }

  TicketId ticket_;
};

TEST_F(DeskMessages, ANoteIsTheTicketsLastMessageAndWaitsForNothing) {
  const MessageId first = accept();
  sort(first, ticket_, "first@x");
  const auto note = add(Direction::note, "anna", ticket_);
  ASSERT_TRUE(note.ok()) << base::to_string(note.error());
  EXPECT_THAT(messages_of(ticket_), ElementsAre(first, *note));
  EXPECT_THAT(ask([](const ReadTxn& txn) { return txn.unsorted({}, 10); }), IsEmpty());
  EXPECT_EQ(counts().waiting(), 0U);
  const JournalEntry entry = journal().back();
  EXPECT_EQ(entry.what, "noted");
  EXPECT_EQ(entry.who, "anna");
  EXPECT_EQ(entry.message, *note);
  EXPECT_EQ(entry.ticket, ticket_);
  EXPECT_EQ(entry.at, kStart + 1h);
}

TEST_F(DeskMessages, AnAnswerIsFoundAgainWithItsAuthorAndAnswersToItFindTheTicket) {
  const auto answer = add(Direction::out, "anna", ticket_, "ours@x");
  ASSERT_TRUE(answer.ok());
  reopen();
  const auto message = ask([&](const ReadTxn& txn) { return txn.message(*answer); });
  ASSERT_TRUE(message.ok());
  EXPECT_EQ(message->author, "anna");
  EXPECT_EQ(message->direction, Direction::out);
  EXPECT_EQ(ask([&](const ReadTxn& txn) { return txn.chunk(message->body, 0); }).value_or(""),
            "Subject: re\r\n\r\nfixed\r\n");
  const auto sorted = ask([&](const ReadTxn& txn) { return txn.sorted(*answer); });
  ASSERT_TRUE(sorted.ok() && sorted->has_value());
  EXPECT_EQ((*sorted)->reading.text, "fixed");
  EXPECT_EQ((*sorted)->at, kStart + 1h);
  EXPECT_THAT(leads_to("ours@x"), Optional(ticket_));
  EXPECT_EQ(journal().back().what, "written");
}

TEST_F(DeskMessages, OnlyWhatSomebodyAtTheDeskWroteIsAdded) {
  EXPECT_THAT(add(Direction::in, "anna", ticket_), FailsWith(base::Code::invalid));
  EXPECT_THAT(add(Direction::note, "", ticket_), FailsWith(base::Code::invalid));
  EXPECT_THAT(add(Direction::note, "anna", TicketId(99)), FailsWith(base::Code::not_found));
  EXPECT_THAT(add(Direction::note, "anna", open_ticket("sales")), FailsWith(base::Code::conflict));
  EXPECT_THAT(messages_of(ticket_), IsEmpty());
}

TEST_F(DeskMessages, ANoteToATicketThatWentUpInAnotherIsTheOthers) {
  const TicketId gone = open_ticket();
  must([&](WriteTxn& txn) { return txn.merge_ticket(gone, ticket_, {"", "one", kStart}); });
  const auto note = add(Direction::note, "anna", gone);
  ASSERT_TRUE(note.ok());
  EXPECT_THAT(messages_of(ticket_), ElementsAre(*note));
}

TEST_F(DeskMessages, AMessageMovesWithItsCopiesAndWithWhatWaitsOfIt) {
  const MessageId first = enqueue(ticket_), second = enqueue(ticket_, kStart + 1s);
  const MessageId copy = accept("raw", kStart + 2s);
  sort(first, ticket_, "first@x");
  sort(second, ticket_, "second@x");
  sort(copy, ticket_, "second@x", second);
  const TicketId other = open_ticket();
  ASSERT_TRUE(move(second, other).ok());
  EXPECT_THAT(messages_of(ticket_), ElementsAre(first));
  EXPECT_THAT(messages_of(other), ElementsAre(second, copy));
  EXPECT_EQ(delivery(second).ticket, other);
  const auto lanes = this->lanes(kStart + 1h);
  ASSERT_THAT(lanes, SizeIs(2));
  EXPECT_EQ(lanes[1].ticket, other);
  EXPECT_EQ(lanes[1].head, second);
  EXPECT_THAT(leads_to("second@x"), Optional(other));
  EXPECT_THAT(leads_to("first@x"), Optional(ticket_));
}

TEST_F(DeskMessages, BothTicketsTellOfTheMove) {
  const MessageId id = accept();
  sort(id, ticket_, "first@x");
  const TicketId other = open_ticket();
  ASSERT_TRUE(move(id, other).ok());
  for (const TicketId ticket : {ticket_, other}) {
    const auto history = ask([&](const ReadTxn& txn) { return txn.history(ticket, {}, 100); });
    ASSERT_TRUE(history.ok());
    ASSERT_FALSE(history->empty());
    EXPECT_EQ(history->back().what, "moved");
    EXPECT_EQ(history->back().who, "anna");
    EXPECT_EQ(history->back().message, id);
  }
}

TEST_F(DeskMessages, WhatIsBeingOfferedACopyOrOfAnotherDeskDoesNotMove) {
  const MessageId first = enqueue(ticket_);
  sort(first, ticket_, "first@x");
  const MessageId copy = accept("raw", kStart + 2s);
  sort(copy, ticket_, "first@x", first);
  const TicketId other = open_ticket();
  EXPECT_THAT(move(copy, other), FailsWith(base::Code::conflict));
  EXPECT_THAT(move(first, ticket_), FailsWith(base::Code::conflict));
  EXPECT_THAT(move(first, open_ticket("sales")), FailsWith(base::Code::conflict));
  must([&](WriteTxn& txn) { return txn.offer(first, "helpdesk", kStart); });
  EXPECT_THAT(move(first, other), FailsWith(base::Code::conflict));
  must([&](WriteTxn& txn) { return txn.acknowledge(first, "helpdesk", "250", kStart); });
  EXPECT_TRUE(move(first, other).ok());
  EXPECT_THAT(messages_of(ticket_), IsEmpty());
}

}  // namespace
}  // namespace beredd::store

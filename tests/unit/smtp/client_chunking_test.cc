// The client's BDAT (RFC 3030), step by step. The dialogues as a whole are in
// tests/data/smtp/client_chunking*.

#include "smtp_client_trace.h"

#include <string>

#include <gtest/gtest.h>

namespace beredd::smtp {
namespace {

using Kind = Outcome::Kind;

Transaction transaction(const std::string& from = "a@b") {
  Transaction transaction;
  transaction.envelope.reverse_path = *mail::parse_mailbox(from);
  transaction.envelope.forward_paths.push_back(*mail::parse_mailbox("c@d"));
  return transaction;
}

template <typename T>
T expect_event(ClientSession& session) {
  ClientEvent event = session.next();
  EXPECT_TRUE(std::holds_alternative<T>(event)) << "event number " << event.index();
  return std::holds_alternative<T>(event) ? std::get<T>(std::move(event)) : T{};
}

// A session whose transaction 0 is to send its message, and transaction 1 waits.
class Chunking : public ::testing::Test {
 protected:
  void begin(const std::string& offers = "250-PIPELINING\r\n250 CHUNKING\r\n") {
    session.begin(transaction());
    session.begin(transaction("next@b"));
    session.receive("220 hi\r\n250-mx\r\n" + offers);
    expect_event<Send>(session);
    expect_event<Ready>(session);
    for (ClientEvent event; !std::holds_alternative<SendBody>(event); event = session.next()) {
      if (std::holds_alternative<AwaitInput>(event)) session.receive("250 ok\r\n");
    }
    expect_event<AwaitInput>(session);
  }
  std::string kind_of(std::size_t index) {
    const auto finished = expect_event<Finished>(session);
    EXPECT_EQ(finished.index, index);
    return std::string(testing::name_of(finished.outcome.kind)) + " " + finished.outcome.words;
  }

  ClientSession session{{"me.example", TlsPolicy::off, 4, 2}};
  const std::string next_commands = "RSET\r\nMAIL FROM:<next@b>\r\nRCPT TO:<c@d>\r\n";
};

TEST_F(Chunking, AFullChunkLeavesOnceItIsKnownNotToBeTheLast) {
  begin();
  EXPECT_EQ(session.body("abcd"), "");
  EXPECT_EQ(session.body("e"), "BDAT 4\r\nabcd");
  EXPECT_EQ(session.end_body(), "BDAT 1 LAST\r\ne" + next_commands);
}

TEST_F(Chunking, TheWindowStopsTheHostAndAReplyCallsItAgain) {
  begin();
  EXPECT_EQ(session.body("abcdefgh"), "BDAT 4\r\nabcd");
  EXPECT_TRUE(session.takes_body());
  EXPECT_EQ(session.body("ijklmnop"), "BDAT 4\r\nefgh");
  EXPECT_FALSE(session.takes_body());
  expect_event<AwaitInput>(session);
  session.receive("250 4 octets\r\n");
  EXPECT_EQ(expect_event<SendBody>(session).index, 0u);
  EXPECT_TRUE(session.takes_body());
  EXPECT_EQ(session.body("q"), "BDAT 4\r\nijkl") << "what had to wait leaves first";
}

TEST_F(Chunking, WhatHadToWaitLeavesWithoutTheHost) {
  begin();
  session.body("abcdefghijklm");
  EXPECT_EQ(session.end_body(), "") << "two chunks are on their way";
  EXPECT_FALSE(session.takes_body());
  expect_event<AwaitInput>(session);
  session.receive("250 one\r\n");
  EXPECT_EQ(expect_event<Send>(session).bytes, "BDAT 4\r\nijkl");
  expect_event<AwaitInput>(session);
  session.receive("250 two\r\n");
  EXPECT_EQ(expect_event<Send>(session).bytes, "BDAT 1 LAST\r\nm" + next_commands);
  session.receive("250 three\r\n250 taken\r\n");
  EXPECT_EQ(kind_of(0), "acknowledged 250 taken");
}

TEST_F(Chunking, WithoutPipeliningOneChunkIsUnderWayAtATime) {
  begin("250 CHUNKING\r\n");
  EXPECT_EQ(session.body("abcdefghi"), "BDAT 4\r\nabcd");
  EXPECT_FALSE(session.takes_body());
  session.receive("250 ok\r\n");
  expect_event<SendBody>(session);
  EXPECT_EQ(session.end_body(), "BDAT 4\r\nefgh");
  expect_event<AwaitInput>(session);
  session.receive("250 ok\r\n");
  EXPECT_EQ(expect_event<Send>(session).bytes, "BDAT 1 LAST\r\ni");
  session.receive("250 taken\r\n");
  EXPECT_EQ(kind_of(0), "acknowledged 250 taken");
  EXPECT_EQ(expect_event<Send>(session).bytes, "MAIL FROM:<next@b>\r\n") << "nothing to clear";
}

TEST_F(Chunking, AfterARefusalNoOctetLeaves) {
  begin();
  session.body("abcdefgh");
  session.receive("552 5.3.4 too big\r\n");
  EXPECT_EQ(kind_of(0), "refused 552 5.3.4 too big");
  EXPECT_FALSE(session.takes_body());
  EXPECT_EQ(session.body("ijklmnop"), "");
  EXPECT_EQ(session.end_body(), "");
  EXPECT_EQ(expect_event<Send>(session).bytes, next_commands);
}

TEST_F(Chunking, ARefusalWaitsForTheRepliesToWhatIsUnderWay) {
  begin();
  session.body("abcdefghijkl");
  session.receive("451 4.3.0 disk\r\n");
  expect_event<AwaitInput>(session);
  session.receive("503 5.5.1 an earlier one was refused\r\n");
  EXPECT_EQ(kind_of(0), "deferred 451 4.3.0 disk");
}

TEST_F(Chunking, ARefusedChunkIsNotHealedByTheLastOnesReply) {
  begin();
  session.body("abcde");
  session.end_body();
  session.receive("451 4.3.0 disk\r\n250 taken\r\n");
  EXPECT_EQ(kind_of(0), "deferred 451 4.3.0 disk");
}

TEST_F(Chunking, ALastChunkRefusedWithNothingBehindItIsClearedBeforeTheNextMail) {
  begin("250 CHUNKING\r\n");
  EXPECT_EQ(session.end_body(), "BDAT 0 LAST\r\n");
  session.receive("554 5.6.0 empty\r\n");
  EXPECT_EQ(kind_of(0), "refused 554 5.6.0 empty");
  EXPECT_EQ(expect_event<Send>(session).bytes, "RSET\r\n");
  session.receive("250 flushed\r\n");
  EXPECT_EQ(expect_event<Send>(session).bytes, "MAIL FROM:<next@b>\r\n");
}

TEST_F(Chunking, ATransactionBegunLaterNeedsNoResetAfterSuccess) {
  begin();
  session.end_body();
  session.receive("250 taken\r\n250 flushed\r\n250 ok\r\n250 ok\r\n");
  kind_of(0);
  expect_event<SendBody>(session);
  session.end_body();
  session.receive("250 taken\r\n");
  kind_of(1);
  session.begin(transaction("later@b"));
  EXPECT_EQ(expect_event<Send>(session).bytes, "MAIL FROM:<later@b>\r\nRCPT TO:<c@d>\r\n");
}

TEST_F(Chunking, AQuestionBehindAnUnansweredChunkIsAskedAfterAReset) {
  begin("250-PIPELINING\r\n250-CHECKPOINT\r\n250 CHUNKING\r\n");
  session.end_body();
  session.receive("250 taken\r\n250 flushed\r\n250 ok\r\n250 ok\r\n");
  kind_of(0);
  expect_event<SendBody>(session);
  Transaction held = transaction("held@b");
  held.transaction_id = "1@x";
  session.ask(held);
  EXPECT_EQ(session.end_body(), "BDAT 0 LAST\r\nRSET\r\nMAIL FROM:<held@b> TRANSID=<1@x>\r\n");
}

TEST_F(Chunking, IsDeferredWhenLostBeforeTheLastChunkAndUnknownAfterIt) {
  begin();
  session.body("abcdefghijkl");
  session.lost("reset");
  EXPECT_EQ(kind_of(0), "deferred reset");
}

TEST_F(Chunking, IsUnknownWhenLostAfterTheLastChunk) {
  begin();
  session.body("abcde");
  session.end_body();
  session.receive("250 ok\r\n");
  expect_event<AwaitInput>(session);
  session.lost("reset");
  EXPECT_EQ(kind_of(0), "unknown reset");
  EXPECT_EQ(kind_of(1), "deferred reset");
}

TEST_F(Chunking, StaysDeferredWhenTheLastChunkHadToWaitForTheWindow) {
  begin();
  session.body("abcdefghijkl");
  session.end_body();
  session.lost("reset");
  EXPECT_EQ(kind_of(0), "deferred reset") << "it was ended, and its last chunk never left";
}

TEST_F(Chunking, AHeardRefusalStandsWhenTheConnectionBreaks) {
  begin();
  session.body("abcde");
  session.end_body();
  session.receive("554 5.6.0 no\r\n");
  expect_event<AwaitInput>(session);
  session.lost("reset");
  EXPECT_EQ(kind_of(0), "refused 554 5.6.0 no");
}

TEST_F(Chunking, AServerThatGoesAwaySaysLater) {
  begin();
  session.body("abcdefgh");
  session.receive("421 4.3.2 shutting down\r\n");
  EXPECT_EQ(kind_of(0), "deferred 421 4.3.2 shutting down");
  EXPECT_EQ(kind_of(1), "deferred 421 4.3.2 shutting down");
  EXPECT_EQ(expect_event<Over>(session).why, "421 4.3.2 shutting down");
}

TEST_F(Chunking, AReplyBeforeTheFirstChunkEndsTheSession) {
  begin();
  session.receive("554 5.7.1 go away\r\n");
  EXPECT_EQ(kind_of(0), "refused 554 5.7.1 go away");
  EXPECT_EQ(kind_of(1), "deferred 554 5.7.1 go away");
  EXPECT_EQ(expect_event<Over>(session).why, "554 5.7.1 go away");
}

TEST_F(Chunking, A354IsNoReplyToAChunk) {
  begin();
  session.body("abcde");
  session.receive("354 go on\r\n");
  EXPECT_EQ(kind_of(0), "deferred no reply to BDAT: 354 go on");
}

// A filter before the server may let the offer through and not the command: then the message itself
// is read as commands, and whoever wrote it would be speaking.
TEST_F(Chunking, AServerThatKnowsNoBdatIsLeftAtOnceAndTheMailWaits) {
  begin();
  session.body("abcdefghi");
  session.receive("502 5.5.1 what\r\n500 5.5.1 abcd\r\n");
  EXPECT_EQ(kind_of(0), "deferred the server offers CHUNKING and knows no BDAT: 502 5.5.1 what");
  EXPECT_EQ(kind_of(1), "deferred the server offers CHUNKING and knows no BDAT: 502 5.5.1 what");
  expect_event<Over>(session);
}

TEST_F(Chunking, NorIsALastChunkThatWasNoCommandARefusal) {
  begin();
  session.end_body();
  session.receive("500 5.5.1 what\r\n");
  EXPECT_EQ(kind_of(0), "deferred the server offers CHUNKING and knows no BDAT: 500 5.5.1 what");
}

TEST_F(Chunking, AMessageThatCannotBeReadToItsEndGetsNoLastChunk) {
  begin();
  session.body("abcdefgh");
  session.abort_body("chunk 1 does not open");
  EXPECT_EQ(kind_of(0), "deferred chunk 1 does not open");
  EXPECT_EQ(session.end_body(), "");
}

TEST_F(Chunking, IsNotUsedWhereItIsNotOffered) {
  session.begin(transaction());
  session.receive("220 hi\r\n250-mx\r\n250 PIPELINING\r\n");
  expect_event<Send>(session);
  expect_event<Ready>(session);
  EXPECT_EQ(expect_event<Send>(session).bytes, "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n");
  session.receive("250 ok\r\n250 ok\r\n354 go\r\n");
  expect_event<SendBody>(session);
  EXPECT_TRUE(session.takes_body());
  EXPECT_EQ(session.body("no end"), "no end");
  EXPECT_EQ(session.end_body(), "\r\n.\r\n");
  EXPECT_FALSE(session.takes_body());
}

}  // namespace
}  // namespace beredd::smtp

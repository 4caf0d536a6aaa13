#include "beredd/remote/smtp_target.h"

#include "target_fixture.h"

#include <gmock/gmock.h>

namespace beredd::remote {
namespace {

using namespace std::chrono_literals;
using base::Code;
using ::testing::Contains;
using ::testing::HasSubstr;

struct SmtpTargetTest : TargetTest {
  void start_and_open() {
    primary.start();
    const auto status = open();
    ASSERT_TRUE(status.ok()) << status.error().detail;
  }
};

TEST_F(SmtpTargetTest, HandsOverTheTraceAndTheBytesAndKeepsTheirWords) {
  primary.on_accept = [](const Primary::Mail&) {
    return smtp::reply(250, "2.0.0", "queued as ABC123");
  };
  start_and_open();
  const auto fate = hand_over_one(parcel(1, {"Subject: x\r\n\r\n", ".dot\r\n..two\r\n"}));
  EXPECT_EQ(fate.kind, Kind::acknowledged);
  EXPECT_EQ(fate.words, "250 2.0.0 queued as ABC123");
  ASSERT_EQ(primary.kept.size(), 1u);
  EXPECT_EQ(primary.kept[0].from, "customer1@a.example");
  EXPECT_EQ(primary.kept[0].to, std::vector<std::string>{"support@b.example"});
  EXPECT_EQ(primary.kept[0].bytes,
            "Received: from a.example by mx2.example\r\nSubject: x\r\n\r\n.dot\r\n..two\r\n");
}

TEST_F(SmtpTargetTest, HandsOverAHundredMessagesInOrderOnOneConnection) {
  start_and_open();
  world.network().set_faults(at, {.fragment = true, .latency = 10ms});
  std::vector<io::Parcel> parcels;
  for (int i = 0; i < 100; ++i) parcels.push_back(parcel(i));
  for (const auto& fate : hand_over(std::move(parcels))) EXPECT_EQ(fate.kind, Kind::acknowledged);
  ASSERT_EQ(primary.kept.size(), 100u);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(primary.kept[static_cast<std::size_t>(i)].from,
              "customer" + std::to_string(i) + "@a.example");
  }
  EXPECT_EQ(primary.connections, 1);
}

// Two round trips a message (the final dot, with the next MAIL, RCPT, DATA behind it; then its
// body).
TEST_F(SmtpTargetTest, PipelinesSoThatAMessageTakesTwoRoundTrips) {
  start_and_open();
  world.network().set_faults(at, {.latency = 50ms});
  std::vector<io::Parcel> parcels;
  for (int i = 0; i < 20; ++i) parcels.push_back(parcel(i));
  const base::Instant before = world.clock().now();
  hand_over(std::move(parcels));
  EXPECT_LE(world.clock().now() - before, 21 * 2 * 2 * 50ms);
}

TEST_F(SmtpTargetTest, StreamsALongMessageWhole) {
  start_and_open();
  std::vector<std::string> chunks(100, std::string(60'000, 'x') + "\r\n");
  EXPECT_EQ(hand_over_one(parcel(1, chunks)).kind, Kind::acknowledged);
  ASSERT_EQ(primary.kept.size(), 1u);
  EXPECT_EQ(primary.kept[0].bytes.size(),
            std::string("Received: from a.example by mx2.example\r\n").size() + 100 * 60'002);
}

TEST_F(SmtpTargetTest, TellsLaterFromNever) {
  primary.on_accept = [](const Primary::Mail& mail) {
    if (mail.from.starts_with("customer1@")) return smtp::reply(451, "4.3.0", "try later");
    if (mail.from.starts_with("customer2@")) return smtp::reply(554, "5.6.0", "never");
    return smtp::reply(250, "", "ok");
  };
  primary.on_recipient = [](const Primary::Mail& mail) {
    if (mail.from.starts_with("customer3@")) return smtp::reply(550, "5.1.1", "no such mailbox");
    return smtp::reply(250, "", "ok");
  };
  start_and_open();
  std::vector<io::Parcel> parcels;
  for (int i = 1; i <= 4; ++i) parcels.push_back(parcel(i));
  const auto given = hand_over(std::move(parcels));
  ASSERT_EQ(given.size(), 4u);
  EXPECT_EQ(given[0].kind, Kind::deferred);
  EXPECT_EQ(given[0].words, "451 4.3.0 try later");
  EXPECT_TRUE(given[0].their_fault);
  EXPECT_EQ(given[1].kind, Kind::refused);
  EXPECT_EQ(given[2].kind, Kind::refused);
  EXPECT_EQ(given[2].words, "550 5.1.1 no such mailbox");
  EXPECT_EQ(given[3].kind, Kind::acknowledged);
  EXPECT_TRUE(session->alive());
}

TEST_F(SmtpTargetTest, TellsTheFateOfATooLargeMessageInItsTurn) {
  primary.options.max_message_size = base::Bytes(1000);
  start_and_open();
  world.network().set_faults(at, {.latency = 10ms});
  std::vector<io::Parcel> parcels;
  parcels.push_back(parcel(1));
  parcels.push_back(parcel(2, {std::string(2000, 'x') + "\r\n"}));
  parcels.push_back(parcel(3));
  const auto given = hand_over(std::move(parcels));
  ASSERT_EQ(given.size(), 3u);
  EXPECT_EQ(given[0].kind, Kind::acknowledged);
  EXPECT_EQ(given[1].kind, Kind::refused);
  EXPECT_THAT(given[1].words, HasSubstr("too large"));
  EXPECT_EQ(given[2].kind, Kind::acknowledged);
}

// --- lost connections

TEST_F(SmtpTargetTest, AConnectionLostAfterTheFinalDotLeavesTheFateUnknown) {
  start_and_open();
  world.network().set_faults(at, {.cut_after_text = "\r\n.\r\n"});
  std::vector<io::Parcel> parcels;
  parcels.push_back(parcel(1));
  parcels.push_back(parcel(2));
  const auto given = hand_over(std::move(parcels));
  EXPECT_EQ(primary.kept.size(), 1u);  // it did arrive
  ASSERT_EQ(given.size(), 2u);
  EXPECT_EQ(given[0].kind, Kind::unknown);
  EXPECT_EQ(given[1].kind, Kind::deferred);
  EXPECT_FALSE(session->alive());
}

TEST_F(SmtpTargetTest, AConnectionLostInTheMiddleOfTheDataIsOnlyLater) {
  start_and_open();
  world.network().set_faults(at, {.cut_to_server = 100'000});
  const std::vector<std::string> chunks(10, std::string(60'000, 'x') + "\r\n");
  const auto fate = hand_over_one(parcel(1, chunks));
  EXPECT_EQ(fate.kind, Kind::deferred);
  EXPECT_THAT(fate.words, HasSubstr("the connection was lost"));
  EXPECT_FALSE(session->alive());
  EXPECT_TRUE(primary.kept.empty());
}

TEST_F(SmtpTargetTest, AnIdleConnectionThatBrokeIsOnlyLater) {
  start_and_open();
  world.network().cut(at);
  EXPECT_EQ(hand_over_one(parcel(1)).kind, Kind::deferred);
  EXPECT_FALSE(session->alive());
  EXPECT_EQ(hand_over_one(parcel(2)).kind, Kind::deferred);
}

TEST_F(SmtpTargetTest, SilenceAfterTheFinalDotIsUnknownAfterTheTimeout) {
  start_and_open();
  primary.on_accept = [this](const Primary::Mail&) {
    world.network().set_faults(at, {.hang = true});
    return smtp::reply(250, "", "ok");
  };
  const base::Instant before = world.clock().now();
  const auto fate = hand_over_one(parcel(1));
  EXPECT_EQ(fate.kind, Kind::unknown);
  EXPECT_EQ(fate.words, "no answer within 5m");
  EXPECT_EQ(world.clock().now() - before, 5min);
}

TEST_F(SmtpTargetTest, AShutdownReplyEndsTheSessionWithTheirWords) {
  primary.on_mail = [](const Primary::Mail&) { return smtp::reply(421, "4.3.2", "shutting down"); };
  start_and_open();
  std::vector<io::Parcel> parcels;
  parcels.push_back(parcel(1));
  parcels.push_back(parcel(2));
  const auto given = hand_over(std::move(parcels));
  ASSERT_EQ(given.size(), 2u);
  EXPECT_EQ(given[0].kind, Kind::deferred);
  EXPECT_EQ(given[0].words, "421 4.3.2 shutting down");
  EXPECT_EQ(given[1].kind, Kind::deferred);
  EXPECT_FALSE(session->alive());
}

// --- our own store

TEST_F(SmtpTargetTest, AMessageThatCannotBeReadIsOurFaultAndNeverSentInHalf) {
  start_and_open();
  io::Parcel broken = parcel(2, {"Subject: half\r\n\r\n", "never seen"});
  broken.chunk = [](std::uint32_t i) -> base::Result<std::string> {
    if (i == 0) return std::string("Subject: half\r\n\r\n");
    return base::permanent(Code::corrupt, "chunk 1 does not open");
  };
  std::vector<io::Parcel> parcels;
  parcels.push_back(parcel(1));
  parcels.push_back(std::move(broken));
  parcels.push_back(parcel(3));
  const auto given = hand_over(std::move(parcels));
  ASSERT_EQ(given.size(), 3u);
  EXPECT_EQ(given[0].kind, Kind::acknowledged);
  EXPECT_TRUE(given[0].their_fault);
  EXPECT_EQ(given[1].kind, Kind::deferred);
  EXPECT_FALSE(given[1].their_fault);
  EXPECT_THAT(given[1].words, HasSubstr("chunk 1 does not open"));
  EXPECT_EQ(given[2].kind, Kind::deferred);
  EXPECT_FALSE(given[2].their_fault);
  world.run_for(1h);
  EXPECT_EQ(primary.kept.size(), 1u);
  EXPECT_FALSE(session->alive());
}

// --- looking up

TEST_F(SmtpTargetTest, FindsWhatThePrimaryHoldsAndNothingElse) {
  primary.options.offer_checkpoint = true;
  start_and_open();
  EXPECT_EQ(hand_over_one(parcel(1)).kind, Kind::acknowledged);
  EXPECT_EQ(primary.kept[0].transaction_id, "4f1c2a9b.1@mx2.example");
  const auto found = look_up(parcel(1));
  EXPECT_EQ(found.found, io::LookUp::found);
  EXPECT_THAT(found.words, HasSubstr("355 "));
  EXPECT_EQ(look_up(parcel(2)).found, io::LookUp::absent);
  EXPECT_EQ(hand_over_one(parcel(2)).kind, Kind::acknowledged);
  EXPECT_EQ(look_up(parcel(2)).found, io::LookUp::found);
  EXPECT_EQ(primary.kept.size(), 2u);
}

TEST_F(SmtpTargetTest, OfferingAgainWhatThePrimaryHoldsDoublesNothing) {
  primary.options.offer_checkpoint = true;
  start_and_open();
  EXPECT_EQ(hand_over_one(parcel(1)).kind, Kind::acknowledged);
  const auto again = hand_over_one(parcel(1));
  EXPECT_EQ(again.kind, Kind::already);
  EXPECT_THAT(again.words, HasSubstr("355 "));
  EXPECT_EQ(primary.kept.size(), 1u);
}

TEST_F(SmtpTargetTest, LooksUpRightAfterARefusalThatIsBeingCleanedUp) {
  primary.options.offer_checkpoint = true;
  primary.on_recipient = [](const Primary::Mail&) { return smtp::reply(550, "", "no"); };
  start_and_open();
  EXPECT_EQ(hand_over_one(parcel(1)).kind, Kind::refused);
  EXPECT_EQ(look_up(parcel(1)).found, io::LookUp::absent);
}

TEST_F(SmtpTargetTest, CannotLookUpWithoutCheckpoint) {
  start_and_open();
  EXPECT_EQ(look_up(parcel(1)).found, io::LookUp::unsupported);
}

TEST_F(SmtpTargetTest, ALookUpWithoutAnAnswerHasFailed) {
  primary.options.offer_checkpoint = true;
  start_and_open();
  world.network().cut(at);
  const auto result = look_up(parcel(1));
  EXPECT_EQ(result.found, io::LookUp::failed);
  EXPECT_NE(result.words, "");
  EXPECT_FALSE(session->alive());
  EXPECT_EQ(look_up(parcel(1)).found, io::LookUp::failed);
}

// --- the end

TEST_F(SmtpTargetTest, SaysGoodbye) {
  start_and_open();
  finish();
  finish();
  EXPECT_THAT(primary.commands, Contains("QUIT"));
  EXPECT_FALSE(session->alive());
}

TEST_F(SmtpTargetTest, WaitsOnlyAMomentForAGoodbye) {
  start_and_open();
  world.network().set_faults(at, {.hang = true});
  const base::Instant before = world.clock().now();
  finish();
  EXPECT_LE(world.clock().now() - before, 5s);
}

}  // namespace
}  // namespace beredd::remote

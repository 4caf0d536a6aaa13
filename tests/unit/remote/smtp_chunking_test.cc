// A primary that offers CHUNKING (RFC 3030) gets its mail by BDAT.

#include "target_fixture.h"

#include <gmock/gmock.h>

#include "beredd/base/text.h"

namespace beredd::remote {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

struct SmtpChunkingTest : TargetTest {
  void start_and_open() {
    primary.options.offer_chunking = true;
    primary.start();
    ASSERT_TRUE(open().ok());
  }
  static std::string octets(std::size_t count) {
    std::string out;
    while (out.size() < count) out += "0123456789.\r\n.\r\nline\r\n";
    out.resize(count);
    if (out.ends_with('\r')) out.back() = 'x';
    return out;
  }
  static std::string wire(const io::Parcel& parcel) {
    std::string all = parcel.trace;
    for (std::uint32_t i = 0; i < parcel.chunks; ++i) all += *parcel.chunk(i);
    return all;
  }
  // How often a client's packet began with this.
  std::size_t said(std::string_view what) const {
    std::size_t count = 0;
    for (const std::string& line : primary.commands) {
      if (line.starts_with(what)) ++count;
    }
    return count;
  }
};

TEST_F(SmtpChunkingTest, AMessageWithoutAFinalLineEndArrivesAsItIs) {
  start_and_open();
  EXPECT_EQ(hand_over_one(parcel(1, {"Subject: x\r\n\r\n.\r\nno end"})).kind, Kind::acknowledged);
  ASSERT_EQ(primary.kept.size(), 1u);
  EXPECT_EQ(primary.kept[0].bytes,
            "Received: from a.example by mx2.example\r\nSubject: x\r\n\r\n.\r\nno end");
  EXPECT_EQ(said("DATA"), 0u);
}

TEST_F(SmtpChunkingTest, ByDataTheSameMessageGetsALineEnd) {
  primary.start();
  ASSERT_TRUE(open().ok());
  EXPECT_EQ(hand_over_one(parcel(1, {"Subject: x\r\n\r\nno end"})).kind, Kind::acknowledged);
  ASSERT_EQ(primary.kept.size(), 1u);
  EXPECT_THAT(primary.kept[0].bytes, HasSubstr("\r\n\r\nno end\r\n"));
  EXPECT_EQ(said("BDAT"), 0u);
}

TEST_F(SmtpChunkingTest, AMessageOfAnySizeArrivesByteForByte) {
  start_and_open();
  int number = 0;
  for (const std::size_t size : {0u, 1u, 65'495u, 65'496u, 65'497u, 200'000u, 3'000'000u}) {
    std::vector<std::string> chunks;
    const std::string message = octets(size);
    for (std::size_t n = 0; n < size; n += 65'504) chunks.push_back(message.substr(n, 65'504));
    const io::Parcel sent = parcel(++number, std::move(chunks));
    EXPECT_EQ(hand_over_one(sent).kind, Kind::acknowledged) << size;
    EXPECT_TRUE(primary.kept.back().bytes == wire(sent)) << size;
  }
  EXPECT_EQ(primary.connections, 1);
}

TEST_F(SmtpChunkingTest, ManyMessagesGoInOrderOnOneConnection) {
  start_and_open();
  std::vector<io::Parcel> parcels;
  std::vector<std::string> wires;
  for (int i = 0; i < 50; ++i) {
    parcels.push_back(
        parcel(i, {octets(static_cast<std::size_t>(i) * 5'000), "end" + std::to_string(i)}));
    wires.push_back(wire(parcels.back()));
  }
  for (const auto& fate : hand_over(std::move(parcels))) {
    EXPECT_EQ(fate.kind, Kind::acknowledged);
  }
  ASSERT_EQ(primary.kept.size(), 50u);
  for (std::size_t i = 0; i < 50; ++i) EXPECT_TRUE(primary.kept[i].bytes == wires[i]) << i;
  EXPECT_EQ(primary.connections, 1);
}

TEST_F(SmtpChunkingTest, AMessageTakesOneRoundTripBehindAnother) {
  start_and_open();
  world.network().set_faults(at, {.latency = 100ms});
  const auto before = world.clock().now();
  std::vector<io::Parcel> parcels;
  for (int i = 0; i < 10; ++i) parcels.push_back(parcel(i));
  hand_over(std::move(parcels));
  EXPECT_EQ(primary.kept.size(), 10u);
  // MAIL and RCPT of the first, then a message and the next one's commands at a time.
  EXPECT_LE(world.clock().now() - before, 11 * 200ms);
}

TEST_F(SmtpChunkingTest, ARefusalInTheMiddleIsHeardBeforeTheWholeHasLeftAndTheConnectionGoesOn) {
  primary.options.max_message_size = base::kibibytes(256);
  start_and_open();
  int read = 0;
  io::Parcel large = parcel(1, std::vector<std::string>(160, octets(65'504)));
  large.size = base::Bytes(1);  // or it would not even be begun
  large.chunk = [inner = large.chunk, &read](std::uint32_t i) {
    ++read;
    return inner(i);
  };
  std::vector<io::Parcel> parcels;
  parcels.push_back(std::move(large));
  parcels.push_back(parcel(2));
  const auto given = hand_over(std::move(parcels));
  ASSERT_EQ(given.size(), 2u);
  EXPECT_EQ(given[0].kind, Kind::refused);
  EXPECT_THAT(given[0].words, HasSubstr("552 5.3.4"));
  EXPECT_EQ(given[1].kind, Kind::acknowledged);
  EXPECT_LT(read, 20) << "10 MiB were to be sent";
  ASSERT_EQ(primary.kept.size(), 1u);
  EXPECT_EQ(primary.connections, 1);
}

TEST_F(SmtpChunkingTest, ALastChunkRefusedIsLaterOrNever) {
  start_and_open();
  primary.on_accept = [](const Primary::Mail& mail) {
    if (mail.from.starts_with("customer1@")) return smtp::reply(451, "4.3.0", "disk");
    if (mail.from.starts_with("customer2@")) return smtp::reply(554, "5.6.0", "spam");
    return smtp::reply(250, "2.0.0", "taken");
  };
  std::vector<io::Parcel> parcels;
  for (int i = 1; i <= 3; ++i) parcels.push_back(parcel(i));
  const auto given = hand_over(std::move(parcels));
  ASSERT_EQ(given.size(), 3u);
  EXPECT_EQ(given[0].kind, Kind::deferred);
  EXPECT_EQ(given[1].kind, Kind::refused);
  EXPECT_EQ(given[2].kind, Kind::acknowledged);
  EXPECT_TRUE(session->alive());
}

TEST_F(SmtpChunkingTest, AConnectionLostAfterTheLastChunkLeavesTheFateUnknown) {
  start_and_open();
  primary.on_accept = [this](const Primary::Mail&) {
    world.network().cut(at);
    return smtp::reply(250, "", "nobody hears this");
  };
  EXPECT_EQ(hand_over_one(parcel(1)).kind, Kind::unknown);
  EXPECT_FALSE(session->alive());
}

TEST_F(SmtpChunkingTest, SilenceAfterTheLastChunkIsUnknownAfterTheTimeout) {
  start_and_open();
  primary.on_accept = [this](const Primary::Mail&) {
    world.network().set_faults(at, {.hang = true});
    return smtp::reply(250, "", "ok");
  };
  const auto fate = hand_over_one(parcel(1));
  EXPECT_EQ(fate.kind, Kind::unknown);
  EXPECT_EQ(fate.words, "no answer within 5m");
}

TEST_F(SmtpChunkingTest, AConnectionLostBetweenTheChunksIsOnlyLater) {
  start_and_open();
  io::Parcel large = parcel(1, std::vector<std::string>(40, octets(65'504)));
  large.chunk = [this, inner = large.chunk](std::uint32_t i) {
    if (i == 20) world.network().cut(at);
    return inner(i);
  };
  EXPECT_EQ(hand_over_one(std::move(large)).kind, Kind::deferred);
  EXPECT_TRUE(primary.kept.empty());
}

TEST_F(SmtpChunkingTest, AMessageThatCannotBeReadIsOurFaultAndNeverSentInHalf) {
  start_and_open();
  io::Parcel broken = parcel(1, std::vector<std::string>(5, octets(65'504)));
  broken.chunk = [inner = broken.chunk](std::uint32_t i) -> base::Result<std::string> {
    if (i < 4) return inner(i);
    return base::permanent(base::Code::corrupt, "chunk 4 does not open");
  };
  const auto fate = hand_over_one(std::move(broken));
  EXPECT_EQ(fate.kind, Kind::deferred);
  EXPECT_FALSE(fate.their_fault);
  world.run_for(1h);
  EXPECT_TRUE(primary.kept.empty());
}

TEST_F(SmtpChunkingTest, OfferingAgainWhatThePrimaryHoldsDoublesNothing) {
  primary.options.offer_checkpoint = true;
  start_and_open();
  EXPECT_EQ(hand_over_one(parcel(1, {"Subject: x\r\n\r\nno end"})).kind, Kind::acknowledged);
  EXPECT_EQ(hand_over_one(parcel(1, {"Subject: x\r\n\r\nno end"})).kind, Kind::already);
  EXPECT_EQ(look_up(parcel(1, {"Subject: x\r\n\r\nno end"})).found, io::LookUp::found);
  EXPECT_EQ(primary.kept.size(), 1u);
}

}  // namespace
}  // namespace beredd::remote

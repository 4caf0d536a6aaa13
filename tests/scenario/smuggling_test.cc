// SMTP smuggling through the whole house: packets that end where it hurts, and what the primary has
// of it in the end. The exhaustive cuts are in tests/unit/smtp.

#include "packets.h"

#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::scenario {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

const std::string kEnvelope = "MAIL FROM:<a@b.example>\r\nRCPT TO:<support@help.example>\r\n";
const std::string kSmuggled =
    "MAIL FROM:<boss@help.example>\r\nRCPT TO:<support@help.example>\r\nDATA\r\n"
    "Subject: smuggled\r\n\r\nx\r\n";
const std::string_view kFalseEnds[] = {"\n.\n",   "\n.\r\n", "\r.\r\n", "\r.\r",
                                       "\r\n.\n", "\r\n.\r", "\n.\r",   "\r.\n"};

class Smuggling : public testing::Test {
 protected:
  ~Smuggling() override { primary.leave(); }  // before its world ends

  std::string hear(std::vector<std::string> packets) {
    return hear_in_packets(world, "203.0.113.9", std::move(packets));
  }
  void nothing_came_of(const std::string& heard, const std::string& what) {
    EXPECT_THAT(heard, AllOf(HasSubstr("\r\n550 5.6.11"), HasSubstr("\r\n221 "),
                             Not(HasSubstr("taken as"))))
        << what;
    world.run_for(10s);
    EXPECT_TRUE(primary.kept.empty()) << what;
    EXPECT_TRUE(house.tickets().empty()) << what;
  }

  Folder folder;
  SimulatedPrimary primary;
  simulation::World world{37};
  House house{world, folder, outage_config(), primary};
};

TEST_F(Smuggling, BehindAFalseEndThatPacketsPartFails) {
  for (const std::string_view end : kFalseEnds) {
    for (std::size_t at = 0; at <= end.size(); ++at) {
      const std::string heard =
          hear({"EHLO c\r\n" + kEnvelope + "DATA\r\n",
                "Subject: carrier\r\n\r\nx" + std::string(end.substr(0, at)),
                std::string(end.substr(at)) + kSmuggled + ".\r\n", "QUIT\r\n"});
      nothing_came_of(heard, fmt::format("end {} parted at {}", end, at));
    }
  }
}

TEST_F(Smuggling, BehindAFalseEndThatChunksPartFails) {
  for (const std::string_view end : kFalseEnds) {
    for (std::size_t at = 0; at <= end.size(); ++at) {
      const std::string first = "Subject: carrier\r\n\r\nx" + std::string(end.substr(0, at));
      const std::string second = std::string(end.substr(at)) + kSmuggled + ".\r\n";
      const std::string heard =
          hear({"EHLO c\r\n" + kEnvelope + fmt::format("BDAT {}\r\n", first.size()), first,
                fmt::format("BDAT {} LAST\r\n", second.size()), second + "QUIT\r\n"});
      nothing_came_of(heard, fmt::format("end {} parted at {}", end, at));
    }
  }
}

// A chunk is as long as it says: a true end of data in it is text, and what follows is, too.
TEST_F(Smuggling, BehindATrueEndWithinAChunkFails) {
  const std::string text = "Subject: carrier\r\n\r\nx\r\n.\r\n" + kSmuggled + ".\r\n";
  const std::string heard = hear({"EHLO c\r\n" + kEnvelope,
                                  fmt::format("BDAT {} LAST\r\n", text.size()) + text.substr(0, 25),
                                  text.substr(25) + "QUIT\r\n"});
  EXPECT_THAT(heard, AllOf(HasSubstr("taken as"), EndsWith("(closed)")));
  world.run_for(10s);
  ASSERT_EQ(primary.kept.size(), 1U);
  EXPECT_EQ(below_trace(primary.kept[0].bytes), text);
}

TEST_F(Smuggling, OfALineEndInAnAddressReachesNobody) {
  for (const std::string_view end : {"\r", "\n"}) {
    const std::string heard =
        hear({"EHLO c\r\nMAIL FROM:<a" + std::string(end) + "@b.example>\r\n" + kEnvelope +
              "DATA\r\nSubject: x\r\n\r\nx\r\n.\r\n"});
    EXPECT_THAT(heard, AllOf(HasSubstr("\r\n500 5.5.2"), EndsWith("(closed)")));
  }
  world.run_for(10s);
  EXPECT_TRUE(primary.kept.empty());
}

// A field that a quoted local part would open: what is quoted stays within its line.
TEST_F(Smuggling, OfAHeaderThroughAnAddressFails) {
  const std::string heard = hear({"EHLO x\tBcc:y\r\nMAIL FROM:<\"a;\tb\"@b.example>\r\n",
                                  "MAIL FROM:<\"a; for <x>\"@b.example>\r\n"
                                  "RCPT TO:<\"b) Bcc: (y\"@help.example>\r\n"
                                  "DATA\r\nSubject: x\r\n\r\nx\r\n.\r\nQUIT\r\n"});
  EXPECT_THAT(heard, HasSubstr("taken as"));
  world.run_for(10s);
  ASSERT_EQ(primary.kept.size(), 1U);
  const std::string& bytes = primary.kept[0].bytes;
  EXPECT_EQ(below_trace(bytes), "Subject: x\r\n\r\nx\r\n");
  EXPECT_EQ(bytes.find("\r\nBcc:"), std::string::npos);
}

}  // namespace
}  // namespace beredd::scenario

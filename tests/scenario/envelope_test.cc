// What becomes of the odd envelopes of RFC 5321 between our door and the primary: the null
// reverse-path, postmaster, source routes, address literals, quoted local parts, and mail that has
// gone in circles.

#include "packets.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::scenario {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Passage {
  std::string from, to;                         // as the client writes them
  std::string reverse_path, forward_path = {};  // as the primary is told; no forward path: 5xx
};

class Envelopes : public testing::Test {
 protected:
  Envelopes() {
    config.desks.insert(
        config.desks.begin(),
        {"support", {"support@help.example"}, "Support <support@help.example>", "helpdesk"});
    config.desks[1].name = "everyone";
    config.desks[1].addresses = {"@all.example"};
    house = std::make_unique<House>(world, folder, config, primary);
  }
  ~Envelopes() override { primary.leave(); }  // before its world ends

  std::string hear(const std::string& words, const io::Address& door = House::address()) {
    return hear_in_packets(world, "203.0.113.9", {words}, door);
  }
  static std::string mail(const std::string& from, const std::string& to,
                          const std::string& text = "Subject: x\r\n\r\nx\r\n") {
    return "EHLO c\r\nMAIL FROM:" + from + "\r\nRCPT TO:" + to + "\r\nDATA\r\n" + text +
           ".\r\nQUIT\r\n";
  }

  // The same by the primary's own reading of what it was told.
  static std::string text(const std::optional<mail::Mailbox>& mailbox) {
    return mailbox ? mailbox->text() : "<>";
  }

  void expect(const Passage& passage) {
    primary.kept.clear();
    const std::string heard = hear(mail(passage.from, passage.to));
    world.run_for(1min);
    const std::string what = passage.from + " to " + passage.to + ": " + heard;
    if (passage.forward_path.empty()) {
      EXPECT_THAT(heard, HasSubstr("\r\n55")) << what;
      EXPECT_TRUE(primary.kept.empty()) << what;
      return;
    }
    EXPECT_THAT(heard, HasSubstr("taken as")) << what;
    ASSERT_EQ(primary.kept.size(), 1U) << what;
    const mail::Envelope& told = primary.kept[0].envelope;
    EXPECT_EQ(text(told.reverse_path), passage.reverse_path) << what;
    ASSERT_EQ(told.forward_paths.size(), 1U) << what;
    EXPECT_EQ(told.forward_paths[0].text(), passage.forward_path) << what;
    EXPECT_EQ(house->counts().quarantined, 0U) << what;
  }

  Folder folder;
  SimulatedPrimary primary;
  simulation::World world{31};
  config::Config config = outage_config();
  std::unique_ptr<House> house;
};

TEST_F(Envelopes, ReachThePrimaryAsTheyWereMeant) {
  const std::string support = "support@help.example";
  for (const Passage& passage : {
           // A bounce, an automatic answer: RFC 5321 §4.5.5.
           Passage{"<>", "<" + support + ">", "<>", support},
           // §4.5.1: for each domain that is served, and without any.
           {"<>", "<postmaster@help.example>", "<>", "postmaster@help.example"},
           {"<a@b.example>", "<PostMaster@ALL.example>", "a@b.example", "PostMaster@all.example"},
           {"<a@b.example>", "<postmaster@else.example>", "", ""},
           // Appendix C: a route is dropped on both sides, and opens no way to anyone else.
           {"<@r.example:a@b.example>", "<@r.example,@s.example:" + support + ">", "a@b.example",
            support},
           {"<a@b.example>", "<@help.example:victim@else.example>", "", ""},
           // §4.1.3: one may write, but no desk has one.
           {"<a@[192.0.2.1]>", "<" + support + ">", "a@[192.0.2.1]", support},
           {"<a@[IPv6:2001:db8::1]>", "<" + support + ">", "a@[ipv6:2001:db8::1]", support},
           {"<a@b.example>", "<support@[192.0.2.10]>", "", ""},
           {"<a@b.example>", "<postmaster@[192.0.2.10]>", "", ""},
           // §4.1.2: quotes that are not needed mean the same; needed ones go on.
           {"<\"a b\"@b.example>", "<\"support\"@help.example>", "\"a b\"@b.example",
            "\"support\"@help.example"},
           {"<a@b.example>", "<\"an@other\"@all.example>", "a@b.example",
            "\"an@other\"@all.example"},
           {"<a@b.example>", R"(<"with \" and \\"@all.example>)", "a@b.example",
            R"("with \" and \\"@all.example)"},
           {"<a@b.example>", "<\"support@help.example\"@else.example>", "", ""},
       }) {
    expect(passage);
  }
}

// It has no domain, and the primary knows nothing of ours.
TEST_F(Envelopes, APostmasterWithoutADomainReachesThePrimaryAsOne) {
  ASSERT_THAT(hear(mail("<>", "<postmaster>")), HasSubstr("taken as"));
  world.run_for(1min);
  ASSERT_EQ(primary.kept.size(), 1U);
  const mail::Mailbox told = primary.kept[0].envelope.forward_paths.at(0);
  EXPECT_EQ(told.local, "postmaster");
  EXPECT_TRUE(told.domain.empty());
}

// --- loops (RFC 5321 §6.3) ----------------------------------------------------------------------

std::string after_hops(int hops) {
  std::string text;
  for (int n = 0; n < hops; ++n) {
    text += "Received: from a.example by b.example;\r\n\tThu, 1 Jan 2026 00:00:00 +0000\r\n";
  }
  return text + "Subject: round and round\r\n\r\nReceived: in the text\r\n";
}

std::string in_chunks(const std::string& text) {
  const std::size_t half = text.size() / 2 + 3;  // within a field
  return "EHLO c\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<support@help.example>\r\n" +
         fmt::format("BDAT {}\r\n", half) + text.substr(0, half) +
         fmt::format("BDAT {} LAST\r\n", text.size() - half) + text.substr(half) + "QUIT\r\n";
}

TEST_F(Envelopes, AMailOfNinetyNineHopsIsTakenAndOneOfAHundredIsALoop) {
  const std::string from = "<a@b.example>", to = "<support@help.example>";
  EXPECT_THAT(hear(mail(from, to, after_hops(99))), HasSubstr("taken as"));
  EXPECT_THAT(hear(in_chunks(after_hops(99))), HasSubstr("taken as"));
  for (const std::string& words : {mail(from, to, after_hops(100)), in_chunks(after_hops(100))}) {
    const std::string heard = hear(words);
    EXPECT_THAT(heard, HasSubstr("\r\n554 5.4.6"));
    EXPECT_THAT(heard, Not(HasSubstr("taken as")));
    EXPECT_THAT(heard, HasSubstr("\r\n221 ")) << "the session goes on";
  }
  world.run_for(1min);
  EXPECT_EQ(primary.kept.size(), 2U);
  EXPECT_EQ(house->tickets().size(), 2U);
}

TEST_F(Envelopes, ALoopIsSaidOfEachRecipientOverLmtp) {
  const std::string heard = hear(
      "LHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<support@help.example>\r\nRCPT TO:<anna@all.example>\r\n"
      "DATA\r\n" +
          after_hops(100) + ".\r\nQUIT\r\n",
      House::lmtp_address());
  const std::size_t first = heard.find("\r\n554 5.4.6");
  ASSERT_NE(first, std::string::npos) << heard;
  EXPECT_NE(heard.find("\r\n554 5.4.6", first + 1), std::string::npos) << heard;
}

}  // namespace
}  // namespace beredd::scenario

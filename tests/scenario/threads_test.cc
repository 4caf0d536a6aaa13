// Mails find their tickets, whatever their order, their sender and their subject.

#include "customer.h"

#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "beredd/ticket/token.h"

namespace beredd::scenario {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

struct Letter {
  std::string id;
  std::string from = "anna@customer.example";
  std::string subject = "The pump";
  std::string answers = {};  // In-Reply-To
  std::string more = {};     // further header lines
  std::string body = "Hej!";

  std::string text() const {
    std::string out =
        fmt::format("From: {}\r\nTo: support@help.example\r\nSubject: {}\r\nMessage-ID: <{}>\r\n",
                    from, subject, id);
    if (!answers.empty()) out += fmt::format("In-Reply-To: <{}>\r\n", answers);
    return out + more + "\r\n" + body + "\r\n";
  }
};

class Threads : public testing::Test {
 protected:
  void SetUp() override { born(); }
  void TearDown() override { die(); }

  void born() {
    folder = std::make_unique<Folder>();
    world =
        std::make_unique<simulation::World>(7, base::Instant{std::chrono::seconds(1'795'000'000)});
    house = std::make_unique<House>(*world, *folder, config, primary);
  }
  void die() {
    primary.leave();
    house.reset();
    world.reset();
    folder.reset();
  }
  void born_again() {
    die();
    born();
  }

  void deliver(const Letter& letter, const std::string& to = "support@help.example") {
    ASSERT_THAT(send(*house, letter.text(), to), StartsWith("250"));
  }
  template <typename Query>
  auto ask(const Query& query) const {
    std::optional<decltype(query(std::declval<const store::ReadTxn&>()))> answer;
    auto read = house->store->read([&](const store::ReadTxn& txn) -> base::Status {
      answer.emplace(query(txn));
      return {};
    });
    EXPECT_TRUE(read.ok());
    return *std::move(answer);
  }
  store::Sorted sorted(std::uint64_t message) const {
    auto found =
        ask([&](const store::ReadTxn& txn) { return txn.sorted(base::MessageId(message)); });
    EXPECT_TRUE(found.ok() && found->has_value()) << message;
    return found.ok() && *found ? **found : store::Sorted{};
  }
  ticket::Ticket ticket(std::uint64_t id) const {
    auto found = ask([&](const store::ReadTxn& txn) { return txn.ticket(base::TicketId(id)); });
    EXPECT_TRUE(found.ok());
    return found.value_or(ticket::Ticket{});
  }
  void close(std::uint64_t id) {
    const store::Operation operation = [&](store::WriteTxn& txn) -> base::Status {
      auto open = txn.ticket(base::TicketId(id));
      if (!open) return open.error();
      open->state = ticket::State::closed;
      return txn.update_ticket(*open);
    };
    ASSERT_TRUE(house->store->apply({&operation, 1}).at(0).ok());
  }
  // The Message-IDs of each ticket.
  std::set<std::set<std::string>> threads() const {
    std::map<base::TicketId, std::set<std::string>> by_ticket;
    const auto count = ask([](const store::ReadTxn& txn) { return txn.message_count(); });
    for (std::uint64_t id = 1; id <= count; ++id) {
      by_ticket[sorted(id).ticket].insert(sorted(id).reading.message_id);
    }
    std::set<std::set<std::string>> out;
    for (auto& [id, members] : by_ticket) out.insert(std::move(members));
    return out;
  }

  std::unique_ptr<Folder> folder;
  config::Config config = outage_config();
  SimulatedPrimary primary;
  std::unique_ptr<simulation::World> world;
  std::unique_ptr<House> house;
};

TEST_F(Threads, AreTheSameInWhateverOrderTheMailsCome) {
  // Two branches of one conversation, a sister of an answer whose parent never came, and another
  // conversation altogether.
  const std::vector<Letter> letters = {
      {.id = "root@x"},
      {.id = "left@x", .answers = "root@x"},
      {.id = "right@x", .from = "bo@customer.example", .answers = "root@x"},
      {.id = "leaf@x", .answers = "left@x"},
      {.id = "twig@x", .more = "References: <root@x> <right@x>\r\n"},
      {.id = "sister@x", .subject = "Re: The car", .answers = "absent@x"},
      {.id = "brother@x",
       .from = "eva@other.example",
       .subject = "Sv: The car",
       .answers = "absent@x"},
      {.id = "other@x", .subject = "Something else"}};
  const std::vector<std::vector<std::size_t>> orders = {
      {0, 1, 2, 3, 4, 5, 6, 7}, {7, 6, 5, 4, 3, 2, 1, 0}, {3, 4, 6, 1, 7, 2, 5, 0}};
  const std::set<std::set<std::string>> expected = {
      {"root@x", "left@x", "right@x", "leaf@x", "twig@x"}, {"sister@x", "brother@x"}, {"other@x"}};
  for (const std::vector<std::size_t>& order : orders) {
    for (const std::size_t n : order) deliver(letters[n]);
    EXPECT_EQ(threads(), expected) << testing::PrintToString(order);
    EXPECT_EQ(house->tickets().size(), 3U);
    born_again();
  }
}

TEST_F(Threads, ALateMailMakesOneTicketOfTwoAndEachMailStillGoesToThePrimaryOnce) {
  deliver({.id = "one@x", .subject = "Re: a", .answers = "a@x"});
  deliver({.id = "two@x", .subject = "Re: b", .answers = "b@x"});
  EXPECT_EQ(house->tickets().size(), 2U);
  deliver({.id = "three@x", .subject = "Re: a", .more = "References: <one@x> <two@x>\r\n"});
  ASSERT_EQ(house->tickets().size(), 1U);
  EXPECT_EQ(ticket(2).id, base::TicketId(1));
  EXPECT_TRUE(world->run_until([&] { return primary.kept.size() == 3; }, 30min));
  world->run_until([] { return false; }, 5min);
  EXPECT_EQ(primary.kept.size(), 3U);
}

TEST_F(Threads, TwoTicketsThatSomebodyAnswersAreNotMadeOneByAStranger) {
  deliver({.id = "one@x", .subject = "a"});
  deliver({.id = "two@x", .from = "eva@other.example", .subject = "b"});
  close(1);
  deliver({.id = "three@x",
           .from = "mallory@evil.example",
           .subject = "c",
           .more = "References: <one@x> <two@x>\r\n"});
  EXPECT_EQ(house->tickets().size(), 2U);
  EXPECT_THAT(ticket(1).linked, ElementsAre(base::TicketId(2)));
  EXPECT_THAT(ticket(2).linked, ElementsAre(base::TicketId(1)));
  EXPECT_TRUE(sorted(3).new_participant);
}

TEST_F(Threads, ASignedAddressLeadsToItsTicketFromAnybody) {
  config.desks[0] = {"support", {"support@help.example"}, "", "helpdesk"};
  config.desks[0].plus_addresses = true;
  born_again();
  deliver({.id = "one@x"});
  const std::string proof =
      ask([](const store::ReadTxn& txn) { return txn.ticket_proof(base::TicketId(1)); });
  deliver({.id = "two@x", .from = "bo@other.example", .subject = "Hello"},
          "support+t1." + proof + "@help.example");
  EXPECT_EQ(sorted(2).ticket, base::TicketId(1));
  EXPECT_EQ(sorted(2).reason, "signed reply address");
  EXPECT_TRUE(sorted(2).new_participant);
  deliver({.id = "three@x", .from = "bo@other.example", .subject = "Hello"},
          "support+t1.aaaaaaaaaa@help.example");
  EXPECT_EQ(sorted(3).ticket, base::TicketId(2)) << "a forged proof leads nowhere";
}

TEST_F(Threads, ABareTokenCountsFromAKnownPartyOnly) {
  deliver({.id = "one@x"});
  deliver({.id = "two@x", .subject = "Question [beredd-1]"});
  EXPECT_EQ(sorted(2).reason, "subject token from a known party");
  deliver({.id = "three@x", .from = "mallory@evil.example", .subject = "Question [beredd-1]"});
  EXPECT_EQ(sorted(3).ticket, base::TicketId(2));
  EXPECT_EQ(sorted(3).reason, "subject token from an unknown party");
  EXPECT_THAT(ticket(2).linked, ElementsAre(base::TicketId(1)));
  const std::string proof =
      ask([](const store::ReadTxn& txn) { return txn.ticket_proof(base::TicketId(1)); });
  deliver({.id = "four@x", .from = "bo@other.example", .subject = "x [beredd-1." + proof + "]"});
  EXPECT_EQ(sorted(4).ticket, base::TicketId(1));
  EXPECT_TRUE(sorted(4).new_participant);
}

TEST_F(Threads, ANewParticipantOpensATicketWhereTheDeskSaysSo) {
  config.desks[0].new_participant = config::Oddity::open;
  born_again();
  deliver({.id = "one@x"});
  deliver({.id = "two@x", .from = "bo@other.example", .answers = "one@x"});
  EXPECT_EQ(sorted(2).ticket, base::TicketId(2));
  EXPECT_THAT(ticket(2).linked, ElementsAre(base::TicketId(1)));
  deliver({.id = "three@x", .answers = "one@x"});
  EXPECT_EQ(sorted(3).ticket, base::TicketId(1));
}

TEST_F(Threads, AReplyWithTheSameSubjectByAKnownPartyJoins) {
  deliver({.id = "one@x"});
  deliver({.id = "two@x", .subject = "SV: Re: the pump", .body = "och?"});
  EXPECT_EQ(sorted(2).ticket, base::TicketId(1));
  EXPECT_EQ(sorted(2).reason, "reply with the same subject by a known party");
  deliver({.id = "three@x", .body = "new"});
  EXPECT_EQ(sorted(3).ticket, base::TicketId(2)) << "no reply";
  deliver({.id = "four@x", .from = "bo@other.example", .subject = "Re: The pump"});
  EXPECT_EQ(sorted(4).ticket, base::TicketId(3)) << "no known party";
}

TEST_F(Threads, TheSameMailTwiceIsOneMessage) {
  deliver({.id = "one@x"});
  deliver({.id = "one@x", .more = "X-Spam-Score: 1\r\n"});
  EXPECT_EQ(sorted(2).copy_of, base::MessageId(1));
  EXPECT_EQ(sorted(2).ticket, base::TicketId(1));
  EXPECT_EQ(sorted(2).reason, "the same mail as message 1");
  deliver({.id = "one@x", .body = "something else"});
  EXPECT_FALSE(sorted(3).copy_of) << "another mail under the same Message-ID";
  world->run_until([&] { return primary.kept.size() == 2; }, 30min);
  world->run_until([] { return false; }, 5min);
  EXPECT_EQ(primary.kept.size(), 2U) << "the copy goes nowhere";
}

TEST_F(Threads, OfTwoLongTextsTheEndDecidesWhetherTheyAreOneMessage) {
  std::string body;
  for (int line = 0; line < 60'000; ++line) body += std::string(78, 'x') + "\r\n";
  deliver({.id = "one@x", .body = body + "the first end"});
  deliver({.id = "one@x", .body = body + "another end"});
  EXPECT_EQ(sorted(1).reading.text, sorted(2).reading.text) << "only the beginning is shown";
  EXPECT_FALSE(sorted(2).copy_of);
  deliver({.id = "one@x", .body = body + "another end"});
  EXPECT_EQ(sorted(3).copy_of, base::MessageId(2));
}

TEST_F(Threads, AnAutomaticReplyOpensNothingAgainAndAPersonDoes) {
  deliver({.id = "one@x"});
  close(1);
  deliver({.id = "two@x", .answers = "one@x", .more = "Auto-Submitted: auto-replied\r\n"});
  EXPECT_EQ(sorted(2).ticket, base::TicketId(1));
  EXPECT_EQ(ticket(1).state, ticket::State::closed);
  deliver({.id = "three@x", .answers = "one@x", .body = "Still leaking."});
  EXPECT_EQ(ticket(1).state, ticket::State::open);
}

TEST_F(Threads, WhatBearsOurOwnLoopMarkOpensNothingAgain) {
  config.desks[0] = {"support", {"support@help.example"}, "", "helpdesk"};
  born_again();
  deliver({.id = "one@x"});
  close(1);
  deliver({.id = "two@x", .answers = "one@x", .more = "X-Loop: support@help.example\r\n"});
  EXPECT_EQ(sorted(2).ticket, base::TicketId(1));
  EXPECT_EQ(ticket(1).state, ticket::State::closed);
  deliver({.id = "three@x", .answers = "one@x", .more = "X-Loop: other@elsewhere.example\r\n"});
  EXPECT_EQ(ticket(1).state, ticket::State::open);
}

TEST_F(Threads, WhatHasTheNullPathOpensNothingAgain) {
  deliver({.id = "one@x"});
  close(1);
  const Letter letter{.id = "two@x", .answers = "one@x"};
  mail::Envelope envelope = from_anna();
  envelope.reverse_path.reset();
  ASSERT_THAT(send(*house, letter.text(), envelope), StartsWith("250"));
  EXPECT_EQ(sorted(2).ticket, base::TicketId(1));
  EXPECT_EQ(ticket(1).state, ticket::State::closed);
}

Letter report(const std::string& id, const std::string& status, const std::string& returned) {
  Letter letter{.id = id, .from = "MAILER-DAEMON@mx.example", .subject = "Undelivered Mail"};
  letter.more =
      "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; "
      "boundary=b\r\n";
  letter.body = "--b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n" +
                status + "\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n" + returned +
                "\r\n--b--";
  return letter;
}

TEST_F(Threads, ADeliveryReportFindsTheMailAndFlagsItsTicket) {
  deliver({.id = "one@x"});
  close(1);
  deliver(report("r1@mx", "Action: delayed\r\nStatus: 4.4.1\r\n", "Message-ID: <one@x>\r\n"));
  EXPECT_FALSE(ticket(1).undelivered);
  deliver(report("r2@mx", "Action: failed\r\nStatus: 5.1.1\r\n", "Message-ID: <one@x>\r\n"));
  EXPECT_EQ(sorted(3).reason, "reports on <one@x>");
  EXPECT_EQ(sorted(3).concerns, base::MessageId(1));
  EXPECT_TRUE(ticket(1).undelivered);
  EXPECT_EQ(ticket(1).state, ticket::State::closed);
}

TEST_F(Threads, ADeliveryReportFindsItsTicketByEnvelopeIdAndByRecipient) {
  deliver({.id = "one@x"});
  const ticket::Named named{base::TicketId(1), ask([](const store::ReadTxn& txn) {
                              return txn.ticket_proof(base::TicketId(1));
                            })};
  deliver(report("r1@mx",
                 "Original-Envelope-Id: " + ticket::own_envelope_id(named) +
                     "\r\n\r\nFinal-Recipient: rfc822; x@y.example\r\nAction: failed\r\n",
                 "Subject: x\r\n"));
  EXPECT_EQ(sorted(2).ticket, base::TicketId(1));
  deliver({.id = "two@x", .from = "eva@other.example", .subject = "b"});
  deliver(report("r2@mx", "Original-Recipient: rfc822;eva@other.example\r\nAction: failed\r\n",
                 "Subject: x\r\n"));
  EXPECT_EQ(sorted(4).ticket, sorted(3).ticket);
  EXPECT_EQ(sorted(4).reason, "reports on mail to eva@other.example");
}

}  // namespace
}  // namespace beredd::scenario

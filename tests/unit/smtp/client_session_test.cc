#include "beredd/smtp/client_session.h"

#include "capabilities.h"
#include "smtp_client_trace.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

namespace beredd::smtp {
namespace {

using testing::ClientTrace;
using Kind = Outcome::Kind;

Transaction transaction(std::string from = "a@b", std::vector<std::string> to = {"c@d"}) {
  Transaction transaction;
  transaction.envelope.reverse_path = *mail::parse_mailbox(from);
  for (const auto& one : to)
    transaction.envelope.forward_paths.push_back(*mail::parse_mailbox(one));
  return transaction;
}

template <typename T>
T expect_event(ClientSession& session) {
  ClientEvent event = session.next();
  EXPECT_TRUE(std::holds_alternative<T>(event)) << "event number " << event.index();
  return std::holds_alternative<T>(event) ? std::get<T>(std::move(event)) : T{};
}

// A session in which transaction 0 was answered 354.
ClientSession in_body() {
  ClientSession session({"me.example", TlsPolicy::off});
  session.begin(transaction());
  session.begin(transaction());
  session.receive("220 hi\r\n250-mx\r\n250 PIPELINING\r\n250 ok\r\n250 ok\r\n354 go\r\n");
  expect_event<Send>(session);
  expect_event<Ready>(session);
  EXPECT_EQ(expect_event<Send>(session).bytes, "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n");
  EXPECT_EQ(expect_event<SendBody>(session).index, 0u);
  return session;
}

TEST(Capabilities, AreReadInAnyCaseAndOrder) {
  const Capabilities can =
      read_capabilities(Reply{250,
                              "",
                              {"PIPELINING.example CHECKPOINT", "size 1000", "Pipelining",
                               "8BITMIME", "X-ODD =", "STARTTLS"}});
  EXPECT_TRUE(can.pipelining && can.eight_bit_mime && can.starttls && can.size);
  EXPECT_FALSE(can.checkpoint);  // the first line is a greeting
  EXPECT_EQ(can.max_size, base::Bytes(1000));
}

TEST(Capabilities, KnowNoLimitWithoutANumber) {
  for (const char* line :
       {"SIZE", "SIZE 0", "SIZE lots", "SIZE 10k", "SIZE -1", "SIZE 99999999999999999999999"}) {
    const Capabilities can = read_capabilities(Reply{250, "", {"mx", line}});
    EXPECT_TRUE(can.size) << line;
    EXPECT_FALSE(can.max_size) << line;
  }
}

TEST(ClientSession, WaitsForTheGreeting) {
  ClientSession session({"me.example", TlsPolicy::off});
  expect_event<AwaitInput>(session);
  session.receive("220-one\r\n");
  expect_event<AwaitInput>(session);
  session.receive("220 two\r\n");
  EXPECT_EQ(expect_event<Send>(session).bytes, "EHLO me.example\r\n");
  expect_event<AwaitInput>(session);
}

TEST(ClientSession, TakesATransactionWhileIdle) {
  ClientSession session({"me.example", TlsPolicy::off});
  session.receive("220 hi\r\n250 mx\r\n");
  expect_event<Send>(session);
  expect_event<Ready>(session);
  expect_event<AwaitInput>(session);
  EXPECT_EQ(session.begin(transaction()), 0u);
  EXPECT_EQ(expect_event<Send>(session).bytes, "MAIL FROM:<a@b>\r\n");
  session.quit();
  expect_event<AwaitInput>(session);  // QUIT waits for the transaction
}

TEST(ClientSession, SendsTheNextCommandsWithTheFinalDot) {
  ClientSession session = in_body();
  EXPECT_EQ(session.body("text\r"), "text");
  EXPECT_EQ(session.body("\n."), "\r\n..");
  EXPECT_EQ(session.end_body(), "\r\n.\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n");
  EXPECT_EQ(session.end_body(), "");
  EXPECT_EQ(session.body("x"), "");
}

TEST(ClientSession, BeginsATransactionWhileTheFinalDotIsUnanswered) {
  ClientSession session = in_body();
  session.end_body();
  session.receive("250 taken\r\n250 ok\r\n250 ok\r\n354 go\r\n");
  expect_event<Finished>(session);
  expect_event<SendBody>(session);
  EXPECT_EQ(session.end_body(), ".\r\n");
  expect_event<AwaitInput>(session);
  EXPECT_EQ(session.begin(transaction("later@b")), 2u);
  EXPECT_EQ(expect_event<Send>(session).bytes, "MAIL FROM:<later@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n");
}

TEST(ClientSession, DefersWhatWasNotSentAndKnowsNotOfWhatWas) {
  ClientSession before = in_body();
  before.body("half of it");
  before.lost("reset");
  EXPECT_EQ(expect_event<Finished>(before).outcome.kind, Kind::deferred);
  EXPECT_EQ(expect_event<Finished>(before).outcome.kind, Kind::deferred);
  EXPECT_EQ(expect_event<Over>(before).why, "reset");
  EXPECT_EQ(expect_event<Over>(before).why, "reset");
  EXPECT_EQ(before.body("x"), "");
  EXPECT_EQ(before.end_body(), "");

  ClientSession after = in_body();
  after.end_body();
  after.lost("reset");
  EXPECT_EQ(expect_event<Finished>(after).outcome.kind, Kind::unknown);
  EXPECT_EQ(expect_event<Finished>(after).outcome.kind, Kind::deferred);
  expect_event<Over>(after);
}

TEST(ClientSession, EndsWithoutTheFinalDotWhenTheMessageCannotBeRead) {
  ClientSession session = in_body();
  session.body("half of it");
  session.abort_body("the body is corrupt");
  const Finished finished = expect_event<Finished>(session);
  EXPECT_EQ(finished.outcome.kind, Kind::deferred);
  EXPECT_EQ(finished.outcome.words, "the body is corrupt");
  expect_event<Finished>(session);
  EXPECT_EQ(expect_event<Over>(session).why, "the body is corrupt");
}

TEST(ClientSession, BelievesAReplyThatComesBeforeTheEndOfTheMessage) {
  struct Case {
    std::string reply;
    Kind kind;
  };
  for (const Case& c : {Case{"552 5.3.4 too big\r\n", Kind::refused},
                        {"451 4.3.0 disk\r\n", Kind::deferred},
                        {"421 4.3.0 bye\r\n", Kind::deferred},
                        {"250 what\r\n", Kind::deferred}}) {
    ClientSession session = in_body();
    session.body("half of it");
    session.receive(c.reply);
    EXPECT_EQ(expect_event<Finished>(session).outcome.kind, c.kind) << c.reply;
    EXPECT_EQ(expect_event<Finished>(session).outcome.kind, Kind::deferred) << c.reply;
    expect_event<Over>(session);
    EXPECT_EQ(session.body("the rest"), "");
  }
}

TEST(ClientSession, IsOverWithoutWordsAfterQuit) {
  ClientSession session({"me.example", TlsPolicy::off});
  session.quit();
  session.receive("220 hi\r\n250 mx\r\n");
  expect_event<Send>(session);
  expect_event<Ready>(session);
  EXPECT_EQ(expect_event<Send>(session).bytes, "QUIT\r\n");
  EXPECT_EQ(session.begin(transaction()), 0u);
  EXPECT_EQ(expect_event<Finished>(session).outcome.kind, Kind::deferred);
  session.lost("the peer closed first");
  EXPECT_EQ(expect_event<Over>(session).why, "");
  session.begin(transaction());
  EXPECT_EQ(expect_event<Finished>(session).index, 1u);
  expect_event<Over>(session);
}

TEST(ClientSession, DefersEverythingWhenTheServerSaysNoToTheSession) {
  for (const std::string stream :
       {"421 busy\r\n", "554 no\r\n", "450 later\r\n", "354 what\r\n", "220 hi\r\n421 bye\r\n",
        "220 hi\r\n450 later\r\n", "220 hi\r\n502 no\r\n502 no\r\n",
        "220 hi\r\n502 no\r\n421 bye\r\n", "SSH-2.0-OpenSSH\r\n",
        "220 hi\r\n250-mx\r\n550 mixed\r\n"}) {
    ClientTrace trace({"me.example", TlsPolicy::opportunistic});
    trace.begin(transaction(), "x");
    trace.begin(transaction(), "x");
    trace.feed(testing::in_one(stream));
    ASSERT_TRUE(trace.over()) << stream;
    ASSERT_EQ(trace.outcomes().size(), 2u) << stream;
    EXPECT_EQ(trace.outcomes().at(0).kind, Kind::deferred) << stream;
    EXPECT_FALSE(trace.outcomes().at(0).words.empty()) << stream;
  }
}

TEST(ClientSession, DefersOnAReplyThatMakesNoSense) {
  const std::string hello = "220 hi\r\n250 mx\r\n";
  for (const std::string stream :
       {"354 go\r\n", "250 ok\r\n354 go\r\n", "250 ok\r\n250 ok\r\n250 ok\r\n",
        "355 1 is no offset that we asked for\r\n", "nonsense\r\n", "\r\n"}) {
    ClientTrace trace({"me.example", TlsPolicy::off});
    trace.begin(transaction(), "x");
    trace.feed(testing::in_one(hello));
    trace.feed(testing::in_one(stream));
    ASSERT_TRUE(trace.over()) << stream;
    EXPECT_EQ(trace.outcomes().at(0).kind, Kind::deferred) << stream;
  }
}

TEST(ClientSession, EndsOnAReplyToNothingAndOnAnEndlessLine) {
  for (const std::string& stream : {std::string("250 what?\r\n"), std::string(5000, '2')}) {
    ClientTrace trace({"me.example", TlsPolicy::off});
    trace.feed(testing::in_one("220 hi\r\n250 mx\r\n"));
    trace.feed(testing::in_one(stream));
    EXPECT_TRUE(trace.over());
  }
}

TEST(ClientSession, WritesOnlyMailboxesIntoItsCommands) {
  const mail::Mailbox attacks[] = {{"a\r\nDATA", "b"},    {"a", "b>\r\nDATA\r\n<"},
                                   {"a> SIZE=1 <b", "c"}, {"", "b"},
                                   {"b\xc3\xbc", "c"},    {"a b", "c"}};
  for (const auto& attack : attacks) {
    for (const bool as_sender : {true, false}) {
      Transaction bad = transaction();
      (as_sender ? *bad.envelope.reverse_path : bad.envelope.forward_paths[0]) = attack;
      ClientTrace trace({"me.example", TlsPolicy::off});
      trace.begin(bad, "x");
      trace.feed(testing::in_one("220 hi\r\n250-mx\r\n250 PIPELINING\r\n"));
      EXPECT_EQ(trace.take_sent(), "EHLO me.example\r\n") << attack.text();
      EXPECT_EQ(trace.outcomes().at(0).kind, Kind::refused) << attack.text();
    }
  }
  Transaction bad = transaction();
  bad.transaction_id = "1@x> RCPT";
  ClientTrace trace({"me.example", TlsPolicy::off});
  trace.begin(bad, "x");
  trace.begin(Transaction{}, "x");
  trace.feed(testing::in_one("220 hi\r\n250-mx\r\n250 CHECKPOINT\r\n"));
  EXPECT_EQ(trace.outcomes().at(0).kind, Kind::refused);
  EXPECT_EQ(trace.outcomes().at(1).words, "no recipient");
}

TEST(ClientSession, WritesAPostmasterWithoutADomain) {
  Transaction to = transaction();
  to.envelope.forward_paths[0] = {"postmaster", ""};
  ClientTrace trace({"me.example", TlsPolicy::off});
  trace.begin(to, "x");
  trace.feed(testing::in_one("220 hi\r\n250-mx\r\n250 PIPELINING\r\n"));
  EXPECT_EQ(trace.take_sent(),
            "EHLO me.example\r\nMAIL FROM:<a@b>\r\nRCPT TO:<postmaster>\r\nDATA\r\n");
}

// RFC 1845: without a number, or with too small a one, the server does not hold the message whole.
TEST(ClientSession, TakesATransactionForHeldOnlyAtItsFullSize) {
  struct Case {
    std::string text;
    bool held;
  };
  for (const Case& c : {Case{"10 is the transaction offset", true},
                        {"11 is", true},
                        {"10", true},
                        {"9 is", false},
                        {"is held", false},
                        {"10x", false},
                        {"", false},
                        {"-10", false},
                        {"99999999999999999999999 is", false}}) {
    Transaction known = transaction();
    known.size = base::Bytes(10);
    known.transaction_id = "1@x";
    ClientTrace trace({"me.example", TlsPolicy::off});
    trace.begin(known, "x");
    trace.feed(testing::in_one("220 hi\r\n250-mx\r\n250 CHECKPOINT\r\n"));
    trace.take_sent();
    const std::string answer = "355 " + c.text + "\r\n";
    trace.feed(testing::in_one(answer));
    EXPECT_EQ(trace.take_sent(), "RSET\r\n") << c.text;
    EXPECT_EQ(trace.outcomes().count(0), c.held ? 1u : 0u) << c.text;
    trace.feed(testing::in_one("250 reset\r\n"));
    EXPECT_EQ(trace.take_sent(), c.held ? "" : "MAIL FROM:<a@b>\r\n") << c.text;
  }
}

TEST(ClientSession, OneRefusedForGoodOutweighsOneForNow) {
  struct Case {
    std::string first, second;
    Kind kind;
  };
  for (const Case& c : {Case{"450", "450", Kind::deferred},
                        {"450", "550", Kind::refused},
                        {"550", "450", Kind::refused},
                        {"250", "450", Kind::deferred},
                        {"550", "250", Kind::refused}}) {
    ClientTrace trace({"me.example", TlsPolicy::off});
    trace.begin(transaction("a@b", {"c@d", "e@f"}), "x");
    trace.feed(testing::in_one("220 hi\r\n250-mx\r\n250 PIPELINING\r\n250 ok\r\n"));
    const std::string answers = c.first + " one\r\n" + c.second + " two\r\n";
    trace.feed(testing::in_one(answers));
    EXPECT_EQ(trace.outcomes().at(0).kind, c.kind) << answers;
  }
}

TEST(ClientSession, KeepsARefusalWhenTheConnectionIsLostBehindIt) {
  ClientTrace trace({"me.example", TlsPolicy::off});
  trace.begin(transaction(), "x");
  trace.feed(testing::in_one("220 hi\r\n250-mx\r\n250 PIPELINING\r\n250 ok\r\n550 nobody\r\n"));
  EXPECT_TRUE(trace.outcomes().empty());
  trace.lost("reset");
  EXPECT_EQ(trace.outcomes().at(0).kind, Kind::refused);
  EXPECT_EQ(trace.outcomes().at(0).words, "550 nobody");
}

TEST(ClientSession, ReadsRepliesThatEndInLfOnly) {
  ClientTrace trace({"me.example", TlsPolicy::off});
  trace.feed(testing::in_one("220 hi\n250-mx\n250 PIPELINING\n"));
  EXPECT_EQ(trace.lines().back(), "E: ready pipelining");
}

// --- properties
// -----------------------------------------------------------------------------------

// Whatever a server says, in whatever pieces: the same happens, and each transaction ends exactly
// once.
TEST(ClientSession, DoesTheSameHoweverTheRepliesAreCut) {
  const std::string words[] = {"250 ok\r\n",     "250 ok\r\n",
                               "250 ok\r\n",     "354 go\r\n",
                               "354 go\r\n",     "450 later\r\n",
                               "550 never\r\n",  "355 10 held\r\n",
                               "355 3 held\r\n", "250-more\r\n250 ok\r\n",
                               "421 bye\r\n",    "junk\r\n",
                               "220 tls\r\n"};
  std::mt19937_64 dice(821);
  for (int round = 0; round < 2000; ++round) {
    std::string stream = "220 hi\r\n250-mx\r\n250-SIZE 50\r\n";
    if (dice() % 2 == 0) stream += "250-CHECKPOINT\r\n";
    stream += dice() % 3 == 0 ? "250 8BITMIME\r\n" : "250 PIPELINING\r\n";
    for (std::size_t i = dice() % 20; i > 0; --i) {
      stream += words[dice() % (std::size(words) - (dice() % 4 == 0 ? 0 : 3))];
    }
    const auto run = [&](const testing::Pieces& pieces) {
      ClientTrace trace({"me.example", TlsPolicy::off});
      for (std::uint64_t i = 0; i < 4; ++i) {
        Transaction one = transaction("a@b", i == 2 ? std::vector<std::string>{"c@d", "e@f"}
                                                    : std::vector<std::string>{"c@d"});
        one.size = base::Bytes(i == 3 ? 51 : 10);
        if (i % 2 == 0) one.transaction_id = "1@x";
        trace.begin(one, "8 octets\r\n");
      }
      trace.session().quit();
      trace.feed(pieces);
      trace.lost("gone");
      EXPECT_EQ(trace.finished(), 4);
      EXPECT_EQ(trace.outcomes().size(), 4u);
      EXPECT_TRUE(trace.over());
      return trace.lines();
    };
    const auto whole = run(testing::in_one(stream));
    for (const auto& pieces : testing::every_cut(stream, 3))
      ASSERT_EQ(run(pieces), whole) << testing::escaped(stream);
  }
}

}  // namespace
}  // namespace beredd::smtp

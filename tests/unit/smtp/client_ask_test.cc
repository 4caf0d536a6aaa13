// Asking a server whether it holds a message (RFC 1845), without giving it the message.

#include <gtest/gtest.h>

#include "beredd/smtp/client_session.h"

namespace beredd::smtp {
namespace {

Transaction asked(std::string id = "4f1c2a9b.7@mx2.example") {
  Transaction transaction;
  transaction.envelope.reverse_path = mail::Mailbox{"a", "b.example"};
  transaction.envelope.forward_paths.push_back(mail::Mailbox{"c", "d.example"});
  transaction.size = base::Bytes(1000);
  transaction.transaction_id = std::move(id);
  return transaction;
}

struct AskTest : testing::Test {
  ClientSession session{{"me.example", TlsPolicy::off}};

  // What the session wrote until it waited, and what it said of the transaction.
  std::string run(std::string_view input) {
    session.receive(input);
    std::string log;
    for (;;) {
      const ClientEvent event = session.next();
      if (std::holds_alternative<AwaitInput>(event)) return log;
      if (const auto* over = std::get_if<Over>(&event)) return log + "[over " + over->why + "]";
      if (const auto* send = std::get_if<Send>(&event)) log += send->bytes;
      if (const auto* finished = std::get_if<Finished>(&event)) {
        outcome = finished->outcome;
        log += "[finished]";
      }
      if (std::holds_alternative<SendBody>(event)) log += "[body]";
    }
  }
  void greet(std::string_view capabilities = "250-CHECKPOINT\r\n") {
    run("220 hi\r\n250-mx\r\n" + std::string(capabilities) + "250 PIPELINING\r\n");
  }
  Outcome outcome;
};

TEST_F(AskTest, SendsMailAloneAndTakesItBackWhenTheServerDoesNotHoldIt) {
  greet();
  session.ask(asked());
  EXPECT_EQ(run(""), "MAIL FROM:<a@b.example> TRANSID=<4f1c2a9b.7@mx2.example>\r\n");
  EXPECT_EQ(run("250 2.1.0 ok\r\n"), "[finished]RSET\r\n");
  EXPECT_EQ(outcome.kind, Outcome::Kind::absent);
  EXPECT_EQ(run("250 2.0.0 ok\r\n"), "");
}

TEST_F(AskTest, KnowsAMessageThatTheServerHoldsWhole) {
  greet();
  session.ask(asked());
  EXPECT_EQ(run("355 1000 is the transaction offset\r\n"),
            "MAIL FROM:<a@b.example> TRANSID=<4f1c2a9b.7@mx2.example>\r\n[finished]RSET\r\n");
  EXPECT_EQ(outcome.kind, Outcome::Kind::already);
  EXPECT_EQ(outcome.words, "355 1000 is the transaction offset");
}

TEST_F(AskTest, HalfAMessageIsNotThere) {
  greet();
  session.ask(asked());
  run("355 999 is the transaction offset\r\n");
  EXPECT_EQ(outcome.kind, Outcome::Kind::absent);
}

TEST_F(AskTest, ARefusalIsNoAnswer) {
  greet();
  session.ask(asked());
  run("451 4.3.0 later\r\n");
  EXPECT_EQ(outcome.kind, Outcome::Kind::deferred);
  session.ask(asked());
  run("550 5.7.1 never\r\n");
  EXPECT_EQ(outcome.kind, Outcome::Kind::refused);
}

TEST_F(AskTest, AsksNothingWhereTheServerCannotTell) {
  greet("");
  session.ask(asked());
  EXPECT_EQ(run(""), "[finished]");
  EXPECT_EQ(outcome.kind, Outcome::Kind::refused);
}

TEST_F(AskTest, ALostConnectionIsNoAnswer) {
  greet();
  session.ask(asked());
  run("");
  session.lost("the network is gone");
  run("");
  EXPECT_EQ(outcome.kind, Outcome::Kind::deferred);
}

TEST_F(AskTest, IsFollowedByATransactionThatGoesThrough) {
  greet();
  session.ask(asked());
  session.begin(asked());
  run("250 ok\r\n");
  EXPECT_EQ(run("250 reset\r\n250 mail\r\n250 rcpt\r\n354 go\r\n"), "DATA\r\n[body]");
}

}  // namespace
}  // namespace beredd::smtp

// The client against a server of LMTP (RFC 2033).

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "beredd/smtp/client_session.h"

namespace beredd::smtp {
namespace {

using Kind = Outcome::Kind;
using Mails = std::vector<std::vector<std::string>>;  // the recipients of each

constexpr const char* kHello = "220 mda\r\n250-mda\r\n250-PIPELINING\r\n250 8BITMIME\r\n";

// A session that has taken all that `replies` hold, with a message wherever one was asked for.
struct Conversation {
  explicit Conversation(const Mails& mails) : session(options()) {
    for (const auto& recipients : mails) {
      Transaction transaction;
      transaction.envelope.reverse_path = *mail::parse_mailbox("kund@x.example");
      for (const auto& one : recipients) {
        transaction.envelope.forward_paths.push_back(*mail::parse_mailbox(one));
      }
      session.begin(std::move(transaction));
    }
  }
  static ClientOptions options() {
    ClientOptions made{"me.example", TlsPolicy::off};
    made.lmtp = true;
    return made;
  }
  void hear(std::string_view replies) {
    session.receive(replies);
    run();
  }
  void lose() {
    session.lost("the cable");
    run();
  }
  void run() {
    for (;;) {
      ClientEvent event = session.next();
      if (auto* send = std::get_if<Send>(&event)) {
        said += send->bytes;
      } else if (std::holds_alternative<SendBody>(event)) {
        said += session.body("hej\r\n");
        said += session.end_body();
      } else if (auto* finished = std::get_if<Finished>(&event)) {
        outcomes[finished->index] = finished->outcome;
      } else if (std::holds_alternative<Over>(event) || std::holds_alternative<AwaitInput>(event)) {
        return;
      }
    }
  }
  ClientSession session;
  std::string said;
  std::map<std::size_t, Outcome> outcomes;
};

TEST(LmtpClient, SaysLhloAndFallsBackToNoHelo) {
  Conversation talk(Mails{});
  talk.hear("220 mda\r\n");
  EXPECT_EQ(talk.said, "LHLO me.example\r\n");
  talk.hear("500 what\r\n");
  EXPECT_EQ(talk.said, "LHLO me.example\r\n");
  EXPECT_TRUE(std::holds_alternative<Over>(talk.session.next()));
}

TEST(LmtpClient, WaitsForEachRecipientsReplyToTheMessage) {
  Conversation talk(Mails{{"a@d.example", "b@d.example"}});
  talk.hear(std::string(kHello) + "250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 2.0.0 a has it\r\n");
  EXPECT_TRUE(talk.outcomes.empty());
  talk.hear("250 2.0.0 b has it\r\n");
  EXPECT_EQ(talk.outcomes.at(0).kind, Kind::acknowledged);
  EXPECT_EQ(talk.outcomes.at(0).words, "250 2.0.0 b has it");
}

TEST(LmtpClient, TellsTheNextMessagesRepliesFromThisOnes) {
  Conversation talk(Mails{{"a@d.example", "b@d.example"}, {"c@d.example"}});
  talk.hear(std::string(kHello) +
            "250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n452 full\r\n452 full\r\n"
            "250 ok\r\n250 ok\r\n354 go\r\n250 c\r\n");
  EXPECT_EQ(talk.outcomes.at(0).kind, Kind::deferred);
  EXPECT_EQ(talk.outcomes.at(0).words, "a@d.example: 452 full");
  EXPECT_EQ(talk.outcomes.at(1).kind, Kind::acknowledged);
}

// What became of a message to two recipients that heard these two replies.
Outcome of_two(const std::string& first, const std::string& second) {
  Conversation talk(Mails{{"a@d.example", "b@d.example"}});
  talk.hear(std::string(kHello) + "250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n" + first + second);
  return talk.outcomes.contains(0) ? talk.outcomes.at(0) : Outcome{Kind::absent, "not finished"};
}

TEST(LmtpClient, OffersNothingTwiceToTheRecipientThatTookIt) {
  for (const char* no : {"452 4.2.2 over quota\r\n", "550 5.1.1 who\r\n"}) {
    const Outcome first = of_two("250 ok\r\n", no);
    EXPECT_EQ(first.kind, Kind::refused) << no;
    EXPECT_NE(first.words.find("taken for 1 of 2 recipients, but not for b@d.example: "),
              std::string::npos)
        << first.words;
    EXPECT_EQ(of_two(no, "250 ok\r\n").kind, Kind::refused) << no;
  }
}

TEST(LmtpClient, TheGravestOfTheRefusalsDecides) {
  EXPECT_EQ(of_two("452 full\r\n", "452 full\r\n").kind, Kind::deferred);
  EXPECT_EQ(of_two("452 full\r\n", "550 who\r\n").kind, Kind::refused);
  EXPECT_EQ(of_two("550 who\r\n", "452 full\r\n").words, "a@d.example: 550 who");
}

TEST(LmtpClient, DoesNotKnowWhatBecameOfAMessageThatWasAnsweredForSomeOnly) {
  for (const char* rest : {"", "421 4.3.2 going\r\n"}) {
    Conversation talk(Mails{{"a@d.example", "b@d.example"}});
    talk.hear(std::string(kHello) + "250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 a\r\n" + rest);
    talk.lose();
    EXPECT_EQ(talk.outcomes.at(0).kind, Kind::unknown) << rest;
  }
}

TEST(LmtpClient, LetsDataWaitUntilThereIsARecipient) {
  Conversation talk(Mails{{"a@d.example"}});
  talk.hear(kHello);
  EXPECT_EQ(talk.said.find("DATA"), std::string::npos);
  talk.hear("250 ok\r\n550 who\r\n");
  EXPECT_EQ(talk.said.find("DATA"), std::string::npos);
  talk.hear("250 reset\r\n");
  EXPECT_EQ(talk.outcomes.at(0).kind, Kind::refused);
}

TEST(LmtpClient, HearsEachRecipientAfterTheLastChunk) {
  Conversation talk(Mails{{"a@d.example", "b@d.example"}});
  talk.hear(
      "220 mda\r\n250-mda\r\n250-PIPELINING\r\n250 CHUNKING\r\n250 ok\r\n250 ok\r\n250 ok\r\n");
  EXPECT_NE(talk.said.find("BDAT 5 LAST\r\nhej"), std::string::npos) << talk.said;
  talk.hear("250 a\r\n");
  EXPECT_TRUE(talk.outcomes.empty());
  talk.hear("250 b\r\n");
  EXPECT_EQ(talk.outcomes.at(0).kind, Kind::acknowledged);
}

}  // namespace
}  // namespace beredd::smtp

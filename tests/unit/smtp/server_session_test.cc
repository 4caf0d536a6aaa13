#include "beredd/smtp/server_session.h"

#include "smtp_data_reference.h"
#include "smtp_server_trace.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

namespace beredd::smtp {
namespace {

using testing::ServerTrace;
using Lines = std::vector<std::string>;

constexpr const char* kToData = "EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n";

ServerOptions options() {
  ServerOptions options;
  options.hostname = "mx.example";
  return options;
}

std::string text_of(const ServerEvent& event) {
  const auto* write = std::get_if<Write>(&event);
  return write == nullptr ? "" : write->bytes;
}

template <typename T>
bool is(const ServerEvent& event) {
  return std::holds_alternative<T>(event);
}

std::string last(const ServerTrace& trace) { return trace.lines().back(); }

TEST(ServerSession, GreetsFirst) {
  ServerSession session(options());
  EXPECT_EQ(text_of(session.next()), "220 mx.example ESMTP beredd\r\n");
  EXPECT_TRUE(is<NeedInput>(session.next()));
  session.receive("QUIT\r\n");
  EXPECT_EQ(text_of(session.next()), "221 2.0.0 closing\r\n");
  EXPECT_TRUE(is<Close>(session.next()));
  EXPECT_TRUE(is<Close>(session.next()));
}

TEST(ServerSession, DoesNothingAfterAQuestionUntilItIsAnswered) {
  ServerSession session(options());
  session.next();
  session.receive("EHLO x\r\nMAIL FROM:<a@b>\r\nNOOP\r\n");
  EXPECT_FALSE(text_of(session.next()).empty());
  EXPECT_TRUE(is<AskMail>(session.next()));
  EXPECT_TRUE(is<NeedInput>(session.next()));
  EXPECT_TRUE(is<NeedInput>(session.next()));
  session.answer(reply(250, "2.1.0", "ok"));
  EXPECT_EQ(text_of(session.next()), "250 2.1.0 ok\r\n");
  EXPECT_EQ(text_of(session.next()), "250 2.0.0 ok\r\n");
  EXPECT_TRUE(is<NeedInput>(session.next()));
}

TEST(ServerSession, KeepsWhatIsReceivedWhileAQuestionIsOpen) {
  ServerSession session(options());
  session.next();
  session.receive("HELO x\r\nMAIL FROM:<a@b>\r\nNO");
  session.next();
  EXPECT_TRUE(is<AskMail>(session.next()));
  session.receive("OP\r\n");
  EXPECT_TRUE(is<NeedInput>(session.next()));
  session.answer(reply(250, "", "ok"));
  session.next();
  EXPECT_EQ(text_of(session.next()), "250 2.0.0 ok\r\n");
}

TEST(ServerSession, IgnoresAnAnswerToNoQuestion) {
  ServerSession session(options());
  session.next();
  session.answer(reply(250, "", "what?"));
  EXPECT_TRUE(is<NeedInput>(session.next()));
  session.receive("NOOP\r\n");
  EXPECT_EQ(text_of(session.next()), "250 2.0.0 ok\r\n");
}

TEST(ServerSession, TellsWhereItIs) {
  ServerSession session(options());
  const auto drain = [&] {
    ServerEvent event = session.next();
    while (is<Write>(event) || is<Data>(event)) event = session.next();
    return event;
  };
  drain();
  EXPECT_EQ(session.helo(), "");
  session.receive("EHLO client.example\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nx\r\n.\r\n");
  EXPECT_TRUE(is<AskMail>(drain()));
  EXPECT_EQ(session.helo(), "client.example");
  EXPECT_TRUE(session.extended());
  EXPECT_FALSE(session.in_transaction());
  session.answer(reply(250, "", ""));
  EXPECT_TRUE(session.in_transaction());
  EXPECT_TRUE(is<AskRecipient>(drain()));
  session.answer(reply(250, "", ""));
  EXPECT_TRUE(is<AskData>(drain()));
  EXPECT_FALSE(session.in_data());
  session.answer(reply(354, "", ""));
  EXPECT_TRUE(session.in_data());
  EXPECT_TRUE(is<AskAccept>(drain()));
  EXPECT_TRUE(session.in_transaction());
  session.answer(reply(250, "", ""));
  EXPECT_FALSE(session.in_transaction());
  EXPECT_FALSE(session.in_data());
  session.receive("HELO again\r\n");
  drain();
  EXPECT_FALSE(session.extended());
}

TEST(ServerSession, TimesOutAndShutsDownWith421) {
  ServerTrace trace(options());
  trace.session().time_out();
  trace.drain();
  EXPECT_EQ(trace.lines(),
            (Lines{"S: 220 mx.example ESMTP beredd", "S: 421 4.4.2 waited too long", "E: close"}));

  ServerSession session(options());
  session.shut_down();
  EXPECT_EQ(text_of(session.next()), "421 4.3.2 shutting down, try again later\r\n");
  EXPECT_TRUE(is<Close>(session.next()));
  session.shut_down();
  session.time_out();
  EXPECT_TRUE(is<Close>(session.next()));
}

// The 250 of a message that is on disk must not be lost to a time-out, or it comes twice.
TEST(ServerSession, StillOwesTheRepliesItHadReadyWhenItTimesOut) {
  ServerSession session(options());
  session.next();
  session.receive("NOOP\r\nQUIT\r\n");
  EXPECT_FALSE(text_of(session.next()).empty());
  session.time_out();
  EXPECT_EQ(text_of(session.next()).substr(0, 3), "421");

  ServerTrace asked(options());
  asked.feed(testing::in_one(kToData));
  ServerSession& open = asked.session();
  open.receive("x\r\n.\r\n");
  EXPECT_TRUE(is<Data>(open.next()));
  EXPECT_TRUE(is<AskAccept>(open.next()));
  open.answer(reply(250, "2.0.0", "taken"));
  open.shut_down();
  EXPECT_EQ(text_of(open.next()), "250 2.0.0 taken\r\n");
  EXPECT_EQ(text_of(open.next()).substr(0, 3), "421");
  EXPECT_TRUE(is<Close>(open.next()));
}

TEST(ServerSession, DropsDataAtOnceWhenTheyAreSpoiled) {
  ServerTrace trace(options());
  trace.feed(testing::in_one(kToData));
  trace.feed(testing::in_one("good\r\nba\rd"));
  EXPECT_EQ(last(trace), "E: drop");
  trace.feed(testing::in_one("more\r\nand\nmore\r\n"));
  EXPECT_EQ(last(trace), "E: drop");
  EXPECT_TRUE(trace.session().in_data());
  trace.feed(testing::in_one(".\r\n"));
  EXPECT_EQ(last(trace), "S: 550 5.6.11 the message has a CR or LF that stands alone");
  EXPECT_FALSE(trace.session().in_transaction());
}

TEST(ServerSession, GivesNoMoreThanTheLimitHoweverLongTheData) {
  ServerOptions small = options();
  small.max_message_size = base::Bytes(100);
  ServerTrace trace(small);
  trace.feed(testing::in_one(kToData));
  const std::string line = std::string(60, 'x') + "\r\n";
  for (int i = 0; i < 1000; ++i) trace.feed(testing::in_one(line));
  EXPECT_EQ(trace.text().size(), 100u);
  trace.feed(testing::in_one(".\r\n"));
  EXPECT_EQ(last(trace), "S: 552 5.3.4 message too big");
}

TEST(ServerSession, TakesEightBitDataUndeclared) {
  ServerTrace trace(options());
  trace.feed(testing::in_one(kToData));
  const std::string bytes = std::string("\0\xff\xfe\x80", 4) + "\r\n";
  const std::string stream = bytes + ".\r\n";
  trace.feed(testing::in_one(stream));
  EXPECT_EQ(trace.messages(), (Lines{bytes}));
}

TEST(ServerSession, ClosesAfterTooManyErrors) {
  ServerOptions strict = options();
  strict.max_errors = 3;
  ServerTrace trace(strict);
  trace.feed(testing::in_one("X\r\nNOOP\r\nY\r\nNOOP\r\nZ\r\nNOOP\r\n"));
  EXPECT_EQ(trace.lines(),
            (Lines{"S: 220 mx.example ESMTP beredd", "S: 500 5.5.1 unknown command",
                   "S: 250 2.0.0 ok", "S: 500 5.5.1 unknown command", "S: 250 2.0.0 ok",
                   "S: 500 5.5.1 unknown command", "S: 421 4.7.0 too many errors", "E: close"}));
  EXPECT_TRUE(trace.session().limits_met().errors);
}

// A client with PIPELINING sends RCPT and DATA before it can know that MAIL is refused.
TEST(ServerSession, DoesNotCountTheErrorsThatARefusalBringsWithIt) {
  ServerOptions strict = options();
  strict.max_errors = 2;
  std::deque<Reply> later(50, reply(451, "4.7.1", "later"));
  ServerTrace trace(strict, later);
  trace.feed(testing::in_one("EHLO x\r\n"));
  for (int i = 0; i < 50; ++i) {
    trace.feed(testing::in_one("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nRSET\r\n"));
  }
  EXPECT_FALSE(trace.closed());
  EXPECT_EQ(last(trace), "S: 250 2.0.0 forgotten");
  trace.feed(testing::in_one("RCPT TO:<c@d>\r\nDATA\r\n"));
  EXPECT_TRUE(trace.closed());
}

// The same when it is the session itself that refuses MAIL or the recipient.
TEST(ServerSession, CountsAMailThatIsTooLargeAsOneError) {
  ServerOptions strict = options();
  strict.max_errors = 3;
  strict.max_message_size = base::Bytes(10);
  ServerTrace trace(strict);
  trace.feed(testing::in_one("EHLO x\r\nMAIL FROM:<a@b> SIZE=11\r\nRCPT TO:<c@d>\r\nDATA\r\n"));
  trace.feed(testing::in_one("MAIL FROM:<a@b>\r\nRCPT TO:<nobody>\r\nDATA\r\nRSET\r\n"));
  EXPECT_FALSE(trace.closed());
  EXPECT_FALSE(trace.session().limits_met().errors);
  EXPECT_EQ(last(trace), "S: 250 2.0.0 forgotten");
  trace.feed(testing::in_one("RCPT TO:<c@d>\r\n"));
  EXPECT_TRUE(trace.closed());
}

TEST(ServerSession, AnswersALineOfAnyLengthInBoundedMemory) {
  ServerTrace trace(options());
  const std::string part(65536, 'x');
  for (int i = 0; i < 64; ++i) trace.feed(testing::in_one(part));
  EXPECT_EQ(trace.lines().size(), 1u);
  trace.feed(testing::in_one("\r\nNOOP\r\n"));
  EXPECT_EQ(trace.lines(), (Lines{"S: 220 mx.example ESMTP beredd", "S: 500 5.5.2 line too long",
                                  "S: 250 2.0.0 ok"}));
}

TEST(ServerSession, NeverHangsOnABareLineEnd) {
  for (const std::string stream :
       {"EHLO x\n", "\n", "\rx", "NOOP\r\r", "NOOP\r\n\n", "QUIT\n\r\n"}) {
    ServerTrace trace(options());
    trace.feed(testing::byte_by_byte(stream));
    EXPECT_TRUE(trace.closed()) << testing::escaped(stream);
    EXPECT_EQ(trace.lines()[trace.lines().size() - 2],
              "S: 500 5.5.2 a line ends in CR LF, neither comes alone");
  }
}

TEST(ServerSession, RefusesARequestOfAnotherProtocol) {
  ServerTrace trace(options());
  trace.feed(testing::in_one("POST / HTTP/1.1\r\nHost: mx.example\r\n\r\nMAIL FROM:<a@b>\r\n"));
  for (std::size_t i = 1; i < trace.lines().size(); ++i) {
    EXPECT_EQ(trace.lines()[i].substr(0, 4), "S: 5") << trace.lines()[i];
  }
}

// --- properties
// -----------------------------------------------------------------------------------

std::string random_stream(std::mt19937_64& dice) {
  const std::string words[] = {"EHLO x\r\n",
                               "HELO x\r\n",
                               "MAIL FROM:<a@b>\r\n",
                               "MAIL FROM:<> SIZE=5 BODY=8BITMIME\r\n",
                               "RCPT TO:<c@d>\r\n",
                               "RCPT TO:<@r:e@f>\r\n",
                               "DATA\r\n",
                               "RSET\r\n",
                               "NOOP\r\n",
                               "VRFY x\r\n",
                               "junk\r\n",
                               "\r\n",
                               ".\r\n",
                               "..\r\n",
                               "text\r\n",
                               ".dot\r\n",
                               "\n.\n",
                               "\r.\r",
                               "x\ny",
                               "\xff",
                               "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n",
                               std::string(2100, 'x')};
  std::string stream = "EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n";
  const std::size_t count = dice() % 25;
  for (std::size_t i = 0; i < count; ++i) {
    // Bare line ends in every fourth stream only: they end the session.
    stream += words[dice() % (std::size(words) - (dice() % 4 == 0 ? 0 : 6))];
  }
  return stream;
}

std::deque<Reply> random_answers(std::mt19937_64& dice) {
  const Reply some[] = {reply(250, "2.0.0", "yes"), reply(250, "2.0.0", "yes"),
                        reply(354, "", "go"), reply(451, "4.3.0", "no"),
                        reply(550, "5.7.1", "never")};
  std::deque<Reply> answers;
  for (std::size_t i = dice() % 12; i > 0; --i) answers.push_back(some[dice() % std::size(some)]);
  return answers;
}

TEST(ServerSession, GivesTheSameEventsHoweverTheInputIsCut) {
  std::mt19937_64 dice(2033);
  ServerOptions small = options();
  small.max_message_size = base::Bytes(40);
  for (int round = 0; round < 1500; ++round) {
    const std::string stream = random_stream(dice);
    const auto answers = random_answers(dice);
    ServerTrace whole(small, answers);
    whole.feed(testing::in_one(stream));
    for (const auto& pieces : testing::every_cut(stream, 3)) {
      ServerTrace cut(small, answers);
      cut.feed(pieces);
      ASSERT_EQ(cut.lines(), whole.lines()) << testing::escaped(stream);
    }
  }
}

// What the reference calls the message is what the host is given, and commands go on right behind
// it.
TEST(ServerSession, FindsTheEndOfDataWhereTheReferenceDoes) {
  std::mt19937_64 dice(302671);
  const std::string words[] = {"\r\n", "\r\n.",    ".",     "text",   "\r",
                               "\n",   "\r\n\r\n", "\n.\n", "\r.\r\n"};
  for (int round = 0; round < 1500; ++round) {
    std::string stream;
    for (std::size_t i = dice() % 10; i > 0; --i) stream += words[dice() % std::size(words)];
    stream += "\r\n.\r\n";
    const auto expected = testing::read_data_reference(stream);
    ASSERT_TRUE(expected);
    stream.resize(expected->used);
    ServerTrace trace(options());
    trace.feed(testing::in_one(kToData));
    trace.feed(testing::at_random(stream, dice()));
    if (expected->bare) {
      EXPECT_TRUE(trace.messages().empty());
      EXPECT_EQ(last(trace).substr(0, 13), "S: 550 5.6.11") << testing::escaped(stream);
    } else {
      ASSERT_EQ(trace.messages(), (Lines{expected->message})) << testing::escaped(stream);
    }
    EXPECT_FALSE(trace.session().in_data());
  }
}

}  // namespace
}  // namespace beredd::smtp

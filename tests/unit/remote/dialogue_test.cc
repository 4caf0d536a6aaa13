#include "dialogue.h"

#include <gtest/gtest.h>

namespace beredd::remote {
namespace {

struct Course {
  std::string said;
  bool over = false;
  bool good = false;
  std::string words;
  friend bool operator==(const Course&, const Course&) = default;
};

Course run(Dialogue& dialogue, std::string_view server, std::size_t piece) {
  Course course;
  for (std::size_t at = 0; at < server.size() && !dialogue.over(); at += piece) {
    course.said += dialogue.receive(server.substr(at, piece));
  }
  course.over = dialogue.over();
  course.good = dialogue.good();
  course.words = dialogue.words();
  return course;
}

// Whole and one byte at a time must come to the same.
Course smtp(std::string_view server) {
  const Course whole = run(*smtp_dialogue("[192.0.2.1]"), server, server.size());
  EXPECT_EQ(run(*smtp_dialogue("[192.0.2.1]"), server, 1), whole);
  return whole;
}
Course imap(std::string_view server) {
  const Course whole = run(*imap_dialogue(), server, server.size());
  EXPECT_EQ(run(*imap_dialogue(), server, 1), whole);
  return whole;
}

TEST(SmtpDialogue, IsGoodWhenGreetingEhloAndNoopAreAnsweredWell) {
  const Course course = smtp("220-mx\r\n220 ready\r\n250-mx\r\n250 SIZE\r\n250 ok\r\n");
  EXPECT_TRUE(course.good);
  EXPECT_EQ(course.said, "EHLO [192.0.2.1]\r\nNOOP\r\nQUIT\r\n");
}

TEST(SmtpDialogue, IsNotOverBeforeTheLastAnswer) {
  EXPECT_FALSE(smtp("220 ready\r\n").over);
  EXPECT_FALSE(smtp("220 ready\r\n250-mx\r\n").over);
  EXPECT_FALSE(smtp("220 ready\r\n250 mx\r\n").over);
}

TEST(SmtpDialogue, TakesTheServersWordsForAFailure) {
  const Course closed = smtp("421 4.3.2 shutting down\r\n");
  EXPECT_TRUE(closed.over);
  EXPECT_FALSE(closed.good);
  EXPECT_EQ(closed.words, "421 4.3.2 shutting down");
  EXPECT_EQ(smtp("554 no\r\n").words, "554 no");
  EXPECT_EQ(smtp("220 hi\r\n550 who are you\r\n").words, "550 who are you");
  EXPECT_EQ(smtp("220 hi\r\n250 mx\r\n502 no NOOP\r\n").words, "502 no NOOP");
}

TEST(SmtpDialogue, KnowsThatAnotherProtocolIsNotSmtp) {
  EXPECT_EQ(smtp("SSH-2.0-OpenSSH_9.2\r\n").words, "speaks no SMTP: SSH-2.0-OpenSSH_9.2");
}

TEST(SmtpDialogue, EndsALineWithoutEnd) {
  const Course course = smtp(std::string(20'000, '2'));
  EXPECT_TRUE(course.over);
  EXPECT_EQ(course.words, "sends no lines");
}

TEST(ImapDialogue, IsGoodWhenGreetingCapabilityAndNoopAreAnsweredWell) {
  const Course course =
      imap("* OK ready\r\n* CAPABILITY IMAP4rev1\r\na1 OK done\r\n* 3 EXISTS\r\na2 OK done\r\n");
  EXPECT_TRUE(course.good);
  EXPECT_EQ(course.said, "a1 CAPABILITY\r\na2 NOOP\r\na3 LOGOUT\r\n");
  EXPECT_TRUE(imap("* PREAUTH hi\r\na1 ok\r\na2 Ok\r\n").good);
}

TEST(ImapDialogue, TakesTheServersWordsForAFailure) {
  EXPECT_EQ(imap("* BYE overloaded\r\n").words, "* BYE overloaded");
  EXPECT_EQ(imap("* OK hi\r\n* BYE going\r\n").words, "* BYE going");
  EXPECT_EQ(imap("* OK hi\r\na1 BAD what\r\n").words, "a1 BAD what");
  EXPECT_EQ(imap("* OK hi\r\na1 OK\r\na2 NO not now\r\n").words, "a2 NO not now");
  EXPECT_EQ(imap("220 smtp here\r\n").words, "220 smtp here");
}

TEST(ImapDialogue, IsNotFooledByTheTagOfAnEarlierAnswer) {
  EXPECT_FALSE(imap("* OK hi\r\na1 OK\r\na1 OK\r\n").over);
}

}  // namespace
}  // namespace beredd::remote

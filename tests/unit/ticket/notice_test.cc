// RFC 3834, rule by rule.

#include "beredd/ticket/notice.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::ticket {
namespace {

using namespace std::chrono_literals;
using ::testing::Optional;

struct Notice : ::testing::Test {
  Notice() {
    envelope.reverse_path = mail::Mailbox{"anna", "there.example"};
    envelope.forward_paths = {{"support", "help.example"}};
    mail.from = {{"Anna", "anna@there.example"}};
    mail.to = {{"", "Support@Help.example"}};
    facts.when = NoticeWhen::fallback;
    facts.held = true;
    facts.is_ours = [](std::string_view address) { return address.ends_with("@help.example"); };
    facts.is_the_desks = [](std::string_view address) { return address == "support@help.example"; };
  }
  std::optional<Silence> silence() const { return silence_of(envelope, mail, facts, now); }
  void from(const std::string& local, const std::string& domain = "there.example") {
    envelope.reverse_path = mail::Mailbox{local, domain};
  }

  mail::Envelope envelope;
  mail::Reading mail;
  NoticeFacts facts;
  base::Instant now = base::Instant(std::chrono::hours(24 * 365 * 56));
};

TEST_F(Notice, IsSentToAPersonWhoseMailIsHeld) { EXPECT_EQ(silence(), std::nullopt); }

TEST_F(Notice, IsNotSentWhereTheDeskWantsNone) {
  facts.when = NoticeWhen::never;
  EXPECT_THAT(silence(), Optional(Silence::not_wanted));
}

TEST_F(Notice, IsNotSentInNormalTimesUnlessAlways) {
  facts.held = false;
  EXPECT_THAT(silence(), Optional(Silence::not_held));
  facts.when = NoticeWhen::always;
  EXPECT_EQ(silence(), std::nullopt);
}

TEST_F(Notice, NeverGoesToANullReturnPath) {
  envelope.reverse_path.reset();
  EXPECT_THAT(silence(), Optional(Silence::null_path));
  envelope.reverse_path = mail::Mailbox{"postmaster", ""};
  EXPECT_THAT(silence(), Optional(Silence::null_path));
}

TEST_F(Notice, NeverGoesToAMachinesReturnPath) {
  for (const char* local :
       {"MAILER-DAEMON", "owner-ducks", "ducks-request", "ducks-owner", "postmaster", "bounces+47",
        "ducks-bounces", "bounces-47-11", "noreply", "No-Reply+x", "listserv", "bounce"}) {
    from(local);
    EXPECT_THAT(silence(), Optional(Silence::machine_path)) << local;
  }
  for (const char* local :
       {"request", "owner", "anna-requests", "bounced", "noreplying", "x+bounce"}) {
    from(local);
    EXPECT_EQ(silence(), std::nullopt) << local;
  }
}

TEST_F(Notice, NeverAnswersAnyAutoSubmittedButNo) {
  for (const char* word :
       {"auto-replied", "auto-generated", "auto-notified", "yes", "x-whatever"}) {
    mail.auto_submitted = word;
    EXPECT_THAT(silence(), Optional(Silence::automatic)) << word;
  }
  mail.auto_submitted = "no";
  EXPECT_EQ(silence(), std::nullopt);
}

TEST_F(Notice, NeverAnswersWhatAMachineWroteByItsOwnSigns) {
  for (const auto kind :
       {mail::Kind::auto_reply, mail::Kind::vacation, mail::Kind::delivery_report}) {
    mail.kind = kind;
    EXPECT_THAT(silence(), Optional(Silence::automatic)) << mail::name(kind);
  }
}

TEST_F(Notice, NeverAnswersListsAndBulk) {
  mail.kind = mail::Kind::list;
  EXPECT_THAT(silence(), Optional(Silence::list));
  mail.kind = mail::Kind::bulk;
  EXPECT_THAT(silence(), Optional(Silence::bulk));
}

TEST_F(Notice, NeverAnswersOurselves) {
  from("Billing", "HELP.example");
  EXPECT_THAT(silence(), Optional(Silence::ourselves));
  from("anna");
  mail.from = {{"", "billing@help.example"}};
  EXPECT_THAT(silence(), Optional(Silence::ourselves));
}

TEST_F(Notice, NeverAnswersAnotherOfOurKind) {
  mail.loop_marks = {"t1042@mx.other.example"};
  EXPECT_THAT(silence(), Optional(Silence::ourselves));
}

TEST_F(Notice, IsOnlyForMailThatNamesTheDesk) {
  mail.to = {{"", "somebody@there.example"}};
  EXPECT_THAT(silence(), Optional(Silence::not_addressed));
  mail.to = {{"", "billing@help.example"}};
  EXPECT_THAT(silence(), Optional(Silence::not_addressed));
  mail.cc = {{"", "support@help.example"}};
  EXPECT_EQ(silence(), std::nullopt);
  mail.to = mail.cc = {};
  EXPECT_THAT(silence(), Optional(Silence::not_addressed));
}

TEST_F(Notice, IsNotSentForWhatNobodyCanRead) {
  mail.opaque = true;
  EXPECT_THAT(silence(), Optional(Silence::unreadable));
}

TEST_F(Notice, TellsASenderOnceInSevenDays) {
  facts.last = now - 24h * 7 + 1us;
  EXPECT_THAT(silence(), Optional(Silence::told_already));
  facts.last = now - 24h * 7;
  EXPECT_EQ(silence(), std::nullopt);
}

TEST_F(Notice, ALastNoticeFromAClockThatWasAheadCountsAsNow) {
  facts.last = now + 24h * 365;
  EXPECT_THAT(silence(), Optional(Silence::told_already));
}

TEST_F(Notice, StaysWithinWhatTheDeskMaySendInAll) {
  facts.has_room = false;
  EXPECT_THAT(silence(), Optional(Silence::too_many));
}

// Whatever goes into one is silenced in the other: a notice never answers a notice.
TEST_F(Notice, DoesNotAnswerANotice) {
  facts.when = NoticeWhen::always;
  from("support", "other.example");
  mail.auto_submitted = "auto-replied";
  EXPECT_THAT(silence(), Optional(Silence::automatic));
  mail.auto_submitted.clear();
  envelope.reverse_path.reset();
  EXPECT_THAT(silence(), Optional(Silence::null_path));
}

TEST(Silences, HaveNames) {
  EXPECT_EQ(name(Silence::not_wanted), "not-wanted");
  EXPECT_EQ(name(Silence::told_already), "told-already");
  EXPECT_EQ(name(Silence::too_many), "too-many");
}

}  // namespace
}  // namespace beredd::ticket

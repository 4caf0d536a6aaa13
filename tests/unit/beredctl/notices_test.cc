// Notices and templates on the command line.

#include "arguments.h"
#include "print.h"
#include "scripted_daemon.h"

namespace beredd::beredctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

template <typename T>
T read(std::vector<const char*> words) {
  words.insert(words.begin(), "beredctl");
  std::ostringstream out, err;
  auto result = read_arguments(static_cast<int>(words.size()), words.data(), "/s", out, err);
  EXPECT_TRUE(std::holds_alternative<Arguments>(result)) << err.str();
  return std::get<T>(std::get<Arguments>(result).command);
}

TEST(NoticeArguments, AreRead) {
  const auto shown =
      read<PreviewNotice>({"notice", "preview", "--desk", "support", "--language", "sv"});
  EXPECT_EQ(shown.desk + shown.language, "supportsv");
  EXPECT_EQ(read<ListTemplates>({"template", "list", "--desk", "support"}).desk, "support");
  const auto one = read<ShowTemplate>({"template", "show", "password", "--ticket", "7"});
  EXPECT_EQ(one.name, "password");
  EXPECT_EQ(one.ticket, 7U);
  const auto letter = read<WriteLetter>({"ticket", "reply", "7", "--template", "password"});
  EXPECT_EQ(letter.form, "password");
  EXPECT_EQ(letter.language, "") << "the customer's";
}

TEST(NoticeArguments, ATemplateAndAFileAreTwoTexts) {
  std::ostringstream out, err;
  const std::vector<const char*> words = {"beredctl", "ticket", "reply",      "7",
                                          "--file",   "x",      "--template", "password"};
  const auto result = read_arguments(static_cast<int>(words.size()), words.data(), "/s", out, err);
  ASSERT_TRUE(std::holds_alternative<Ended>(result));
  EXPECT_EQ(std::get<Ended>(result).status, 2);
}

TEST_F(Commands, APreviewIsALetter) {
  daemon.will_say(api::encode(
      api::NoticePreview{"support", "fallback", "sv", "s@example.org", "Auto: …", "Hej!\n\nA\n"}));
  EXPECT_EQ(run_it(PreviewNotice{"support", "sv"}), kDone);
  EXPECT_EQ(out.str(),
            "desk      support\nsent      while mail is held here\nlanguage  sv\n"
            "from      s@example.org\nsubject   Auto: …\n\n  Hej!\n\n  A\n");
  EXPECT_THAT(daemon.asked(), ElementsAre("GET /v1/notices/preview desk=support language=sv"));
}

TEST_F(Commands, TemplatesAreListedByTheirFirstLine) {
  daemon.will_say("[]");
  EXPECT_EQ(run_it(ListTemplates{}), kDone);
  EXPECT_THAT(out.str(), HasSubstr("[[template]]"));
  daemon.will_say(api::encode(std::vector<api::TemplateView>{
      {"password", "sv", {}, "Hej {customer}\nmer\n"}, {"paid", "en", {"a", "b"}, "Paid?"}}));
  run_it(ListTemplates{});
  EXPECT_EQ(out.str(),
            "NAME      LANGUAGE  DESKS  TEXT\npassword  sv        all    Hej {customer}\n"
            "paid      en        a, b   Paid?\n");
}

TEST_F(Commands, ATemplateIsShownAsItWouldStandInAnAnswer) {
  daemon.will_say(api::encode(api::TemplateView{"password", "sv", {}, "Hej Anna\n\x1b[1mmer"}));
  EXPECT_EQ(run_it(ShowTemplate{"password", "", 7}), kDone);
  EXPECT_THAT(out.str(), testing::StartsWith("Hej Anna\n"));
  EXPECT_THAT(out.str(), testing::Not(HasSubstr("\x1b")));
  EXPECT_THAT(daemon.asked(), ElementsAre("GET /v1/templates/password language= ticket=7"));
}

TEST_F(Commands, AnAnswerBeginsWithItsTemplate) {
  daemon.will_say(api::encode(api::TemplateView{"password", "sv", {}, "Hej Anna"}));
  api::Draft draft;
  draft.kind = "answer";
  draft.ticket = 7;
  draft.message = 42;
  draft.to = {{"Anna", "anna@example.net"}};
  draft.text = "> fel\n";
  daemon.will_say(api::encode(draft));
  daemon.will_say("{}");
  daemon.will_say("{}");
  daemon.will_say(api::encode(api::Written{7, 43}));
  daemon.will_say("{}");
  WriteLetter letter;
  letter.id = 7;
  letter.form = "password";
  letter.yes = true;
  EXPECT_EQ(run_it(letter), kDone) << err.str();
  const auto asked = daemon.asked();
  ASSERT_GE(asked.size(), 5U);
  EXPECT_EQ(asked[0], "GET /v1/templates/password language= ticket=7");
  EXPECT_THAT(asked[4], HasSubstr(R"("text":"Hej Anna\n\n> fel\n")"));
}

TEST(NoticeWords, AreShort) {
  Style style;
  style.now = *base::parse_rfc3339("2026-11-23T02:17:20Z");
  api::Ticket ticket;
  ticket.notice = api::TicketNotice{false, style.now, 1, "told-already"};
  EXPECT_THAT(ticket_text(ticket, style), HasSubstr("notice     not sent: told-already\n"));
  ticket.notice = api::TicketNotice{true, style.now, 1, ""};
  EXPECT_THAT(ticket_text(ticket, style), HasSubstr("notice     sent "));
  EXPECT_EQ(notices_lines({{"support", "fallback", 0, 500}}), "");
  EXPECT_EQ(notices_lines({{"support", "fallback", 1, 500}}),
            "1 notice from support in the last hour.\n");
  EXPECT_EQ(notices_lines({{"support", "fallback", 500, 500}}),
            "500 notices from support in the last hour: no more than that are sent.\n");
}

}  // namespace
}  // namespace beredd::beredctl

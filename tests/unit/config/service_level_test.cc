// Calendars and service levels: what is read, what is refused.

#include "beredd/config/service_level.h"

#include "sample.h"

namespace beredd::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kOffice =
    "[[calendar]]\nname = \"office\"\nzone = \"Europe/Stockholm\"\n";

Loaded with(std::string_view more) {
  return parse(std::string(kSmallest) + std::string(more), "beredd.toml");
}

std::vector<std::string> problems_with(std::string_view more) {
  return texts_of(with(more).problems);
}

TEST(Calendars, HaveAnOfficeWeekByDefault) {
  const Loaded loaded = with(kOffice);
  EXPECT_THAT(texts_of(loaded.problems), IsEmpty());
  const Calendar& office = loaded.config->calendars.at(0);
  EXPECT_THAT(office.hours, ElementsAre("mon-fri 08:00-17:00"));
  EXPECT_THAT(office.holidays, IsEmpty());
  EXPECT_EQ(office.eves, Eves::closed);
  const auto hours = hours_of(office);
  ASSERT_TRUE(hours);
  EXPECT_TRUE(hours->open(*base::parse_rfc3339("2026-11-23T07:00:00Z")));
  EXPECT_FALSE(hours->open(*base::parse_rfc3339("2026-11-23T06:59:59Z")));
}

TEST(Calendars, TakeEverythingThatTheyKnow) {
  const Loaded loaded = with(std::string(kOffice) +
                             "hours = [\"mon-thu 08:00-17:00\", \"fri 22:00-06:00\"]\n"
                             "holidays = [\"SE\", \"FI\"]\neves = \"open\"\n"
                             "closed = [\"2026-07-06..2026-07-10\", \"12-27\"]\n"
                             "special = [\"2026-12-24 09:00-12:00\"]\n");
  EXPECT_THAT(texts_of(loaded.problems), IsEmpty());
  const auto hours = hours_of(loaded.config->calendars.at(0));
  ASSERT_TRUE(hours);
  EXPECT_TRUE(hours->open(*base::parse_rfc3339("2026-11-28T04:59:59Z")));   // Friday's night
  EXPECT_FALSE(hours->open(*base::parse_rfc3339("2026-07-06T09:00:00Z")));  // closed
  EXPECT_TRUE(hours->open(*base::parse_rfc3339("2026-12-24T08:30:00Z")));   // special
  EXPECT_FALSE(hours->open(*base::parse_rfc3339("2027-12-06T09:00:00Z")));  // Finland's own day
}

TEST(Calendars, AreRefusedWhereTheyMakeNoSense) {
  EXPECT_THAT(
      problems_with("[[calendar]]\nname = \"office\"\nzone = \"Europe/Nowhere\"\n"),
      ElementsAre(testing::StartsWith("calendar.zone: no time zone is called \"Europe/Nowhere\"")));
  EXPECT_THAT(problems_with(std::string(kOffice) + "hours = [\"mon-fri 8-17\"]\n"),
              ElementsAre("calendar.hours: expected hours such as \"mon-fri 08:00-17:00\", got "
                          "\"mon-fri 8-17\" (beredd.toml:15)"));
  EXPECT_THAT(problems_with(std::string(kOffice) + "hours = []\n"),
              ElementsAre("calendar.hours: the list is empty (beredd.toml:15)"));
  EXPECT_THAT(problems_with(std::string(kOffice) + "holidays = [\"DK\"]\n"),
              ElementsAre("calendar.holidays: expected one of SE, NO, FI, got \"DK\" "
                          "(beredd.toml:15)"));
  EXPECT_THAT(problems_with(std::string(kOffice) + "closed = [\"2026-02-29\"]\n"),
              ElementsAre(testing::StartsWith("calendar.closed: expected a day such as")));
  EXPECT_THAT(problems_with(std::string(kOffice) + "special = [\"2026-12-24\"]\n"),
              ElementsAre(testing::StartsWith("calendar.special: expected a day and its hours")));
  EXPECT_THAT(problems_with(std::string(kOffice) + std::string(kOffice)),
              ElementsAre("calendar \"office\": this name is taken in line 13 (beredd.toml:16)"));
  EXPECT_THAT(problems_with("[[calendar]]\nname = \"office\"\n"),
              ElementsAre("calendar \"office\": no zone (beredd.toml:12)"));
}

TEST(ServiceLevels, NameACalendarAndDesksThatAreThere) {
  EXPECT_THAT(problems_with("[[sla]]\ncalendar = \"office\"\nfirst_answer = \"4h\"\n"),
              ElementsAre("sla: there is no calendar \"office\"; add a [[calendar]] table "
                          "(beredd.toml:13)"));
  EXPECT_THAT(problems_with(std::string(kOffice) +
                            "[[sla]]\ncalendar = \"night\"\nfirst_answer = \"4h\"\n"),
              ElementsAre("sla: there is no calendar \"night\"; name one of: office "
                          "(beredd.toml:16)"));
  EXPECT_THAT(
      problems_with(std::string(kOffice) + "[[sla]]\ncalendar = \"office\"\ndesks = [\"sales\"]\n"
                                           "first_answer = \"4h\"\n"),
      ElementsAre("sla.desks: there is no desk \"sales\"; name one of: support "
                  "(beredd.toml:17)"));
  EXPECT_THAT(problems_with(std::string(kOffice) + "[[sla]]\ncalendar = \"office\"\n"),
              ElementsAre("warning: sla: it promises nothing; set first_answer, next_answer or "
                          "solution (beredd.toml:15)"));
  EXPECT_THAT(
      problems_with(std::string(kOffice) + "[[sla]]\ncalendar = \"office\"\nfirst_answer = \"4h\"\n"
                                           "priorities = [\"high\", \"hot\"]\nwarning = 100\n"),
      ElementsAre("sla.priorities: expected one of low, normal, high, urgent, got \"hot\" "
                  "(beredd.toml:18)",
                  "sla.warning: 100 is above the maximum 99 (beredd.toml:19)"));
}

TEST(ServiceLevels, OfSeveralThatFitTheFirstCounts) {
  const std::vector<ServiceLevel> levels = {
      {.desks = {"support"}, .priorities = {"urgent"}, .calendar = "always"},
      {.desks = {}, .priorities = {"urgent", "high"}, .calendar = "long"},
      {.desks = {"support"}, .priorities = {}, .calendar = "office"},
  };
  const auto calendar_of = [&](std::string_view desk, std::string_view priority) {
    const ServiceLevel* level = level_of(levels, desk, priority);
    return level != nullptr ? level->calendar : "none";
  };
  EXPECT_EQ(calendar_of("support", "urgent"), "always");
  EXPECT_EQ(calendar_of("support", "high"), "long");
  EXPECT_EQ(calendar_of("support", "low"), "office");
  EXPECT_EQ(calendar_of("sales", "urgent"), "long");
  EXPECT_EQ(calendar_of("sales", "normal"), "none");
}

TEST(ServiceLevels, AreShownAsTheyAreRead) {
  const Loaded loaded = with(std::string(kOffice) +
                             "[[sla]]\ncalendar = \"office\"\nfirst_answer = \"4h\"\n"
                             "next_answer = \"90m\"\n");
  const std::string shown = show(*loaded.config);
  EXPECT_NE(shown.find("[[sla]]\ndesks = []\npriorities = []\ncalendar = \"office\"\n"
                       "first_answer = \"4h\"\nnext_answer = \"1h30m\"\nsolution = \"0s\"\n"),
            std::string::npos)
      << shown;
  EXPECT_EQ(show(*parse(shown, "beredd.toml").config), shown);
}

}  // namespace
}  // namespace beredd::config

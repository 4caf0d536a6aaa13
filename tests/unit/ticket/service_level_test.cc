#include "beredd/ticket/service_level.h"

#include "../calendar/office.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace beredd::ticket {
namespace {

using calendar::at;
using calendar::hours_of;
using std::chrono::hours;
using Kind = Happening::Kind;

// Four hours, two hours, eighteen hours: in a week of nine hours a day.
const ServiceLevel kLevel{hours(4), hours(2), hours(18), 75};

Happening arrival(std::string_view when) { return {Kind::arrival, at(when), {}}; }
Happening answer(std::string_view when) { return {Kind::answer, at(when), {}}; }
Happening became(std::string_view when, State state) { return {Kind::state, at(when), state}; }

std::string wall(const std::optional<base::Instant>& instant) {
  if (!instant) return "-";
  const calendar::Zone zone = *calendar::Zone::named("Europe/Stockholm");
  return base::rfc3339(base::Instant(zone.wall(*instant).time_since_epoch())).substr(5, 11);
}

// "first answer running 3h warning 11-23T11:00 due 11-23T12:00"
std::vector<std::string> told(std::vector<Happening> happenings,
                              const calendar::Office& office = {},
                              const ServiceLevel& level = kLevel) {
  constexpr std::string_view kStandings[] = {"running", "resting", "ended"};
  std::vector<std::string> lines;
  const calendar::Hours open = hours_of(office);
  for (const Deadline& one : deadlines(open, level, happenings)) {
    lines.push_back(fmt::format("{} {} {} warning {} due {}", name(one.measure),
                                kStandings[static_cast<std::size_t>(one.standing)],
                                base::to_string(one.used), wall(one.warning), wall(one.due)));
  }
  return lines;
}
using Lines = std::vector<std::string>;

TEST(ServiceLevel, BeginsWithTheFirstMail) {
  EXPECT_EQ(told({arrival("2026-11-23 08:00")}),
            (Lines{"first answer running 0s warning 11-23T11:00 due 11-23T12:00",
                   "solution running 0s warning 11-24T12:30 due 11-24T17:00"}));
}

TEST(ServiceLevel, OfAMailAtNightBeginsInTheMorning) {
  EXPECT_EQ(told({arrival("2026-11-20 22:00")}),
            (Lines{"first answer running 0s warning 11-23T11:00 due 11-23T12:00",
                   "solution running 0s warning 11-24T12:30 due 11-24T17:00"}));
}

TEST(ServiceLevel, FurtherMailsDoNotBeginItAnew) {
  EXPECT_EQ(told({arrival("2026-11-23 08:00"), arrival("2026-11-23 10:00")}),
            told({arrival("2026-11-23 08:00")}));
}

TEST(ServiceLevel, AnAnswerInTimeLeavesNothingDue) {
  EXPECT_EQ(
      told({arrival("2026-11-23 08:00"), answer("2026-11-23 10:00")}),
      (Lines{"first answer ended 2h warning - due -", "solution resting 2h warning - due -"}));
}

TEST(ServiceLevel, AnAnswerAtTheVeryInstantIsInTime) {
  EXPECT_EQ(told({arrival("2026-11-23 08:00"), answer("2026-11-23 12:00")})[0],
            "first answer ended 4h warning 11-23T11:00 due -");
}

TEST(ServiceLevel, ALateAnswerStaysLate) {
  EXPECT_EQ(told({arrival("2026-11-23 08:00"), answer("2026-11-23 13:00")})[0],
            "first answer ended 5h warning 11-23T11:00 due 11-23T12:00");
}

TEST(ServiceLevel, TimeThatTheCustomerHasTheBallDoesNotCount) {
  EXPECT_EQ(
      told({arrival("2026-11-23 08:00"), answer("2026-11-23 10:00"), arrival("2026-11-25 08:00")}),
      (Lines{"first answer ended 2h warning - due -",
             "solution running 2h warning 11-26T10:30 due 11-26T15:00",
             "next answer running 0s warning 11-25T09:30 due 11-25T10:00"}));
}

TEST(ServiceLevel, EveryQuestionHasItsOwnNextAnswer) {
  const Lines lines =
      told({arrival("2026-11-23 08:00"), answer("2026-11-23 09:00"), arrival("2026-11-23 10:00"),
            answer("2026-11-23 13:00"), arrival("2026-11-23 14:00"), answer("2026-11-23 15:00")});
  EXPECT_EQ(lines,
            (Lines{"first answer ended 1h warning - due -", "solution resting 5h warning - due -",
                   "next answer ended 3h warning 11-23T11:30 due 11-23T12:00",
                   "next answer ended 1h warning - due -"}));
}

TEST(ServiceLevel, PendingStopsEverythingUntilThereIsMailOrAPersonOpensIt) {
  const std::vector<Happening> pending = {arrival("2026-11-23 08:00"),
                                          became("2026-11-23 09:00", State::pending)};
  EXPECT_EQ(told(pending), (Lines{"first answer resting 1h warning - due -",
                                  "solution resting 1h warning - due -"}));
  auto mail = pending;
  mail.push_back(arrival("2026-11-24 08:00"));
  EXPECT_EQ(told(mail)[0], "first answer running 1h warning 11-24T10:00 due 11-24T11:00");
  auto opened = pending;
  opened.push_back(became("2026-11-24 08:00", State::open));
  EXPECT_EQ(told(opened), told(mail));
}

TEST(ServiceLevel, OpeningWhatIsOpenAlreadyDoesNotTakeTheBallBack) {
  EXPECT_EQ(told({arrival("2026-11-23 08:00"), answer("2026-11-23 09:00"),
                  became("2026-11-23 09:00", State::open)})[1],
            "solution resting 1h warning - due -");
}

TEST(ServiceLevel, SolvedEndsWhatWasPromised) {
  EXPECT_EQ(told({arrival("2026-11-23 08:00"), became("2026-11-23 09:00", State::solved)}),
            (Lines{"first answer ended 1h warning - due -", "solution ended 1h warning - due -"}));
}

TEST(ServiceLevel, AReopenedTicketGoesOnFromWhereItWas) {
  EXPECT_EQ(told({arrival("2026-11-23 08:00"), answer("2026-11-23 09:00"),
                  became("2026-11-23 09:00", State::solved), arrival("2026-11-30 08:00")}),
            (Lines{"first answer ended 1h warning - due -",
                   "solution running 1h warning 12-01T11:30 due 12-01T16:00",
                   "next answer running 0s warning 11-30T09:30 due 11-30T10:00"}));
  EXPECT_EQ(told({arrival("2026-11-23 08:00"), became("2026-11-23 09:00", State::closed),
                  became("2026-11-24 08:00", State::open)}),
            (Lines{"first answer ended 1h warning - due -",
                   "solution running 1h warning 11-25T11:30 due 11-25T16:00"}));
}

TEST(ServiceLevel, OfATicketThatWeBeganIsANextAnswer) {
  EXPECT_EQ(told({answer("2026-11-23 08:00"), arrival("2026-11-23 09:00")}),
            (Lines{"next answer running 0s warning 11-23T10:30 due 11-23T11:00",
                   "solution running 0s warning 11-24T13:30 due 11-25T09:00"}));
}

TEST(ServiceLevel, OnlyWhatIsPromisedIsMeasured) {
  EXPECT_EQ(
      told({arrival("2026-11-23 08:00"), answer("2026-11-23 09:00"), arrival("2026-11-23 10:00")},
           {}, ServiceLevel{{}, hours(2), {}, 50}),
      (Lines{"next answer running 0s warning 11-23T11:00 due 11-23T12:00"}));
  EXPECT_TRUE(told({arrival("2026-11-23 08:00")}, {}, ServiceLevel{}).empty());
}

TEST(ServiceLevel, PassesOverHolidaysAndChangesOfTheClock) {
  EXPECT_EQ(told({arrival("2026-12-23 15:00")}, {.holidays = {calendar::Country::sweden}})[0],
            "first answer running 0s warning 12-28T09:00 due 12-28T10:00");
  EXPECT_EQ(told({arrival("2026-03-28 23:00")}, {.week = {"mon-sun 00:00-24:00"}})[0],
            "first answer running 0s warning 03-29T03:00 due 03-29T04:00");
  EXPECT_EQ(told({arrival("2026-10-24 23:00")}, {.week = {"mon-sun 00:00-24:00"}})[0],
            "first answer running 0s warning 10-25T02:00 due 10-25T02:00");
}

TEST(ServiceLevel, OfADeskThatNeverOpensIsNeverDue) {
  EXPECT_EQ(told({arrival("2026-11-23 08:00")}, {.week = {}})[0],
            "first answer running 0s warning - due -");
}

class Crossings : public testing::Test {
 protected:
  std::vector<std::string> until(std::string_view now) const {
    std::vector<std::string> lines;
    for (const Crossing& one : crossings(all_, at(now))) {
      lines.push_back(fmt::format("{} {} {}", name(one.measure), name(one.kind), wall(one.at)));
    }
    return lines;
  }

  calendar::Hours open_ = hours_of({});
  std::vector<Happening> happenings_ = {arrival("2026-11-23 08:00")};
  std::vector<Deadline> all_ = deadlines(open_, kLevel, happenings_);
};

TEST_F(Crossings, ComeOneAfterTheOther) {
  EXPECT_EQ(until("2026-11-23 10:59"), Lines{});
  EXPECT_EQ(until("2026-11-23 11:00"), Lines{"first answer warning 11-23T11:00"});
  EXPECT_EQ(until("2026-11-23 12:00"),
            (Lines{"first answer warning 11-23T11:00", "first answer breach 11-23T12:00"}));
  EXPECT_EQ(until("2027-11-23 12:00").size(), 4u);
}

TEST_F(Crossings, AreKnownBeforehand) {
  EXPECT_EQ(next_crossing(all_, at("2026-11-23 08:00")), at("2026-11-23 11:00"));
  EXPECT_EQ(next_crossing(all_, at("2026-11-23 11:00")), at("2026-11-23 12:00"));
  EXPECT_EQ(next_crossing(all_, at("2026-11-23 12:00")), at("2026-11-24 12:30"));
  EXPECT_FALSE(next_crossing(all_, at("2026-11-24 17:00")));
}

TEST_F(Crossings, TheOneDueFirstIsTheMostUrgentOfThoseThatRun) {
  EXPECT_EQ(most_urgent(all_)->measure, Measure::first_answer);
  happenings_.push_back(answer("2026-11-23 09:00"));
  all_ = deadlines(open_, kLevel, happenings_);
  EXPECT_EQ(most_urgent(all_), nullptr);
}

// Looked at whenever, whoever writes each new crossing down has the same list in the end.
TEST_F(Crossings, DoNotDependOnWhenSomebodyLooks) {
  happenings_ = {arrival("2026-11-23 08:00"), answer("2026-11-23 13:00"),
                 arrival("2026-11-24 09:00"), became("2026-11-24 14:00", State::pending),
                 arrival("2026-11-25 09:00"), became("2026-11-27 16:00", State::solved)};
  const auto last = crossings(deadlines(open_, kLevel, happenings_), at("2026-12-24 00:00"));
  std::vector<Crossing> seen;
  for (base::Instant now = at("2026-11-23 08:00"); now < at("2026-11-29 00:00");
       now += std::chrono::minutes(7)) {
    std::vector<Happening> so_far;
    for (const Happening& one : happenings_) {
      if (one.at <= now) so_far.push_back(one);
    }
    for (const Crossing& one : crossings(deadlines(open_, kLevel, so_far), now)) {
      if (std::find(seen.begin(), seen.end(), one) == seen.end()) seen.push_back(one);
    }
  }
  EXPECT_EQ(seen, last);
  EXPECT_EQ(last.size(), 6u);
}

}  // namespace
}  // namespace beredd::ticket

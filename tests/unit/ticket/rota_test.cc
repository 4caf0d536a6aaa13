#include "beredd/ticket/rota.h"

#include <map>

#include <gtest/gtest.h>

#include "beredd/base/random.h"

namespace beredd::ticket {
namespace {

using namespace std::chrono_literals;

constexpr base::Instant kNow = base::from_micros(1'795'000'000'000'000);

Colleague person(std::string name, std::vector<int> lines, int load = 0) {
  Colleague one;
  one.name = std::move(name);
  one.lines = std::move(lines);
  one.load = load;
  return one;
}

std::string taker(const std::vector<Colleague>& people, const Wanted& wanted) {
  const Colleague* one = least_loaded(people, wanted);
  return one != nullptr ? one->name : "nobody";
}

Wanted in_line(int line) { return {line, {}, {}, {}}; }

std::string stand_in_of(const std::vector<Colleague>& people, std::string_view name) {
  const Colleague* one = stand_in(people, name);
  return one != nullptr ? one->name : "nobody";
}

TEST(LeastLoaded, IsWhoHasTheFewestTickets) {
  EXPECT_EQ(taker({person("anna", {1}, 3), person("bo", {1}, 2)}, in_line(1)), "bo");
}

TEST(LeastLoaded, OfTwoEqualsIsTheEarlier) {
  EXPECT_EQ(taker({person("anna", {1}, 2), person("bo", {1}, 2)}, in_line(1)), "anna");
}

TEST(LeastLoaded, WorksInTheLine) {
  EXPECT_EQ(taker({person("anna", {1}), person("bo", {2, 3}, 9)}, in_line(2)), "bo");
  EXPECT_EQ(taker({person("anna", {1})}, in_line(2)), "nobody");
}

TEST(LeastLoaded, IsPresent) {
  auto anna = person("anna", {1});
  anna.present = false;
  EXPECT_EQ(taker({anna, person("bo", {1}, 99)}, in_line(1)), "bo");
  EXPECT_EQ(taker({anna}, in_line(1)), "nobody");
}

TEST(LeastLoaded, WorksAtTheDeskOrAtAll) {
  auto anna = person("anna", {1});
  anna.desks = {"billing"};
  EXPECT_EQ(taker({anna, person("bo", {1}, 5)}, {1, "support", {}, {}}), "bo");
  EXPECT_EQ(taker({anna, person("bo", {1}, 5)}, {1, "billing", {}, {}}), "anna");
}

TEST(LeastLoaded, IsOfTheTeamWhereOneIsAskedFor) {
  auto bo = person("bo", {1}, 5);
  bo.teams = {"billing"};
  EXPECT_EQ(taker({person("anna", {1}), bo}, {1, {}, "billing", {}}), "bo");
  EXPECT_EQ(taker({person("anna", {1})}, {1, {}, "billing", {}}), "nobody");
}

TEST(LeastLoaded, SpeaksTheLanguageWhereAnybodyDoes) {
  auto bo = person("bo", {1}, 50);
  bo.languages = {"fi"};
  EXPECT_EQ(taker({person("anna", {1}), bo}, {1, {}, {}, "fi"}), "bo");
  EXPECT_EQ(taker({person("anna", {1}), bo}, {1, {}, {}, "no"}), "anna");
}

TEST(LeastLoaded, KeepsTwoHundredTicketsInBalanceWhateverTheStart) {
  base::SeededRandom random(7);
  std::vector<Colleague> people;
  for (int n = 0; n < 5; ++n) {
    people.push_back(person("p" + std::to_string(n), {1}, static_cast<int>(random.below(20))));
  }
  for (int n = 0; n < 200; ++n) {
    const std::string name = taker(people, {1, {}, {}, {}});
    for (Colleague& one : people) one.load += one.name == name ? 1 : 0;
  }
  int least = 1000, most = 0;
  for (const Colleague& one : people) {
    least = std::min(least, one.load);
    most = std::max(most, one.load);
  }
  EXPECT_LE(most - least, 1);
}

class Deputies : public testing::Test {
 protected:
  void away(const std::string& name) { named(name).present = false; }
  void deputy(const std::string& of, const std::string& name) { named(of).deputy = name; }
  Colleague& named(const std::string& name) {
    for (Colleague& one : people) {
      if (one.name == name) return one;
    }
    throw std::out_of_range(name);
  }
  std::vector<Colleague> people{person("anna", {1}), person("bo", {1}), person("cia", {1})};
};

TEST_F(Deputies, StandIn) {
  deputy("anna", "bo");
  EXPECT_EQ(stand_in_of(people, "anna"), "bo");
}

TEST_F(Deputies, OfDeputiesStandInWhenBothAreAway) {
  deputy("anna", "bo");
  deputy("bo", "cia");
  away("bo");
  EXPECT_EQ(stand_in_of(people, "anna"), "cia");
}

TEST_F(Deputies, AreNobodyWhereNoneIsNamed) {
  EXPECT_EQ(stand_in_of(people, "anna"), "nobody");
  deputy("anna", "bo");
  away("bo");
  EXPECT_EQ(stand_in_of(people, "anna"), "nobody");
}

TEST_F(Deputies, InACircleOfAbsentPeopleAreNobody) {
  deputy("anna", "bo");
  deputy("bo", "cia");
  deputy("cia", "bo");
  away("anna");
  away("bo");
  away("cia");
  EXPECT_EQ(stand_in_of(people, "anna"), "nobody");
}

TEST_F(Deputies, NeverStandInForThemselves) {
  deputy("anna", "bo");
  deputy("bo", "anna");
  away("bo");
  EXPECT_EQ(stand_in_of(people, "anna"), "nobody");
}

TEST_F(Deputies, OfSomebodyUnknownAreNobody) {
  EXPECT_EQ(stand_in_of(people, "dag"), "nobody");
  deputy("anna", "dag");
  EXPECT_EQ(stand_in_of(people, "anna"), "nobody");
}

TEST_F(Deputies, CountInThePresence) {
  EXPECT_EQ(presence(people), 100);
  away("bo");
  EXPECT_EQ(presence(people), 66);
  EXPECT_EQ(presence({}), 100);
}

TEST(Absence, IsOverAtItsEndAndNotBefore) {
  Absence absence{"anna", kNow, kNow + 1h, "dentist", "anna"};
  EXPECT_FALSE(over(absence, kNow));
  EXPECT_FALSE(over(absence, kNow + 1h - 1us));
  EXPECT_TRUE(over(absence, kNow + 1h));
  absence.until.reset();
  EXPECT_FALSE(over(absence, kNow + 10000h));
}

}  // namespace
}  // namespace beredd::ticket

// What people, teams, rules and levels must agree on.

#include "sample.h"

namespace beredd::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class People : public testing::TestWithParam<Case> {};

TEST_P(People, AreHeldAgainstEachOther) {
  const Loaded loaded = parse(edited(GetParam().edit), "beredd.toml");
  EXPECT_EQ(texts_of(loaded.problems), GetParam().problems);
}

const std::string kAnna = "[[person]]\nname = \"anna\"\n";
const std::string kRule = "[[rule]]\nname = \"r\"\ntags = [\"t\"]\n";

INSTANTIATE_TEST_SUITE_P(
    Persons, People,
    testing::Values(
        Case{"DeputyWhoIsNobody",
             below(11, kAnna + "deputy = \"bo\""),
             {"person \"anna\": there is no person \"bo\" (beredd.toml:14)"}},
        Case{"DeputyOfOneself",
             below(11, kAnna + "deputy = \"anna\""),
             {"person \"anna\": nobody is their own deputy (beredd.toml:14)"}},
        Case{"NameTwice",
             below(11, kAnna + kAnna),
             {"person \"anna\": this name is taken in line 13 (beredd.toml:15)"}},
        Case{"LoginTwice",
             below(11, kAnna + "login = \"a\"\n[[person]]\nname = \"bo\"\nlogin = \"a\""),
             {"person \"bo\": this login is taken in line 14 (beredd.toml:17)"}},
        Case{"NameThatMeansAnybody",
             below(11, "[[person]]\nname = \"auto\""),
             {"person \"auto\": \"auto\" means the least loaded person (beredd.toml:13)"}},
        Case{"LineThatIsNone",
             below(11, kAnna + "lines = [1, 4]"),
             {"person.lines: 4 is above the maximum 3 (beredd.toml:14)"}},
        Case{"NoLine",
             below(11, kAnna + "lines = []"),
             {"person.lines: the list is empty (beredd.toml:14)",
              "person \"anna\": the list is empty (beredd.toml:14)"}},
        Case{"AddressThatIsNone",
             below(11, kAnna + "address = \"anna\""),
             {"person \"anna\": expected an address such as \"Support <support@example.org>\", got "
              "\"anna\" (beredd.toml:14)"}},
        Case{"TeamOfNobody",
             below(11, "[[team]]\nname = \"t\"\npeople = [\"anna\"]\ndesks = [\"sales\"]"),
             {"team \"t\": there is no person \"anna\" (beredd.toml:14)",
              "team \"t\": there is no desk \"sales\" (beredd.toml:15)"}},
        Case{"AutomaticAssignmentToNobody",
             below(11, "[rota]\nassignment = \"automatic\""),
             {"rota.assignment: \"automatic\" needs people; add a [[person]] table "
              "(beredd.toml:12)"}}),
    sentence_of);

INSTANTIATE_TEST_SUITE_P(
    Rules, People,
    testing::Values(
        Case{"PatternThatIsNone",
             below(11, "[[field]]\nname = \"f\"\npattern = \"(a\""),
             {"field \"f\": no pattern of RE2: missing ): (a (beredd.toml:14)"}},
        Case{"RuleThatDoesNothing",
             below(11, "[[rule]]\nname = \"r\"\nwords = [\"a\"]"),
             {"rule \"r\": it does nothing (beredd.toml:13)"}},
        Case{"RuleOfAnUnknownField",
             below(11, kRule + "field = \"f\""),
             {"rule \"r\": there is no field \"f\" (beredd.toml:15)"}},
        Case{"ValueWithoutAField",
             below(11, kRule + "value = \"47\""),
             {"rule \"r\": a value needs the field that has it (beredd.toml:15)"}},
        Case{"ValueThatIsNoPattern",
             below(11, "[[field]]\nname = \"f\"\npattern = \"a\"\n" + kRule +
                           "field = \"f\"\nvalue = \"*\""),
             {"rule \"r\": no pattern of RE2: no argument for repetition operator: * "
              "(beredd.toml:19)"}},
        Case{"EmptyWord",
             below(11, kRule + "words = [\"a\", \"\"]"),
             {"rule \"r\": an empty word is in any text (beredd.toml:15)"}},
        Case{"AssignedToNobody",
             below(11, kRule + "assign = \"bo\""),
             {"rule \"r\": there is no person \"bo\" (beredd.toml:15)"}},
        Case{"LevelThatIsNone",
             below(11, kRule + "staffing = [\"few\"]"),
             {"rule.staffing: expected one of normal, reduced, critical, got \"few\" "
              "(beredd.toml:15)"}},
        Case{"LineThatNobodyServes",
             below(11, kRule + "line = 3"),
             {"warning: rule \"r\": nobody works in line 3 (beredd.toml:15)"}},
        Case{"SelectorThatIsNone",
             below(11, "[staffing.reduced]\nwaits = [\"later\"]"),
             {"staffing.reduced.waits: expected low, normal, high, urgent, tag:NAME or desk:NAME, "
              "got \"later\" (beredd.toml:13)"}},
        Case{"CriticalBeforeReduced",
             below(11, "[staffing]\nreduced_below = 20"),
             {"staffing.critical_below: 30 is above reduced_below, 20 (beredd.toml:12)"}}),
    sentence_of);

TEST(People, AreNobodyWhereNoneIsNamed) {
  const Loaded loaded = parse(kSmallest, "beredd.toml");
  ASSERT_NE(loaded.config, nullptr);
  EXPECT_THAT(loaded.config->people, IsEmpty());
  EXPECT_EQ(loaded.config->rota.assignment, Assignment::manual);
  EXPECT_EQ(loaded.config->person_of_login("anna"), nullptr);
}

TEST(People, OfTheStructsHaveTheDefaultsOfTheSchema) {
  const Loaded loaded = parse(kSmallest, "beredd.toml");
  ASSERT_NE(loaded.config, nullptr);
  EXPECT_EQ(loaded.config->rota.lease, Rota{}.lease);
  const Staffing& read = loaded.config->staffing;
  const Staffing plain;
  EXPECT_EQ(read.reduced_below, plain.reduced_below);
  EXPECT_EQ(read.critical_below, plain.critical_below);
  EXPECT_EQ(read.reduced.waits, plain.reduced.waits);
  EXPECT_EQ(read.critical.first, plain.critical.first);
  EXPECT_EQ(read.critical.notice_only, plain.critical.notice_only);
  EXPECT_EQ(read.critical.priority_weight, plain.critical.priority_weight);
}

}  // namespace
}  // namespace beredd::config

// Notices and templates in the configuration.

#include "sample.h"

namespace beredd::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Wording : public testing::TestWithParam<Case> {};

TEST_P(Wording, IsHeldAgainstTheRest) {
  const Loaded loaded = parse(edited(GetParam().edit), "beredd.toml");
  EXPECT_EQ(texts_of(loaded.problems), GetParam().problems);
}

const std::string kText = "[[desk.notice.text]]\nlanguage = \"sv\"\ntext = ";
const std::string kTemplate = "[[template]]\nname = \"password\"\ntext = \"Hej\"\n";

INSTANTIATE_TEST_SUITE_P(
    Notices, Wording,
    testing::Values(
        Case{"AnEmptyTableIsEnough", below(6, "[desk.notice]"), {}},
        Case{"PlaceThatIsNone",
             below(6, kText + "\"Hej\\n{tiket}\""),
             {"desk \"support\": notice.text.text: line 2: unknown value {tiket}; known are: "
              "ticket, customer, desk, subject, agent, phone, within (beredd.toml:9)"}},
        Case{"PlaceThatIsMisspelt",
             below(6, kText + "\"{tick}\""),
             {"desk \"support\": notice.text.text: line 1: unknown value {tick}; did you mean "
              "{ticket}? (beredd.toml:9)"}},
        Case{"TextOfNothing",
             below(6, kText + "\" \""),
             {"desk \"support\": notice.text.text: it is empty (beredd.toml:9)"}},
        Case{"TextThatIsALetter",
             below(6, kText + "\"" + std::string(8001, 'x') + "\""),
             {"desk \"support\": notice.text.text: 8001 bytes; 8000 is the most (beredd.toml:9)"}},
        Case{"TwoTextsOfOneLanguage",
             below(6, kText + "\"a\"\n" + kText + "\"b\""),
             {"desk \"support\": notice.text: this language has a text in line 8 "
              "(beredd.toml:11)"}},
        Case{"LanguageThatIsNone",
             below(6, "[desk.notice]\nlanguage = \"de\""),
             {"desk.notice.language: expected one of en, sv, no, nb, fi, got \"de\" "
              "(beredd.toml:8)"}},
        Case{"LimitOfNothing",
             below(6, "[desk.notice]\nper_hour = 0"),
             {"desk.notice.per_hour: 0 is below the minimum 1 (beredd.toml:8)"}},
        Case{"NoticeOnlyOfADeskWithoutOne",
             below(11, "[staffing.critical]\nnotice_only = [\"low\"]"),
             {"warning: staffing.critical.notice_only: desk \"support\" sends no notice; give it a "
              "[desk.notice] table (beredd.toml:13)"}}),
    sentence_of);

INSTANTIATE_TEST_SUITE_P(
    Templates, Wording,
    testing::Values(
        Case{"TheSameNameInTwoLanguages",
             below(11, kTemplate + kTemplate + "language = \"sv\""),
             {}},
        Case{"ADesksOwnBesideOneForAll",
             below(11, kTemplate + kTemplate + "desks = [\"support\"]"),
             {}},
        Case{"TheSameTwice",
             below(11, kTemplate + kTemplate),
             {"template \"password\": there is one of this name, language and desk in line 13 "
              "(beredd.toml:16)"}},
        Case{"DeskThatIsNone",
             below(11, kTemplate + "desks = [\"sales\"]"),
             {"template \"password\": there is no desk \"sales\" (beredd.toml:15)"}},
        Case{"BraceWithoutItsOther",
             below(11, "[[template]]\nname = \"p\"\ntext = \"{ticket\""),
             {"template \"p\".text: line 1: a { without its }; a brace itself is written {{ "
              "(beredd.toml:14)"}},
        Case{"NoText",
             below(11, "[[template]]\nname = \"p\""),
             {"template \"p\": no text (beredd.toml:12)"}}),
    sentence_of);

TEST(Notice, IsSentByNoDeskThatDoesNotAskForIt) {
  const Loaded loaded = parse(kSmallest, "beredd.toml");
  ASSERT_NE(loaded.config, nullptr);
  EXPECT_FALSE(loaded.config->desks.at(0).notice.has_value());
}

TEST(Notice, HasItsDefaults) {
  const Loaded loaded = parse(edited(below(6, "[desk.notice]")), "beredd.toml");
  ASSERT_NE(loaded.config, nullptr);
  const Notice& notice = *loaded.config->desks.at(0).notice;
  EXPECT_EQ(notice.when, NoticeWhen::fallback);
  EXPECT_EQ(notice.language, mail::Language::english);
  EXPECT_EQ(notice.per_hour, 500);
  EXPECT_EQ(notice.within, base::Duration());
  EXPECT_THAT(notice.texts, IsEmpty());
}

}  // namespace
}  // namespace beredd::config

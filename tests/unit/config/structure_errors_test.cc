// Unknown and missing keys, tables of the wrong shape, and files that are no TOML.

#include "sample.h"

namespace beredd::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;

class StructureErrors : public testing::TestWithParam<Case> {};

TEST_P(StructureErrors, SayWhatToWrite) {
  const Loaded loaded = parse(edited(GetParam().edit), "beredd.toml");
  EXPECT_EQ(texts_of(loaded.problems), GetParam().problems);
  EXPECT_EQ(loaded.config, nullptr);
}

INSTANTIATE_TEST_SUITE_P(
    Keys, StructureErrors,
    testing::Values(
        Case{"MisspeltKey",
             below(2, "idle_timout = \"5m\""),
             {"smtp.idle_timout: unknown key; did you mean idle_timeout? (beredd.toml:3)"}},
        Case{"MisspeltTable",
             below(11, "[smarthots]\nhost = \"a\""),
             {"smarthots: unknown key; did you mean smarthost? (beredd.toml:12)"}},
        Case{"MisspeltKeyInAnInlineTable",
             instead(9, "target = { host = \"a\", prt = 25 }"),
             {"primary.target.prt: unknown key; did you mean port? (beredd.toml:9)"}},
        Case{"MisspeltKeyInANestedArray",
             below(11, "evry = \"10s\""),
             {"primary.check.evry: unknown key; did you mean every? (beredd.toml:12)"}},
        Case{"KeyInTheWrongTable",
             below(2, "quorum = 2"),
             {"smtp.quorum: unknown key; it belongs in primary.failover (beredd.toml:3)"}},
        Case{"MisspeltRequiredKeyIsNotMissedToo",
             instead(2, "hostnmae = \"mx2.example.org\""),
             {"smtp.hostnmae: unknown key; did you mean hostname? (beredd.toml:2)"}},
        Case{"MisspeltRequiredTableIsNotMissedToo",
             instead(1, "[smtpd]"),
             {"smtpd: unknown key; did you mean smtp? (beredd.toml:1)"}},
        Case{"MisspeltPrimaryOfADeskIsNotMissedToo",
             instead(6, "primry = \"helpdesk\""),
             {"desk.primry: unknown key; did you mean primary? (beredd.toml:6)"}},
        Case{"KeyThatResemblesNothing",
             below(2, "frobnicate = 1"),
             {"smtp.frobnicate: unknown key (beredd.toml:3)"}},
        Case{"KeyAboveEveryTable",
             below(0, "hostname = \"mx2.example.org\""),
             {"hostname: unknown key; it belongs in smtp (beredd.toml:1)"}},
        Case{"MissingHostname", instead(2, ""), {"smtp: no hostname (beredd.toml:1)"}},
        Case{"MissingDeskName", instead(4, ""), {"desk: no name (beredd.toml:3)"}},
        Case{
            "MissingAddresses", instead(5, ""), {"desk \"support\": no addresses (beredd.toml:3)"}},
        Case{"EmptyAddresses",
             instead(5, "addresses = []"),
             {"desk.addresses: the list is empty (beredd.toml:5)"}},
        Case{"EmptyRetries",
             below(8, "retry = []"),
             {"primary.retry: the list is empty (beredd.toml:9)"}},
        Case{"MissingTarget", instead(9, ""), {"primary \"helpdesk\": no target (beredd.toml:7)"}},
        Case{"TargetWithoutHost",
             instead(9, "target = { port = 25 }"),
             {"primary.target: no host (beredd.toml:9)"}},
        Case{"CheckWithoutKind",
             instead(11, "name = \"web\""),
             {"primary.check \"web\": no kind (beredd.toml:10)"}},
        Case{"SmarthostWithoutHost",
             below(11, "[smarthost]"),
             {"smarthost: no host (beredd.toml:12)"}},
        Case{"PullingFromAMailbox",
             below(11, "[[imap]]\ndesk = \"support\"\nhost = \"a\""),
             {"imap: pulling from a mailbox is not built in yet; remove the table "
              "(beredd.toml:12)"}}),
    sentence_of);

INSTANTIATE_TEST_SUITE_P(
    Tables, StructureErrors,
    testing::Values(
        Case{
            "DoubleBracketsWhereThereIsOnlyOne",
            below(11, "[[control]]\nsocket = \"/a\""),
            {"control: there is only one; write [control], with single brackets (beredd.toml:12)"}},
        Case{"SingleBracketsWhereThereAreSeveral",
             instead(10, "[primary.check]"),
             {"primary.check: there can be several; write [[primary.check]], with double brackets "
              "(beredd.toml:10)"}},
        Case{"TableThatIsText",
             instead(9, "target = \"in.helpdesk.example\""),
             {"primary.target: expected a table, got \"in.helpdesk.example\" (beredd.toml:9)"}},
        Case{
            "ListOfNumbersWhereTablesAreMeant",
            below(0, "imap = 1"),
            {"imap: pulling from a mailbox is not built in yet; remove the table (beredd.toml:1)"}},
        Case{"ChecksThatAreNumbers",
             instead(10, "check = [1, 2, 3]\n[primary.failover]"),
             {"primary.check: there can be several; write [[primary.check]], with double brackets "
              "(beredd.toml:10)",
              "primary.failover.kind: unknown key (beredd.toml:12)"}}),
    sentence_of);

TEST(Structure, TellsOfEveryProblemInTheOrderOfTheFile) {
  EXPECT_THAT(
      problems_in(R"([[primary]]
name = "helpdesk"
target = { kind = "pigeon", host = "a" }
[[primary.check]]
kind = "tcp"
[[desk]]
name = "support"
addresses = ["support@example.org", "nobody"]
primary = "helpdesc"
[smtp]
max_sessions = 0
)"),
      ElementsAre(
          "primary.target.kind: expected one of smtp, lmtp, imap, got \"pigeon\" (beredd.toml:3)",
          "desk.addresses: expected an address such as \"support@example.org\" or "
          "\"@example.org\", got \"nobody\" (beredd.toml:8)",
          "desk \"support\": there is no primary \"helpdesc\"; name one of: helpdesk "
          "(beredd.toml:9)",
          "smtp: no hostname (beredd.toml:10)",
          "smtp.max_sessions: 0 is below the minimum 1 (beredd.toml:11)"));
}

TEST(Structure, OfAnEmptyFileIsEverythingThatIsRequired) {
  EXPECT_THAT(problems_in(""), ElementsAre("smtp: no hostname (beredd.toml)",
                                           "desk: none; add a [[desk]] table (beredd.toml)",
                                           "primary: none; add a [[primary]] table (beredd.toml)"));
}

TEST(Structure, GivesTheFileAsItWasNamed) {
  const Loaded loaded = parse("[smtp]\n", "/etc/beredd/beredd.toml");
  ASSERT_FALSE(loaded.problems.empty());
  EXPECT_EQ(loaded.problems[0].text, "smtp: no hostname (/etc/beredd/beredd.toml:1)");
}

std::string repeated(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

struct Broken {
  std::string sentence;
  std::string toml;
  int line;
};

void PrintTo(const Broken& one, std::ostream* out) { *out << one.toml.substr(0, 200); }

class Syntax : public testing::TestWithParam<Broken> {};

TEST_P(Syntax, ErrorIsOneLineWithItsPlace) {
  const Loaded loaded = parse(GetParam().toml, "beredd.toml");
  ASSERT_EQ(loaded.problems.size(), 1U);
  const std::string& text = loaded.problems[0].text;
  EXPECT_TRUE(text.starts_with("syntax: ")) << text;
  EXPECT_TRUE(text.ends_with("(beredd.toml:" + std::to_string(GetParam().line) + ")")) << text;
  EXPECT_EQ(text.find('\n'), std::string::npos) << text;
  EXPECT_EQ(loaded.config, nullptr);
}

INSTANTIATE_TEST_SUITE_P(
    Files, Syntax,
    testing::Values(Broken{"OfAnOpenString", "[smtp]\nhostname = \"mx\n", 2},
                    Broken{"OfAMissingValue", "[smtp]\nhostname =\n", 2},
                    Broken{"OfAnOpenTable", "[smtp\n", 1},
                    // From outside: toml++ aborted the whole process with a failed assertion.
                    Broken{"OfAHeaderThatBeginsWithADot", "[.smtp]\n", 1},
                    Broken{"OfAnArrayHeaderThatBeginsWithAParenthesis", "\n[[(desk]]\n", 2},
                    Broken{"OfAKeyGivenTwice", "[smtp]\nhostname = \"a\"\nhostname = \"b\"\n", 3},
                    Broken{"OfATableGivenTwice", "[smtp]\n[smtp]\n", 2},
                    Broken{"OfBytesThatAreNoUtf8", "[smtp]\nhostname = \"\xff\xfe\"\n", 2},
                    Broken{"OfAnotherLanguage", "{\"smtp\": {}}\n", 1},
                    Broken{"OfAnEndlessKey", "\n" + repeated("a.", 400'000) + "a = 1\n", 2},
                    Broken{"OfAnEndlessKeyInATable",
                           "x = { " + repeated("\"a\" . ", 400'000) + "a = 1 }\n", 1},
                    Broken{"OfATooDeepNest", "a = " + std::string(5000, '[') + "\n", 1}),
    [](const auto& broken) { return broken.param.sentence; });

}  // namespace
}  // namespace beredd::config

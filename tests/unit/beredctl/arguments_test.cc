#include "arguments.h"

#include "point_in_time.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::beredctl {
namespace {

using testing::HasSubstr;

struct Read {
  std::variant<Arguments, Ended> result;
  std::string out, err;
  template <typename T>
  const T& command() const {
    return std::get<T>(std::get<Arguments>(result).command);
  }
  const Arguments& arguments() const { return std::get<Arguments>(result); }
  int status() const { return std::get<Ended>(result).status; }
};

Read read(std::vector<const char*> words) {
  words.insert(words.begin(), "beredctl");
  std::ostringstream out, err;
  auto result =
      read_arguments(static_cast<int>(words.size()), words.data(), "/standard.sock", out, err);
  return {std::move(result), out.str(), err.str()};
}

TEST(Arguments, TakeJsonAndSocketBeforeAndBehindTheCommand) {
  for (const auto& words :
       std::vector<std::vector<const char*>>{{"--json", "--socket", "/s", "ticket", "show", "7"},
                                             {"ticket", "--json", "show", "7", "--socket", "/s"},
                                             {"ticket", "show", "--socket=/s", "7", "--json"}}) {
    const Read got = read(words);
    EXPECT_TRUE(got.arguments().json);
    EXPECT_EQ(got.arguments().socket, "/s");
    EXPECT_EQ(got.command<ShowTicket>().id, 7u);
  }
}

TEST(Arguments, HaveStandards) {
  const Read got = read({"status"});
  EXPECT_FALSE(got.arguments().json);
  EXPECT_EQ(got.arguments().socket, "/standard.sock");
  EXPECT_EQ(got.arguments().colour, Colour::automatic);
  EXPECT_NO_THROW(got.command<ShowStatus>());
  EXPECT_EQ(read({"ticket", "list"}).command<ListTickets>().limit, 100u);
  EXPECT_EQ(read({"--color", "never", "status"}).arguments().colour, Colour::never);
}

TEST(Arguments, ReadEveryCommand) {
  const Read tickets = read({"ticket", "list", "--state", "open", "--desk", "support", "--assignee",
                             "eva", "--custody", "fallback", "--search", "a b", "--limit", "5"});
  const auto& query = tickets.command<ListTickets>();
  EXPECT_EQ(query.state + query.desk + query.assignee + query.custody + query.search,
            "opensupportevafallbacka b");
  EXPECT_EQ(query.limit, 5u);
  EXPECT_EQ(read({"message", "list", "--limit", "3"}).command<ListMessages>().limit, 3u);
  EXPECT_EQ(read({"message", "show", "4"}).command<ShowMessage>().id, 4u);
  EXPECT_EQ(read({"message", "raw", "4"}).command<RawMessage>().id, 4u);
  EXPECT_EQ(read({"message", "part", "4", "2"}).command<MessagePart>().index, 2u);
  EXPECT_EQ(read({"export", "--desk", "support", "--since", "24h"}).command<ExportMail>().since,
            "24h");
  EXPECT_NO_THROW(read({"failover", "status"}).command<ShowFailover>());
  EXPECT_EQ(read({"failover", "force", "helpdesk", "fallback"}).command<ForceMode>().mode,
            "fallback");
  EXPECT_EQ(read({"failover", "auto", "helpdesk"}).command<ReleaseMode>().primary, "helpdesk");
  EXPECT_EQ(read({"failover", "history", "--primary", "crm"}).command<ShowHistory>().primary,
            "crm");
  EXPECT_NO_THROW(read({"check", "list"}).command<ListChecks>());
  EXPECT_EQ(read({"check", "run", "helpdesk/http"}).command<RunCheck>().name, "helpdesk/http");
  EXPECT_NO_THROW(read({"handback", "status"}).command<ShowHandback>());
  EXPECT_EQ(read({"handback", "plan"}).command<PlanHandback>().primary, "");
  EXPECT_EQ(read({"handback", "run", "crm"}).command<StepHandback>().step, HandbackStep::run);
  EXPECT_EQ(read({"handback", "reconcile", "crm"}).command<ReadBack>().primary, "crm");
  EXPECT_EQ(read({"handback", "reconcile", "--since", "2h"}).command<ReadBack>().since, "2h");
  EXPECT_EQ(read({"handback", "pause"}).command<StepHandback>().step, HandbackStep::pause);
  EXPECT_EQ(read({"handback", "resume"}).command<StepHandback>().step, HandbackStep::resume);
  EXPECT_NO_THROW(read({"handback", "quarantine", "list"}).command<ListQuarantine>());
  EXPECT_EQ(read({"handback", "quarantine", "retry", "9"}).command<RetryQuarantined>().message, 9u);
  EXPECT_FALSE(read({"handback", "quarantine", "retry", "--all"})
                   .command<RetryQuarantined>()
                   .message.has_value());
  EXPECT_EQ(read({"handback", "quarantine", "drop", "9", "--reason", "spam"})
                .command<DropQuarantined>()
                .reason,
            "spam");
  EXPECT_EQ(read({"config", "check", "b.toml"}).command<CheckConfig>().file, "b.toml");
  EXPECT_FALSE(read({"config", "check", "b.toml"}).command<CheckConfig>().dns);
  EXPECT_TRUE(read({"config", "check", "--dns", "b.toml"}).command<CheckConfig>().dns);
  EXPECT_NO_THROW(read({"config", "show"}).command<ShowConfig>());
}

TEST(Arguments, ReadTheSandbox) {
  const Read got = read({"sandbox", "--smtp", "127.0.0.1:0", "--health", "[::1]:0", "--keep", "dir",
                         "--fail", "hang"});
  const auto& box = got.command<RunSandbox>();
  EXPECT_EQ(box.smtp + " " + box.health + " " + box.keep + " " + box.fail,
            "127.0.0.1:0 [::1]:0 dir hang");
  EXPECT_EQ(read({"sandbox", "--smtp", "127.0.0.1:0"}).status(), 2);
  EXPECT_EQ(
      read({"sandbox", "--smtp", "a:0", "--health", "a:0", "--keep", "d", "--fail", "explode"})
          .status(),
      2);
}

TEST(Arguments, ThatAreWrongEndWith2AndAWord) {
  for (const auto& words :
       std::vector<std::vector<const char*>>{{},
                                             {"ticket"},
                                             {"ticket", "show"},
                                             {"ticket", "show", "abc"},
                                             {"ticket", "show", "-1"},
                                             {"ticket", "list", "--limit", "0"},
                                             {"failover", "force", "helpdesk", "probation"},
                                             {"handback", "quarantine", "retry"},
                                             {"handback", "quarantine", "retry", "1", "--all"},
                                             {"handback", "quarantine", "drop", "1"},
                                             {"status", "--colour"},
                                             {"--json"}}) {
    const Read got = read(words);
    EXPECT_EQ(got.status(), 2);
    EXPECT_NE(got.err, "");
    EXPECT_EQ(got.out, "");
  }
  EXPECT_THAT(read({"bogus"}).err, HasSubstr("\"bogus\" is not known here"));
}

TEST(Arguments, HelpAndVersionEndWell) {
  const Read help = read({"--help"});
  EXPECT_EQ(help.status(), 0);
  EXPECT_THAT(help.out, HasSubstr("handback"));
  EXPECT_EQ(read({"ticket", "list", "--help"}).status(), 0);
  EXPECT_THAT(read({"--version"}).out, HasSubstr("beredctl "));
}

// --- times --------------------------------------------------------------------------------------

std::string when_is(std::string_view text) {
  const auto at = point_in_time(text, *base::parse_rfc3339("2026-11-23T02:00:00Z"));
  return at ? base::rfc3339(*at) : at.error().detail;
}

TEST(PointInTime, ReadsWhatPeopleType) {
  EXPECT_EQ(when_is("24h"), "2026-11-22T02:00:00Z");
  EXPECT_EQ(when_is("1h30m"), "2026-11-23T00:30:00Z");
  EXPECT_EQ(when_is("2026-11-20"), "2026-11-20T00:00:00Z");
  EXPECT_EQ(when_is("2026-11-20 13:45"), "2026-11-20T13:45:00Z");
  EXPECT_EQ(when_is("2026-11-20 13:45:10"), "2026-11-20T13:45:10Z");
  EXPECT_EQ(when_is("2026-11-20T13:45:10+01:00"), "2026-11-20T12:45:10Z");
}

TEST(PointInTime, RefusesTheRestWithAnExample) {
  EXPECT_EQ(when_is("yesterday"),
            "\"yesterday\" is no time: say 24h, 2026-11-23 or 2026-11-23T01:30:00Z");
  EXPECT_THAT(when_is("2026-11-20 13"), HasSubstr("is no time"));
  EXPECT_THAT(when_is(""), HasSubstr("is no time"));
}

}  // namespace
}  // namespace beredd::beredctl

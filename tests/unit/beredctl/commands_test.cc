// Each command against a daemon that answers from a script, over a real Unix socket.

#include "scripted_daemon.h"

#include <fstream>

namespace beredd::beredctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(Commands, AskForWhatTheyAreTold) {
  for (int i = 0; i < 7; ++i) daemon.will_say("[]");
  ListTickets tickets;
  tickets.state = "open";
  tickets.search = "50% off & more";
  EXPECT_EQ(run_it(tickets), kDone);
  EXPECT_EQ(out.str(), "No tickets.\n");
  run_it(ListMessages{7});
  run_it(ShowHistory{"", 50});
  run_it(ListQuarantine{});
  run_it(ExportMail{"support", "1h"});
  run_it(ShowHandback{});
  EXPECT_THAT(
      daemon.asked(),
      ElementsAre("GET /v1/tickets limit=100 search=50% off & more state=open", "GET /v1/status",
                  "GET /v1/messages limit=7",
                  "GET /v1/failover/history limit=50 primary=", "GET /v1/quarantine",
                  "GET /v1/export desk=support since=2026-11-23T01:00:00Z", "GET /v1/handback"));
}

TEST_F(Commands, ASearchSaysBesideItsAnswerWhatIsNotInItYet) {
  api::Status status;
  status.unindexed = 3;
  ListTickets tickets;
  tickets.search = "printer";
  daemon.will_say("[]");
  daemon.will_say(api::encode(status));
  EXPECT_EQ(run_it(tickets, true), kDone);
  EXPECT_EQ(out.str(), "[]");
  EXPECT_EQ(err.str(), "3 mails are not in the search yet\n");

  status.unindexed = 0;
  daemon.will_say("[]");
  daemon.will_say(api::encode(status));
  EXPECT_EQ(run_it(tickets, true), kDone);
  EXPECT_EQ(err.str(), "");
}

TEST_F(Commands, SwitchWhatTheyAreTold) {
  const std::string down =
      api::encode(api::PrimaryStatus{"help desk", "fallback", {}, true, false, {}});
  daemon.will_say(down);
  daemon.will_say(down);
  daemon.will_say(api::encode(
      api::CheckStatus{"helpdesk", "http", "http", "u", "10s", true, base::Instant{}, "HTTP 200"}));
  EXPECT_EQ(run_it(ForceMode{"help desk", "fallback"}), kDone);
  EXPECT_THAT(out.str(), HasSubstr("pinned by hand"));
  EXPECT_EQ(run_it(ReleaseMode{"help desk"}), kDone);
  EXPECT_EQ(run_it(RunCheck{"helpdesk/http"}), kDone);
  EXPECT_THAT(out.str(), HasSubstr("HTTP 200"));
  EXPECT_THAT(
      daemon.asked(),
      ElementsAre("POST /v1/failover/help%20desk/force {\"mode\":\"fallback\"}",
                  "POST /v1/failover/help%20desk/auto", "POST /v1/checks/helpdesk%2Fhttp/run"));
}

TEST_F(Commands, StepEveryPrimaryWhenNoneIsNamed) {
  api::HandbackStatus one, two;
  one.primary = "a";
  two.primary = "b";
  daemon.will_say(api::encode(std::vector{one, two}));
  daemon.will_say(api::encode(one) + "\n");
  daemon.will_say(api::encode(two) + "\n");
  EXPECT_EQ(run_it(StepHandback{HandbackStep::pause, ""}, true), kDone);
  EXPECT_EQ(out.str(), api::encode(std::vector{one, two}) + "\n");
  EXPECT_THAT(daemon.asked(), ElementsAre("GET /v1/handback", "POST /v1/handback/a/pause",
                                          "POST /v1/handback/b/pause"));
}

TEST_F(Commands, ReadingBackWaitsForItsEndAndFailsWhenSomethingIsWrong) {
  api::Reconciliation under_way, ended;
  under_way.primary = ended.primary = "a";
  under_way.total = ended.total = ended.looked_up = 2;
  ended.ended = base::Instant{};
  ended.missing = 1;
  ended.discrepancies.push_back({"missing", 17, 4, "not in INBOX"});
  daemon.will_say(api::encode(under_way));
  daemon.will_say(api::encode(under_way));
  daemon.will_say(api::encode(ended));
  EXPECT_EQ(run_it(ReadBack{"a", "1h"}), kFailed);
  EXPECT_THAT(out.str(), HasSubstr("a: 2 messages looked up there: 1 missing, 0 doubled, 0 "
                                   "altered: NOT CLEAN\n"));
  EXPECT_THAT(out.str(), HasSubstr("missing       17       4  not in INBOX"));
  EXPECT_THAT(
      daemon.asked(),
      ElementsAre("POST /v1/handback/a/reconciliation since=2026-11-23T01:00:00Z",
                  "GET /v1/handback/a/reconciliation", "GET /v1/handback/a/reconciliation"));
}

TEST_F(Commands, ReadingBackSaysWhyItEndedEarly) {
  api::Reconciliation ended;
  ended.primary = "a";
  ended.ended = base::Instant{};
  ended.failure = "it cannot be asked";
  daemon.will_say(api::encode(ended));
  daemon.will_say(api::encode(ended));
  EXPECT_EQ(run_it(ReadBack{"a", ""}), kFailed);
  EXPECT_THAT(out.str(), HasSubstr("a: ENDED EARLY after 0 of 0: it cannot be asked"));
}

TEST_F(Commands, RetryTheWholeQuarantine) {
  api::QuarantinedItem first, second;
  first.message = 4;
  second.message = 9;
  daemon.will_say(api::encode(std::vector{first, second}));
  daemon.will_say(api::encode(api::Message{}));
  daemon.will_say(api::encode(api::Message{}));
  EXPECT_EQ(run_it(RetryQuarantined{}), kDone);
  EXPECT_EQ(out.str(), "2 messages are tried again.\n");
  EXPECT_THAT(daemon.asked(),
              ElementsAre("GET /v1/quarantine limit=100000", "POST /v1/quarantine/4/retry",
                          "POST /v1/quarantine/9/retry"));
}

TEST_F(Commands, DropWithTheReason) {
  daemon.will_say(api::encode(api::Message{}));
  EXPECT_EQ(run_it(DropQuarantined{4, "spam \"x\""}), kDone);
  EXPECT_THAT(
      daemon.asked(),
      ElementsAre("POST /v1/quarantine/4/drop {\"primary\":null,\"reason\":\"spam \\\"x\\\"\"}"));
}

TEST_F(Commands, PassJsonOnAsTheDaemonSaysIt) {
  daemon.will_say("{\"whatever\":1}\n");
  EXPECT_EQ(run_it(ShowStatus{}, true), kDone);
  EXPECT_EQ(out.str(), "{\"whatever\":1}\n");
}

TEST_F(Commands, CopyBytesExactly) {
  std::string bytes;
  for (int i = 0; i < 200'000; ++i) bytes += static_cast<char>(i * 7);
  daemon.will_say(bytes);
  EXPECT_EQ(run_it(RawMessage{3}), kDone);
  EXPECT_EQ(out.str(), bytes);
}

TEST_F(Commands, SayTheDaemonsReasonOnOneLine) {
  daemon.will_say(api::encode(api::Problem{"there is no\nticket 9", "not_found", "try a list"}),
                  404);
  EXPECT_EQ(run_it(ShowTicket{9}), kFailed);
  EXPECT_EQ(err.str(), "beredctl: there is no\\nticket 9 (try a list)\n");
  EXPECT_EQ(out.str(), "");
  daemon.will_say("<html>", 500);
  EXPECT_EQ(run_it(RawMessage{9}), kFailed);
  EXPECT_EQ(err.str(), "beredctl: the daemon answered 500 without a reason\n");
}

TEST_F(Commands, SayWhenTheAnswerIsNotUnderstood) {
  daemon.will_say("{\"node\":1}");
  EXPECT_EQ(run_it(ShowStatus{}), kFailed);
  EXPECT_EQ(err.str(), "beredctl: node: a text is missing\n");
}

TEST_F(Commands, EndWith1WhenTheOutputCannotBeWritten) {
  daemon.will_say("[]");
  out.setstate(std::ios::badbit);
  Client client((folder.path() / "c.sock").string());
  Session session{client, true, Style{}, out, err};
  EXPECT_EQ(run(session, ShowFailover{}), kFailed);
}

TEST(CommandsWithoutDaemon, EndWith3AndWhatToDo) {
  const live::Folder folder;
  const std::string socket = (folder.path() / "none.sock").string();
  std::ostringstream out, err;
  Client client(socket);
  Session session{client, false, Style{}, out, err};
  EXPECT_EQ(run(session, ShowStatus{}), kUnreachable);
  EXPECT_EQ(err.str(),
            "beredctl: cannot reach beredd at " + socket +
                ": No such file or directory; is it running? Try: systemctl status beredd\n");
  EXPECT_EQ(run(session, ExportMail{}), kUnreachable);
}

// --- config check -------------------------------------------------------------------------------

class ConfigCheck : public testing::Test {
 protected:
  int check(const std::string& toml, bool json = false) {
    const auto file = folder.path() / "beredd.toml";
    std::ofstream(file) << toml;
    Client client("/nowhere");
    Session session{client, json, Style{}, out, err};
    return run(session, CheckConfig{file.string()});
  }
  static std::string good(const std::string& more = {}) {
    return "[smtp]\nhostname = \"mx.example.org\"\n" + more +
           "[[desk]]\nname = \"support\"\naddresses = [\"support@example.org\"]\nprimary = "
           "\"helpdesk\"\n"
           "[[primary]]\nname = \"helpdesk\"\ntarget = { host = \"h.example\" }\n";
  }
  live::Folder folder;
  std::ostringstream out, err;
};

TEST_F(ConfigCheck, PraisesAGoodFile) {
  EXPECT_EQ(check(good()), kDone) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("is in order.\n"));
  EXPECT_EQ(err.str(), "");
}

TEST_F(ConfigCheck, NamesFileAndLineOfEachMistake) {
  EXPECT_EQ(check(good("idle_timeuot = \"5m\"\n")), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("beredd.toml:3"));
  EXPECT_THAT(err.str(), testing::StartsWith("error: "));
}

TEST_F(ConfigCheck, IsOneDocumentInJson) {
  EXPECT_EQ(check(good("idle_timeuot = \"5m\"\n"), true), kFailed);
  EXPECT_THAT(out.str(), HasSubstr("\"ok\":false,\"problems\":[{\"text\":"));
  EXPECT_EQ(out.str().find('\n'), out.str().size() - 1);
}

}  // namespace
}  // namespace beredd::beredctl

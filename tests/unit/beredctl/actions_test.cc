// The commands by which staff act on tickets.
#include "ask.h"
#include "point_in_time.h"
#include "print.h"
#include "scripted_daemon.h"

#include <fstream>

namespace beredd::beredctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

api::Ticket ticket(std::uint64_t id, std::string state = "open") {
  api::Ticket out;
  out.id = id;
  out.desk = "support";
  out.subject = "The pump leaks";
  out.state = std::move(state);
  out.custody = "fallback";
  out.priority = "normal";
  out.updated = *base::parse_rfc3339("2026-11-23T01:00:00.000001Z");
  return out;
}

std::string list_of(std::vector<api::Ticket> tickets) { return api::encode(tickets); }

TEST_F(Commands, ChangesNameEveryTicketAndOnlyWhatIsToChange) {
  for (int i = 0; i < 4; ++i) daemon.will_say(list_of({ticket(7)}));
  ChangeTickets pending{{7, 8}, {.state = "pending", .until = "2h"}};
  EXPECT_EQ(run_it(pending), kDone);
  EXPECT_THAT(out.str(), HasSubstr("The pump leaks"));
  ChangeTickets mine{{7}, {.assignee = "me"}};
  mine.if_updated = "2026-11-23T01:00:00.000001Z";
  EXPECT_EQ(run_it(mine), kDone);
  ChangeTickets tags{{7}, {.add_tags = {"a"}, .remove_tags = {"b"}}};
  tags.take_over = true;
  EXPECT_EQ(run_it(tags), kDone);
  ChangeTickets released{{7}, {.assignee = ""}};
  EXPECT_EQ(run_it(released), kDone);
  EXPECT_THAT(
      daemon.asked(),
      ElementsAre(R"(POST /v1/tickets/changes {"tickets":[{"id":7},{"id":8}],"state":"pending",)"
                  R"("until":"2026-11-23T04:00:00Z","priority":null})",
                  R"(POST /v1/tickets/changes {"tickets":[{"id":7,)"
                  R"("if_updated":"2026-11-23T01:00:00.000001Z"}],"state":null,"assignee":"me",)"
                  R"("priority":null})",
                  R"(POST /v1/tickets/changes {"tickets":[{"id":7}],"state":null,"priority":null,)"
                  R"("add_tags":["a"],"remove_tags":["b"],"take_over":true})",
                  R"(POST /v1/tickets/changes {"tickets":[{"id":7}],"state":null,"assignee":"",)"
                  R"("priority":null})"));
}

TEST_F(Commands, ATimeThatIsNoneStopsBeforeTheDaemonIsAsked) {
  ChangeTickets pending{{7}, {.state = "pending", .until = "soon"}};
  EXPECT_EQ(run_it(pending), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("\"soon\" is no time"));
  EXPECT_TRUE(daemon.asked().empty());
}

TEST_F(Commands, ANoteComesFromTheLineAFileOrStandardInput) {
  api::Message note;
  note.id = 77;
  note.ticket = 7;
  for (int i = 0; i < 3; ++i) daemon.will_say(api::encode(std::vector{note}));
  EXPECT_EQ(run_it(NoteTickets{{7}, "from the line", ""}), kDone);
  EXPECT_EQ(out.str(), "Ticket 7 has the note as message 77.\n");
  const auto file = folder.path() / "note.txt";
  std::ofstream(file) << "from a file\n";
  EXPECT_EQ(run_it(NoteTickets{{7}, {}, file.string()}), kDone);
  typed = "typed\nin two lines\n";
  EXPECT_EQ(run_it(NoteTickets{{7}, {}, ""}), kDone);
  EXPECT_EQ(err.str(), "") << "a pipe is not told how to type";
  EXPECT_THAT(
      daemon.asked(),
      ElementsAre(R"(POST /v1/tickets/notes {"tickets":[7],"text":"from the line"})",
                  R"(POST /v1/tickets/notes {"tickets":[7],"text":"from a file\n"})",
                  R"(POST /v1/tickets/notes {"tickets":[7],"text":"typed\nin two lines\n"})"));
  EXPECT_EQ(run_it(NoteTickets{{7}, {}, "/nowhere/at/all"}), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("/nowhere/at/all cannot be read: No such file"));
  EXPECT_EQ(run_it(NoteTickets{{7}, {}, folder.path().string()}), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("is a directory"));
}

TEST_F(Commands, MergeAndSplitShowTheTicketThatIsLeft) {
  daemon.will_say(api::encode(ticket(1)));
  daemon.will_say(api::encode(ticket(9)));
  EXPECT_EQ(run_it(MergeTickets{{2, 3}, 1, "one pump"}), kDone);
  EXPECT_EQ(run_it(SplitTicket{1, 42, ""}), kDone);
  EXPECT_THAT(
      daemon.asked(),
      ElementsAre(
          R"(POST /v1/tickets/merge {"tickets":[{"id":2},{"id":3}],"into":1,"reason":"one pump"})",
          R"(POST /v1/tickets/1/split {"message":42,"reason":null})"));
}

BulkChange solving() {
  BulkChange bulk;
  bulk.search = "pump & more";
  bulk.changes.state = "solved";
  bulk.changes.add_tags = {"storm"};
  return bulk;
}

TEST_F(Commands, ABulkChangeIsShownCountedAndAskedFor) {
  person = true;
  typed = "y\n";
  daemon.will_say(list_of({ticket(7), ticket(8)}));
  daemon.will_say(list_of({ticket(7, "solved"), ticket(8, "solved")}));
  EXPECT_EQ(run_it(solving()), kDone);
  EXPECT_THAT(err.str(), HasSubstr("The pump leaks"));
  EXPECT_THAT(err.str(), HasSubstr("2 tickets: state solved, tags +storm\nChange them? [y/N] "));
  EXPECT_EQ(out.str(),
            "2 tickets changed: state solved, tags +storm. beredctl ticket undo takes it back.\n");
  EXPECT_THAT(daemon.asked(),
              ElementsAre("GET /v1/tickets limit=10001 search=pump & more",
                          R"(POST /v1/tickets/changes {"tickets":[)"
                          R"({"id":7,"if_updated":"2026-11-23T01:00:00.000001Z"},)"
                          R"({"id":8,"if_updated":"2026-11-23T01:00:00.000001Z"}],)"
                          R"("state":"solved","priority":null,"add_tags":["storm"],"bulk":true,)"
                          R"("take_over":true})"));
}

TEST_F(Commands, WhoSaysNoOrNothingChangesNothing) {
  person = true;
  for (const char* answer : {"n\n", "\n", "", "yess\n"}) {
    typed = answer;
    daemon.will_say(list_of({ticket(7)}));
    EXPECT_EQ(run_it(solving()), kFailed) << answer;
    EXPECT_THAT(err.str(), HasSubstr("nothing was changed")) << answer;
  }
  EXPECT_EQ(daemon.asked().size(), 4U) << "only lists were asked for";
}

TEST_F(Commands, AScriptMustSayYes) {
  typed = "y\n";
  daemon.will_say(list_of({ticket(7)}));
  EXPECT_EQ(run_it(solving()), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("--yes does it without a question"));
  daemon.will_say(list_of({ticket(7)}));
  daemon.will_say(list_of({ticket(7, "solved")}));
  BulkChange sure = solving();
  sure.yes = true;
  EXPECT_EQ(run_it(sure, /*json=*/true), kDone);
  EXPECT_EQ(out.str(), list_of({ticket(7, "solved")}));
  EXPECT_EQ(err.str(), "");
}

TEST_F(Commands, ADryRunShowsAFewAndCountsAll) {
  std::vector<api::Ticket> many;
  for (std::uint64_t id = 1; id <= 20; ++id) many.push_back(ticket(id));
  daemon.will_say(list_of(many));
  BulkChange dry = solving();
  dry.dry_run = true;
  EXPECT_EQ(run_it(dry), kDone);
  EXPECT_THAT(out.str(), HasSubstr("… and 5 more\n20 tickets: state solved, tags +storm\n"));
  EXPECT_EQ(daemon.asked().size(), 1U);
}

TEST_F(Commands, ABulkChangeOfNothingOrOfTooMuchIsNone) {
  daemon.will_say("[]");
  EXPECT_EQ(run_it(solving()), kDone);
  EXPECT_EQ(out.str(), "No tickets.\n");
  std::vector<api::Ticket> many(10'001, ticket(7));
  daemon.will_say(list_of(many));
  EXPECT_EQ(run_it(solving()), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("more than 10000 tickets"));
}

TEST_F(Commands, UndoTellsWhatItLeftAlone) {
  api::Undone undone{"state solved", *base::parse_rfc3339("2026-11-23T01:00:00Z"), {7, 8}, {}};
  undone.left = {{9, "its state was changed since, to closed"}};
  daemon.will_say(api::encode(undone));
  EXPECT_EQ(run_it(UndoBulk{}), kDone);
  EXPECT_THAT(out.str(), HasSubstr("2 tickets as before \"state solved\""));
  EXPECT_THAT(out.str(),
              HasSubstr("Ticket 9 stays as it is: its state was changed since, to closed.\n"));
}

TEST(PrintedHistory, TellsWhoDidWhatAndLeavesTheWayOfMailsToTheMails) {
  const base::Instant at = *base::parse_rfc3339("2026-11-23T01:00:00Z");
  const std::vector<api::HistoryEntry> history = {
      {1, at, "", "sorted", 5, "", "no known reference"},
      {2, at, "", "acknowledged", 5, "helpdesk", "250 ok"},
      {3, at, "anna", "assigned", {}, "", "anna (was nobody)"},
      {4, at, "bo", "noted", 6, "", "a note"},
      {5, at, "", "reopened", {}, "", "evil\x1b[31m"}};
  const std::string text = ticket_history_text(history, Style{});
  EXPECT_THAT(text, HasSubstr("History\n"));
  EXPECT_THAT(text, testing::ContainsRegex("anna +assigned +anna .was nobody."));
  EXPECT_THAT(text, testing::ContainsRegex("bo +noted +message 6: a note"));
  EXPECT_THAT(text, testing::ContainsRegex("- +reopened"));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find("acknowledged"), std::string::npos);
  EXPECT_EQ(ticket_history_text({history[0]}, Style{}), "");
}

TEST(PrintedTicket, SaysUntilWhenItIsPending) {
  api::Ticket pending = ticket(7, "pending");
  EXPECT_THAT(ticket_text(pending, Style{}), HasSubstr("pending, priority"));
  pending.pending_until = *base::parse_rfc3339("2026-11-23T01:00:00Z");
  EXPECT_THAT(ticket_text(pending, Style{}),
              HasSubstr("pending until " + base::local_time(*pending.pending_until)));
}

TEST(TimeToCome, CountsForward) {
  const base::Instant now = *base::parse_rfc3339("2026-11-23T02:00:00Z");
  EXPECT_EQ(time_to_come("1h30m", now).value_or(now), now + std::chrono::minutes(90));
  EXPECT_EQ(time_to_come("2026-11-24T01:00:00Z", now).value_or(now),
            *base::parse_rfc3339("2026-11-24T01:00:00Z"));
  EXPECT_FALSE(time_to_come("soon", now).ok());
}

}  // namespace
}  // namespace beredd::beredctl

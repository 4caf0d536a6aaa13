// Golden pages of modes, checks, hand-back and status.

#include "print.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::beredctl {
namespace {

using testing::HasSubstr;
using testing::Not;

base::Instant at(std::string_view text) { return *base::parse_rfc3339(text); }

Style plain() {
  Style style;
  style.now = at("2026-11-23T02:17:20Z");
  return style;
}

api::PrimaryStatus down() {
  return {"helpdesk",
          "fallback",
          at("2026-11-23T02:14:00Z"),
          false,
          false,
          {{"http", false, at("2026-11-23T02:17:15Z"), "connection refused"},
           {"port", true, at("2026-11-23T02:17:10Z"), "connected in 3 ms"}}};
}

api::HandbackStatus waiting() {
  api::HandbackStatus h;
  h.primary = "helpdesk";
  h.held = 15;
  h.queued = 2;
  h.proven = 90;
  h.oldest = at("2026-11-23T02:14:31Z");
  return h;
}

TEST(FailoverTable, SaysSinceWhenAndWhy) {
  api::PrimaryStatus up{"crm", "normal", at("2026-11-20T08:00:00Z"), true, false, {}};
  EXPECT_EQ(failover_text({down(), up}, plain()),
            "PRIMARY   MODE      SINCE             FOR     HELD THERE      EVIDENCE\n"
            "helpdesk  fallback  02:14:00          3m 20s  by the checks   http FAILS: connection "
            "refused; port ok: connected in 3 ms\n"
            "crm       normal    2026-11-20 08:00  2d 18h  pinned by hand  nothing seen yet\n");
}

TEST(HistoryTable, IsEmptyInWords) {
  EXPECT_EQ(history_text({}, plain()), "No primary has changed its mode yet.\n");
  EXPECT_EQ(history_text(
                {{"helpdesk", "suspect", "fallback", at("2026-11-23T02:14:00Z"), "fell: http", {}}},
                plain()),
            "AT                   PRIMARY   FROM     TO        WHY\n"
            "2026-11-23 02:14:00  helpdesk  suspect  fallback  fell: http\n");
}

TEST(ChecksTable, ShowsWhatEachSaw) {
  const api::CheckStatus ran{
      "helpdesk", "http", "http", "https://h/health", "10s", false, at("2026-11-23T02:17:15Z"),
      "HTTP 502"};
  const api::CheckStatus fresh{"crm", "port",       "tcp",        "crm:25",
                               "1m",  std::nullopt, std::nullopt, ""};
  EXPECT_EQ(checks_text({ran, fresh}, plain()),
            "PRIMARY   CHECK  EVERY  RESULT  AT        SAW              LOOKS AT\n"
            "helpdesk  http     10s  FAILS   02:17:15  HTTP 502         https://h/health\n"
            "crm       port      1m  -       -         has not run yet  crm:25\n");
}

TEST(HandbackTable, CountsAndSaysWhatHoldsItUp) {
  api::HandbackStatus paused = waiting();
  paused.paused = true;
  paused.quarantined = 3;
  paused.rate = 12.34;
  EXPECT_EQ(
      handback_text({waiting(), paused}, plain()),
      "PRIMARY   HELD  QUEUED  OFFERED  ACKNOWLEDGED  PROVEN  QUARANTINED    RATE  OLDEST  "
      "HAND-BACK\n"
      "helpdesk    15       2        0             0      90            0   0.0/s  2m 49s  on\n"
      "helpdesk    15       2        0             0      90            3  12.3/s  2m 49s  "
      "paused\n");
}

TEST(PlanPage, ListsTicketsInTheirOrder) {
  const api::Plan plan{
      "helpdesk", 5, {{7, "Fel", {1, 2}, base::Bytes(2048)}, {9, "Hjälp", {3}, base::Bytes(100)}}};
  EXPECT_EQ(plan_text({plan, api::Plan{"crm", 0, {}}}, plain()),
            "helpdesk: 5 messages would go back, in this order:\n"
            "TICKET  MESSAGES   SIZE  SUBJECT\n"
            "     7         2  2 KiB  Fel\n"
            "     9         1  100 B  Hjälp\n"
            "and 2 more.\n"
            "\n"
            "crm: nothing waits to go back.\n");
}

TEST(QuarantineTable, SaysWhyAndWhatToDo) {
  EXPECT_EQ(
      quarantine_text(
          {{42, 7, "helpdesk", 1, at("2026-11-23T02:00:00Z"), "554 5.7.1 no", "Fel", ""}}, plain()),
      "MESSAGE  TICKET  PRIMARY   SINCE     TRIED  FROM  SUBJECT  WHY\n"
      "     42       7  helpdesk  02:00:00      1  <>    Fel      554 5.7.1 no\n"
      "beredctl handback quarantine retry MESSAGE, or drop MESSAGE --reason TEXT\n");
  EXPECT_EQ(quarantine_text({}, plain()), "The quarantine is empty.\n");
}

// --- status -------------------------------------------------------------------------------------

api::Status status(const api::PrimaryStatus& failover, const api::HandbackStatus& handback) {
  api::Status s;
  s.node = "fallback-1";
  s.version = "0.1.0";
  s.now = at("2026-11-23T02:17:20Z");
  s.primaries = {{failover, handback}};
  s.messages = 4211;
  s.tickets = 1;
  s.room = base::Bytes(std::uint64_t{3} << 30);
  return s;
}

TEST(StatusPage, TellsOfAnOutageAtAGlance) {
  EXPECT_EQ(status_text(status(down(), waiting()), Style{}),
            "fallback-1, beredd 0.1.0, 2026-11-23 02:17:20\n"
            "\n"
            "helpdesk is DOWN since 02:14:00 (3m 20s): mail is held here.\n"
            "  17 messages wait; the oldest came at 02:14:31 (2m 49s ago).\n"
            "  http  FAILS  5s ago   connection refused\n"
            "  port  ok     10s ago  connected in 3 ms\n"
            "\n"
            "4211 messages in 1 ticket kept here; room for 3 GiB more.\n"
            "Last backup: never. Last drill: never.\n");
}

TEST(StatusPage, TellsWhatWaitsForAPersonWithTheCommand) {
  api::PrimaryStatus failover = down();
  failover.pinned = true;
  api::HandbackStatus handback = waiting();
  handback.quarantined = 3;
  handback.paused = true;
  const std::string text = status_text(status(failover, handback), Style{});
  EXPECT_THAT(text, HasSubstr("  3 in quarantine: beredctl handback quarantine list\n"
                              "  Hand-back is paused: beredctl handback resume helpdesk\n"
                              "  The mode was forced by hand: beredctl failover auto helpdesk "
                              "gives it back to the checks\n"));
  failover.pinned = false;
  failover.frozen = true;
  handback = {};
  handback.needs_run = true;
  const std::string frozen = status_text(status(failover, handback), Style{});
  EXPECT_THAT(frozen, HasSubstr("  Hand-back waits for a person: beredctl handback run helpdesk\n"
                                "  It fell too often today and stays down until somebody looks: "
                                "beredctl failover auto helpdesk\n"));
  EXPECT_THAT(frozen, HasSubstr("  Nothing waits to go back.\n"));
}

TEST(StatusPage, EstimatesTheEndOfAHandback) {
  api::PrimaryStatus failover = down();
  failover.mode = "handback";
  api::HandbackStatus handback = waiting();
  handback.rate = 0.5;
  EXPECT_THAT(status_text(status(failover, handback), Style{}),
              HasSubstr("  0.5 a second go back: about 34s left.\n"));
  failover.mode = "normal";
  EXPECT_THAT(status_text(status(failover, handback), Style{}), Not(HasSubstr("a second")));
}

TEST(StatusPage, HasWordsForEveryMode) {
  const auto words = [](std::string mode) {
    api::PrimaryStatus failover = down();
    failover.mode = std::move(mode);
    const std::string text = status_text(status(failover, {}), Style{});
    const auto begin = text.find("helpdesk ");
    return text.substr(begin, text.find('\n', begin) - begin);
  };
  EXPECT_EQ(words("normal"), "helpdesk is up since 02:14:00 (3m 20s): mail passes straight on.");
  EXPECT_EQ(words("suspect"),
            "helpdesk is SUSPECT since 02:14:00 (3m 20s): a check fails; mail still passes on.");
  EXPECT_EQ(
      words("probation"),
      "helpdesk ANSWERS AGAIN since 02:14:00 (3m 20s): mail is held until it has proven itself.");
  EXPECT_EQ(words("handback"),
            "helpdesk is BACK since 02:14:00 (3m 20s): what was held goes back to it.");
}

TEST(StatusPage, PutsTheBadNewsFirst) {
  api::Status s = status(down(), waiting());
  api::PrimaryOverview up{{"crm", "normal", s.now, false, false, {}}, {}};
  s.primaries.insert(s.primaries.begin(), up);
  s.unsorted = 2;
  s.last_backup = at("2026-11-22T03:00:00Z");
  const std::string text = status_text(s, Style{});
  EXPECT_LT(text.find("helpdesk is DOWN"), text.find("crm is up"));
  EXPECT_THAT(text, HasSubstr("2 messages not sorted into tickets yet.\n"));
  EXPECT_THAT(text, HasSubstr("Last backup: 2026-11-22 03:00 (23h 17m ago). Last drill: never.\n"));
}

TEST(StatusPage, IsRedWhereItMatters) {
  Style style;
  style.colour = true;
  EXPECT_THAT(status_text(status(down(), waiting()), style), HasSubstr("\x1b[1;31mis DOWN\x1b[0m"));
}

}  // namespace
}  // namespace beredd::beredctl

// The page for a tired person at three in the morning: what is going on, in words, the bad news
// first.

#include "print.h"
#include "table.h"

#include <algorithm>

#include <fmt/format.h>

#include "beredd/base/text.h"

namespace beredd::beredctl {
namespace {

using base::for_terminal;

// "is DOWN", and what it means for the mail.
struct Words {
  std::string_view state;
  std::string_view meaning;
};

Words words_of(std::string_view mode) {
  if (mode == "normal") return {"is up", "mail passes straight on."};
  if (mode == "suspect") return {"is SUSPECT", "a check fails; mail still passes on."};
  if (mode == "fallback") return {"is DOWN", "mail is held here."};
  if (mode == "probation") return {"ANSWERS AGAIN", "mail is held until it has proven itself."};
  return {"is BACK", "what was held goes back to it."};
}

int urgency(const api::PrimaryOverview& primary) {
  const std::string& mode = primary.failover.mode;
  if (mode == "fallback") return 0;
  if (primary.handback.quarantined > 0 || primary.handback.paused || primary.failover.frozen)
    return 1;
  return mode == "normal" ? 3 : 2;
}

std::string headline(const api::PrimaryOverview& primary, const Style& style) {
  const api::PrimaryStatus& failover = primary.failover;
  const Words words = words_of(failover.mode);
  return fmt::format(
      "{} {} since {} ({}): {}\n", painted(style, Paint::strong, for_terminal(failover.primary)),
      painted(style, paint_of_mode(failover.mode), words.state), when(failover.since, style.now),
      age(failover.since, style.now), words.meaning);
}

std::string waiting_line(const api::PrimaryOverview& primary, const Style& style) {
  const api::HandbackStatus& handback = primary.handback;
  if (handback.waiting() == 0) return "  Nothing waits to go back.\n";
  std::string out = fmt::format("  {} {}", counted(handback.waiting(), "message"),
                                handback.waiting() == 1 ? "waits" : "wait");
  if (handback.oldest) {
    out += fmt::format("; the oldest came at {} ({} ago)", when(*handback.oldest, style.now),
                       age(*handback.oldest, style.now));
  }
  out += ".\n";
  if (primary.failover.mode == "handback" && handback.rate > 0) {
    const auto left = std::chrono::seconds(
        static_cast<std::int64_t>(static_cast<double>(handback.waiting()) / handback.rate));
    out += fmt::format("  {:.1f} a second go back: about {} left.\n", handback.rate,
                       base::for_people(base::Duration(left)));
  }
  return out;
}

// What waits for a person, each with the command that does it.
std::string to_do(const api::PrimaryOverview& primary, const Style& style) {
  const std::string name = for_terminal(primary.failover.primary);
  std::vector<std::string> lines;
  if (primary.handback.quarantined > 0) {
    lines.push_back(fmt::format("{} in quarantine: beredctl handback quarantine list",
                                primary.handback.quarantined));
  }
  if (primary.handback.paused) {
    lines.push_back(fmt::format("Hand-back is paused: beredctl handback resume {}", name));
  } else if (primary.handback.needs_run) {
    lines.push_back(fmt::format("Hand-back waits for a person: beredctl handback run {}", name));
  }
  if (primary.failover.pinned) {
    lines.push_back(fmt::format(
        "The mode was forced by hand: beredctl failover auto {} gives it back to the checks",
        name));
  } else if (primary.failover.frozen) {
    lines.push_back(fmt::format(
        "It fell too often today and stays down until somebody looks: beredctl failover auto {}",
        name));
  }
  std::string out;
  for (const std::string& line : lines) {
    out += "  " + painted(style, Paint::doubtful, line) + "\n";
  }
  return out;
}

std::string looks(const api::PrimaryStatus& failover, const Style& style) {
  if (failover.evidence.empty()) return "  No check has looked yet.\n";
  Table table({{""}, {""}, {""}, {"", Align::left, true}});
  for (const api::Evidence& seen : failover.evidence) {
    table.add({seen.check,
               {seen.ok ? "ok" : "FAILS", seen.ok ? Paint::good : Paint::bad},
               age(seen.at, style.now) + " ago",
               seen.saw});
  }
  return table.rows(style, "  ");
}

std::string last(std::string_view what, const std::optional<base::Instant>& at,
                 const Style& style) {
  if (!at) return fmt::format("Last {}: never.", what);
  return fmt::format("Last {}: {} ({} ago).", what, when(*at, style.now), age(*at, style.now));
}

// What the desk wrote, where it has not left.
std::string outgoing_lines(const api::OutgoingStatus& outgoing, const Style& style) {
  std::string out;
  if (outgoing.waiting > 0) {
    out += fmt::format("{} of the desk {} to leave", counted(outgoing.waiting, "mail"),
                       outgoing.waiting == 1 ? "waits" : "wait");
    if (outgoing.oldest) {
      out += fmt::format("; the oldest was written {} ago", age(*outgoing.oldest, style.now));
    }
    out += ".\n";
  }
  if (outgoing.quarantined > 0) {
    out +=
        painted(style, Paint::bad,
                fmt::format("{} of the desk did not arrive, or perhaps did: beredctl outgoing list",
                            counted(outgoing.quarantined, "mail"))) +
        "\n";
  }
  return out;
}

}  // namespace

std::string status_text(const api::Status& status, const Style& outer) {
  Style style = outer;
  style.now = status.now;
  std::string out = for_terminal(
      fmt::format("{}, beredd {}, {}", status.node, status.version, base::local_time(status.now)));
  out += "\n\n";
  auto primaries = status.primaries;
  std::stable_sort(primaries.begin(), primaries.end(),
                   [](const auto& a, const auto& b) { return urgency(a) < urgency(b); });
  for (const api::PrimaryOverview& primary : primaries) {
    out += headline(primary, style) + waiting_line(primary, style) + to_do(primary, style) +
           looks(primary.failover, style) + "\n";
  }
  out += fmt::format("{} in {} kept here; room for {} more.\n", counted(status.messages, "message"),
                     counted(status.tickets, "ticket"), base::for_people(status.room));
  if (status.overdue > 0) {
    out += painted(style, Paint::bad,
                   fmt::format("{} overdue: beredctl ticket list --overdue",
                               counted(status.overdue, "ticket"))) +
           "\n";
  }
  if (status.due_soon > 0) {
    out += painted(style, Paint::doubtful,
                   fmt::format("{} due soon: beredctl ticket list --sort due",
                               counted(status.due_soon, "ticket"))) +
           "\n";
  }
  if (status.unsorted > 0)
    out += fmt::format("{} not sorted into tickets yet.\n", counted(status.unsorted, "message"));
  if (status.unindexed > 0) {
    out += fmt::format("{} not in the search yet.\n", counted(status.unindexed, "message"));
  }
  out += outgoing_lines(status.outgoing, style);
  out += notices_lines(status.notices);
  return out + last("backup", status.last_backup, style) + " " +
         last("drill", status.last_drill, style) + "\n";
}

}  // namespace beredd::beredctl

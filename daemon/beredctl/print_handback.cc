#include "print.h"
#include "table.h"

#include <fmt/format.h>

namespace beredd::beredctl {
namespace {

std::string switch_text(const api::HandbackStatus& primary) {
  if (primary.paused) return "paused";
  return primary.needs_run ? "waits for `handback run`" : "on";
}

}  // namespace

std::string handback_text(const std::vector<api::HandbackStatus>& primaries, const Style& style) {
  Table table({{"PRIMARY"},
               {"HELD", Align::right},
               {"QUEUED", Align::right},
               {"OFFERED", Align::right},
               {"ACKNOWLEDGED", Align::right},
               {"PROVEN", Align::right},
               {"QUARANTINED", Align::right},
               {"RATE", Align::right},
               {"OLDEST"},
               {"HAND-BACK"}});
  for (const api::HandbackStatus& primary : primaries) {
    const auto number = [](std::uint64_t n) { return std::to_string(n); };
    table.add({{primary.primary, Paint::strong},
               {number(primary.held), primary.held > 0 ? Paint::doubtful : Paint::plain},
               number(primary.queued),
               number(primary.offered),
               number(primary.acknowledged),
               number(primary.proven),
               {number(primary.quarantined), primary.quarantined > 0 ? Paint::bad : Paint::plain},
               fmt::format("{:.1f}/s", primary.rate),
               primary.oldest ? age(*primary.oldest, style.now) : "-",
               {switch_text(primary),
                primary.paused || primary.needs_run ? Paint::doubtful : Paint::plain}});
  }
  return table.text(style);
}

std::string plan_text(const std::vector<api::Plan>& plans, const Style& style) {
  std::string out;
  for (const api::Plan& plan : plans) {
    if (!out.empty()) out += '\n';
    if (plan.messages == 0) {
      out += fmt::format("{}: nothing waits to go back.\n", plan.primary);
      continue;
    }
    std::uint64_t listed = 0;
    Table table({{"TICKET", Align::right},
                 {"MESSAGES", Align::right},
                 {"SIZE", Align::right},
                 {"SUBJECT", Align::left, true}});
    for (const api::PlannedTicket& ticket : plan.tickets) {
      listed += ticket.messages.size();
      table.add({{std::to_string(ticket.ticket), Paint::strong},
                 std::to_string(ticket.messages.size()),
                 base::for_people(ticket.size),
                 ticket.subject});
    }
    out += fmt::format("{}: {} would go back, in this order:\n", plan.primary,
                       counted(plan.messages, "message"));
    out += table.text(style);
    if (listed < plan.messages) {
      out += fmt::format("and {} more.\n", plan.messages - listed);
    }
  }
  return out;
}

std::string reconciliation_text(const std::vector<api::Reconciliation>& all, const Style& style) {
  std::string out;
  for (const api::Reconciliation& one : all) {
    if (!out.empty()) out += '\n';
    if (!one.failure.empty()) {
      out += fmt::format("{}: {} after {} of {}: {}\n", one.primary,
                         painted(style, Paint::bad, "ENDED EARLY"), one.looked_up, one.total,
                         one.failure);
    }
    out += fmt::format(
        "{}: {} looked up there: {} missing, {} doubled, {} altered: {}\n", one.primary,
        counted(one.looked_up, "message"), one.missing, one.doubled, one.altered,
        one.clean ? painted(style, Paint::good, "clean") : painted(style, Paint::bad, "NOT CLEAN"));
    if (one.uncompared > 0) {
      out += fmt::format(
          "  {} found by its transaction id (CHECKPOINT) alone: nobody can see there whether it is "
          "doubled or altered\n",
          counted(one.uncompared, "message"));
    }
    if (one.fresh > 0) {
      out += fmt::format("  {} not there yet, but given a moment ago; look again later\n",
                         counted(one.fresh, "message"));
    }
    if (one.waiting > 0) {
      out += fmt::format("  {} still to be given back\n", counted(one.waiting, "message"));
    }
    if (one.quarantined > 0) {
      out += fmt::format("  {} in the quarantine: see beredctl handback quarantine list\n",
                         counted(one.quarantined, "message"));
    }
    if (one.discrepancies.empty()) continue;
    Table table({{"WHAT"},
                 {"MESSAGE", Align::right},
                 {"TICKET", Align::right},
                 {"SEEN", Align::left, true}});
    for (const api::Discrepancy& it : one.discrepancies) {
      table.add(
          {{it.kind, Paint::bad}, std::to_string(it.message), std::to_string(it.ticket), it.words});
    }
    out += table.text(style);
    const std::uint64_t in_all = one.missing + one.doubled + one.altered;
    if (in_all > one.discrepancies.size()) {
      out += fmt::format("and {} more.\n", in_all - one.discrepancies.size());
    }
  }
  return out;
}

std::string quarantine_text(const std::vector<api::QuarantinedItem>& items, const Style& style) {
  if (items.empty()) return "The quarantine is empty.\n";
  Table table({{"MESSAGE", Align::right},
               {"TICKET", Align::right},
               {"PRIMARY"},
               {"SINCE"},
               {"TRIED", Align::right},
               {"FROM", Align::left, true},
               {"SUBJECT", Align::left, true},
               {"WHY", Align::left, true}});
  for (const api::QuarantinedItem& item : items) {
    table.add({{std::to_string(item.message), Paint::strong},
               item.ticket ? std::to_string(*item.ticket) : "-",
               item.primary,
               when(item.since, style.now),
               std::to_string(item.attempts),
               item.from.empty() ? "<>" : item.from,
               item.subject,
               item.words});
  }
  return table.text(style) +
         "beredctl handback quarantine retry MESSAGE, or drop MESSAGE --reason TEXT\n";
}

}  // namespace beredd::beredctl

#include "print.h"
#include "table.h"

#include <fmt/format.h>

namespace beredd::beredctl {
namespace {

std::string evidence_text(const std::vector<api::Evidence>& evidence) {
  std::string out;
  for (const api::Evidence& seen : evidence) {
    if (!out.empty()) out += "; ";
    out += fmt::format("{} {}: {}", seen.check, seen.ok ? "ok" : "FAILS", seen.saw);
  }
  return out.empty() ? "nothing seen yet" : out;
}

std::string hold_text(const api::PrimaryStatus& primary) {
  if (primary.pinned) return "pinned by hand";
  return primary.frozen ? "frozen, fell too often" : "by the checks";
}

}  // namespace

Paint paint_of_mode(std::string_view mode) {
  if (mode == "normal") return Paint::good;
  return mode == "fallback" ? Paint::bad : Paint::doubtful;
}

std::string failover_text(const std::vector<api::PrimaryStatus>& primaries, const Style& style) {
  Table table(
      {{"PRIMARY"}, {"MODE"}, {"SINCE"}, {"FOR"}, {"HELD THERE"}, {"EVIDENCE", Align::left, true}});
  for (const api::PrimaryStatus& primary : primaries) {
    table.add(
        {{primary.primary, Paint::strong},
         {primary.mode, paint_of_mode(primary.mode)},
         when(primary.since, style.now),
         age(primary.since, style.now),
         {hold_text(primary), primary.pinned || primary.frozen ? Paint::doubtful : Paint::plain},
         evidence_text(primary.evidence)});
  }
  return table.text(style);
}

std::string history_text(const std::vector<api::Transition>& transitions, const Style& style) {
  if (transitions.empty()) return "No primary has changed its mode yet.\n";
  Table table({{"AT"}, {"PRIMARY"}, {"FROM"}, {"TO"}, {"WHY", Align::left, true}});
  for (const api::Transition& moved : transitions) {
    table.add({base::local_time(moved.at),
               {moved.primary, Paint::strong},
               moved.from,
               {moved.to, paint_of_mode(moved.to)},
               moved.why});
  }
  return table.text(style);
}

std::string checks_text(const std::vector<api::CheckStatus>& checks, const Style& style) {
  Table table({{"PRIMARY"},
               {"CHECK"},
               {"EVERY", Align::right},
               {"RESULT"},
               {"AT"},
               {"SAW", Align::left, true},
               {"LOOKS AT", Align::left, true}});
  for (const api::CheckStatus& check : checks) {
    const bool ok = check.ok.value_or(false);
    table.add({{check.primary, Paint::strong},
               check.check,
               check.every,
               {check.ok ? (ok ? "ok" : "FAILS") : "-",
                check.ok ? (ok ? Paint::good : Paint::bad) : Paint::plain},
               check.at ? when(*check.at, style.now) : "-",
               check.ok ? check.saw : "has not run yet",
               check.looks_at});
  }
  return table.text(style);
}

}  // namespace beredd::beredctl

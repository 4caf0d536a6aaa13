#include "beredd/ticket/ranking.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace beredd::ticket {
namespace {

// Points are counted in sixtieths of an hour's, so that minutes count.
constexpr long kScale = 60;

long points_of(const Candidate& one, const LevelPolicy& policy, base::Instant now) {
  const auto steps = static_cast<long>(one.ticket.priority);
  const base::Duration waited =
      one.waiting_since && *one.waiting_since < now ? now - *one.waiting_since : base::Duration{};
  const long minutes = std::chrono::duration_cast<std::chrono::minutes>(waited).count();
  return steps * policy.priority_weight * kScale + minutes * policy.waiting_weight;
}

auto order_of(const Ranked& one) {
  const Candidate& it = *one.candidate;
  return std::tuple(one.handling, !it.waiting_since.has_value(), -one.points,
                    it.waiting_since.value_or(base::Instant{}), it.ticket.id);
}

bool speaks(const Colleague& person, const Candidate& one) {
  return !one.language.empty() && std::find(person.languages.begin(), person.languages.end(),
                                            one.language) != person.languages.end();
}

bool is_work_for(const Colleague& person, const Ranked& one) {
  const Candidate& it = *one.candidate;
  if (one.handling == Handling::notice || one.handling == Handling::wait) return false;
  if (!it.waiting_since) return false;
  if (!it.holder.empty() && it.holder != person.name) return false;
  if (!it.ticket.assignee.empty()) return it.ticket.assignee == person.name;
  return can_take(person, {it.ticket.line, it.ticket.desk, it.team, {}});
}

std::string spelled(base::Duration waited) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(waited).count();
  if (minutes < 120) return fmt::format("{} minutes", std::max<long>(minutes, 0));
  if (minutes < 48L * 60) return fmt::format("{} hours", minutes / 60);
  return fmt::format("{} days", minutes / 60 / 24);
}

// A selector that is no priority: the priority is said anyway.
void say_first(const Candidate& it, const LevelPolicy& policy, std::vector<std::string>& reasons) {
  for (const std::string& selector : policy.first) {
    if (!selects(selector, it.ticket) || priority_named(selector)) continue;
    reasons.push_back(selector + " goes first");
    return;
  }
}

std::vector<std::string> reasons_for(const Colleague& person, const Ranked& one,
                                     const std::vector<Ranked>& work, const LevelPolicy& policy,
                                     base::Instant now) {
  const Candidate& it = *one.candidate;
  std::vector<std::string> reasons;
  if (it.ticket.priority > Priority::normal) reasons.emplace_back(name(it.ticket.priority));
  if (one.handling == Handling::first) say_first(it, policy, reasons);
  if (it.holder == person.name) reasons.emplace_back("you are answering it");
  if (it.ticket.assignee == person.name) reasons.emplace_back("assigned to you");
  if (!it.team.empty()) reasons.push_back("for your team " + it.team);
  const bool oldest = std::all_of(work.begin(), work.end(), [&](const Ranked& other) {
    return *it.waiting_since <= *other.candidate->waiting_since;
  });
  reasons.push_back(fmt::format("{}{}", it.answered ? "waits again for " : "unanswered for ",
                                spelled(now - *it.waiting_since)) +
                    (oldest ? ", the longest" : ""));
  if (speaks(person, it)) reasons.push_back("you speak " + it.language);
  return reasons;
}

}  // namespace

std::vector<Ranked> rank(const std::vector<Candidate>& queue, const LevelPolicy& policy,
                         base::Instant now) {
  std::vector<Ranked> ranked;
  ranked.reserve(queue.size());
  for (const Candidate& one : queue) {
    ranked.push_back({&one, handling_of(one.ticket, policy), points_of(one, policy, now)});
  }
  std::sort(ranked.begin(), ranked.end(),
            [](const Ranked& a, const Ranked& b) { return order_of(a) < order_of(b); });
  return ranked;
}

std::optional<Next> next_for(const Colleague& person, const std::vector<Candidate>& queue,
                             const LevelPolicy& policy, base::Instant now) {
  const long step = policy.priority_weight * kScale;
  std::vector<Ranked> work = rank(queue, policy, now);
  std::erase_if(work, [&](const Ranked& one) { return !is_work_for(person, one); });
  for (Ranked& one : work) {
    if (one.candidate->ticket.assignee == person.name) one.points += step;
    if (speaks(person, *one.candidate)) one.points += step / 2;
  }
  const auto best = std::min_element(work.begin(), work.end(), [&](const auto& a, const auto& b) {
    return std::tuple(a.candidate->holder != person.name, order_of(a)) <
           std::tuple(b.candidate->holder != person.name, order_of(b));
  });
  if (best == work.end()) return std::nullopt;
  return Next{best->candidate, reasons_for(person, *best, work, policy, now)};
}

}  // namespace beredd::ticket

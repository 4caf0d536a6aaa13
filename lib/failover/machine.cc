#include "beredd/failover/machine.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace beredd::failover {
namespace {

constexpr base::Duration kDay = std::chrono::hours(24);

// A fall in the future is one of before the clock was set back; it must not freeze the mode until
// then.
bool within_a_day(base::Instant fall, base::Instant now) {
  return fall <= now && now - fall < kDay;
}

// One line for a person at three in the morning.
std::string why(Event event, const Observation& seen, int failures, int successes) {
  const int run = seen.ok ? successes : failures;
  return fmt::format(
      "{}: {} {} {}, last: {}", name(event), seen.check, seen.ok ? "succeeded" : "failed",
      run == 1 ? std::string("once") : fmt::format("{} times in a row", run), seen.saw);
}

}  // namespace

Machine::Machine(Settings settings, std::vector<std::string> checks, Standing standing)
    : settings_(settings), standing_(std::move(standing)) {
  for (std::string& check : checks) streaks_.try_emplace(std::move(check));
}

std::optional<Transition> Machine::observe(const Observation& observation) {
  const Streak& streak = note(observation);
  const std::optional<Event> event = judge(streak);
  if (!event || !is_news(*event, observation.at)) return std::nullopt;
  return on(*event, observation.at, why(*event, observation, streak.failures, streak.successes));
}

std::optional<Transition> Machine::on(Event event, base::Instant now, std::string why) {
  if (!is_news(event, now)) return std::nullopt;
  return move(*step(standing_.mode, event), now, std::move(why));
}

bool Machine::is_news(Event event, base::Instant now) const {
  if (standing_.pinned || !step(standing_.mode, event)) return false;
  if (event == Event::rose) return !frozen(now);
  return event != Event::proven || dwell_over(now);
}

bool Machine::dwell_over(base::Instant now) const {
  // A beginning in the future is one of before the clock was set back: its age is not known.
  const bool over = now < standing_.since || now - standing_.since >= settings_.min_dwell;
  return standing_.mode == Mode::probation && over;
}

std::optional<Transition> Machine::force(Mode mode, base::Instant now, std::string why) {
  standing_.pinned = true;
  if (standing_.mode == mode) return std::nullopt;
  return move(mode, now, std::move(why));
}

void Machine::release(base::Instant) {
  standing_.pinned = false;
  standing_.falls.clear();
  for (auto& [check, streak] : streaks_) streak.failures = streak.successes = 0;
}

bool Machine::frozen(base::Instant now) const {
  const auto recent = std::count_if(standing_.falls.begin(), standing_.falls.end(),
                                    [now](base::Instant fall) { return within_a_day(fall, now); });
  return standing_.mode == Mode::fallback && !standing_.pinned && recent >= settings_.daily_budget;
}

std::vector<Observation> Machine::evidence() const {
  std::vector<Observation> looks;
  for (const auto& [check, streak] : streaks_) {
    if (streak.last) looks.push_back(*streak.last);
  }
  return looks;
}

Machine::Streak& Machine::note(const Observation& observation) {
  const auto [at, is_new] = streaks_.try_emplace(observation.check);
  Streak& streak = at->second;
  if (is_new) streak.passive = observation.passive;
  streak.failures = observation.ok ? 0 : streak.failures + 1;
  streak.successes = observation.ok ? streak.successes + 1 : 0;
  streak.last = observation;
  return streak;
}

// What the latest look, already part of `streak`, means in the present mode.
std::optional<Event> Machine::judge(const Streak& streak) const {
  const bool ok = streak.failures == 0;
  switch (standing_.mode) {
    case Mode::normal:
    case Mode::suspect:
      if (streak.failures >= settings_.fall && down() >= quorum()) return Event::fell;
      if (!ok) return Event::failed;
      return some_failing() ? std::nullopt : std::optional(Event::recovered);
    case Mode::fallback:
      if (ok && !streak.passive && not_up() < quorum()) return Event::rose;
      return std::nullopt;
    case Mode::probation:
    case Mode::handback:
      if (!ok && !streak.passive && not_up() >= quorum()) return Event::failed;
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Transition> Machine::move(Mode to, base::Instant now, std::string why) {
  const Mode from = std::exchange(standing_.mode, to);
  standing_.since = now;
  std::erase_if(standing_.falls, [now](base::Instant fall) { return !within_a_day(fall, now); });
  if (to == Mode::fallback) {
    standing_.falls.push_back(now);
    // The way up is counted from here, and traffic, which stops here, cannot mend its own streak.
    for (auto& [check, streak] : streaks_) {
      streak.successes = 0;
      if (streak.passive) streak.failures = 0;
    }
  }
  return Transition{from, to, now, std::move(why), evidence()};
}

int Machine::quorum() const {
  const auto active = std::count_if(streaks_.begin(), streaks_.end(),
                                    [](const auto& entry) { return !entry.second.passive; });
  return std::max(1, std::min(settings_.quorum, static_cast<int>(active)));
}

int Machine::down() const {
  return static_cast<int>(
      std::count_if(streaks_.begin(), streaks_.end(),
                    [this](const auto& entry) { return entry.second.failures >= settings_.fall; }));
}

int Machine::not_up() const {
  return static_cast<int>(
      std::count_if(streaks_.begin(), streaks_.end(), [this](const auto& entry) {
        return !entry.second.passive && entry.second.successes < settings_.rise;
      }));
}

bool Machine::some_failing() const {
  return std::any_of(streaks_.begin(), streaks_.end(),
                     [](const auto& entry) { return entry.second.failures > 0; });
}

}  // namespace beredd::failover

// What holds for every sequence of looks, events, forces and releases, from printed seeds.
#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "beredd/base/random.h"
#include "beredd/failover/machine.h"

namespace beredd::failover {
namespace {

using namespace std::chrono_literals;

constexpr std::array kChecks = {"a", "b", "c"};
constexpr std::string_view kTraffic = "deliveries";

// Drives a machine at random and checks every step of it. The oracle keeps whole histories where
// the machine keeps streaks.
class Walk {
 public:
  explicit Walk(std::uint64_t seed)
      : random_(seed),
        settings_{.fall = dice(1, 4),
                  .rise = dice(1, 4),
                  .quorum = dice(1, 3),
                  .min_dwell = std::chrono::minutes(dice(0, 10)),
                  .daily_budget = dice(1, 4)},
        machine_(settings_, {kChecks.begin(), kChecks.end()}, {}) {}

  void step_once() {
    now_ += std::chrono::seconds(dice(1, 2'400));
    before_ = machine_.standing();
    was_frozen_ = machine_.frozen(now_);
    const int kind = dice(0, 99);
    if (kind < 80) {
      look();
    } else if (kind < 97) {
      happen();
    } else if (kind < 98) {
      force();
    } else {
      release();
    }
    hold_always();
  }

  int moves() const { return moves_; }

 private:
  int dice(int low, int high) {
    return low + static_cast<int>(random_.below(static_cast<std::uint64_t>(high - low + 1)));
  }

  void look() {
    // Phases of a day in which most looks are good, or most are bad.
    if (dice(0, 19) == 0) mostly_good_ = !mostly_good_;
    const auto which = static_cast<std::size_t>(dice(0, 3));
    const bool passive = which == kChecks.size();
    const std::string check(passive ? kTraffic : kChecks[which]);
    const bool ok = dice(0, 9) > 0 ? mostly_good_ : !mostly_good_;
    histories_[check].push_back(ok);
    const auto moved = machine_.observe({check, ok, now_, "saw", passive});
    if (moved) hold_for_look(*moved, check, ok, passive);
    hold_for(moved);
  }

  void happen() {
    const std::array events = {Event::proven, Event::drained, Event::hurt, Event::rose};
    const Event event = events[static_cast<std::size_t>(dice(0, 3))];
    const auto moved = machine_.on(event, now_, "happened");
    if (moved && event == Event::proven) {
      EXPECT_GE(now_ - before_.since, settings_.min_dwell);
    }
    if (moved && event != Event::rose) {
      EXPECT_NE(before_.mode, Mode::fallback);
    }
    hold_for(moved);
  }

  void force() {
    const Mode to = dice(0, 1) == 0 ? Mode::normal : Mode::fallback;
    const auto moved = machine_.force(to, now_, "forced");
    EXPECT_EQ(moved.has_value(), before_.mode != to);
    EXPECT_EQ(machine_.mode(), to);
    EXPECT_TRUE(machine_.standing().pinned);
    if (moved) start_anew(moved->to);
  }

  void release() {
    machine_.release(now_);
    EXPECT_EQ(machine_.mode(), before_.mode);
    EXPECT_TRUE(machine_.standing().falls.empty());
    histories_.clear();
  }

  // Of every move that no person made.
  void hold_for(const std::optional<Transition>& moved) {
    if (!moved) {
      EXPECT_EQ(machine_.mode(), before_.mode);
      EXPECT_EQ(machine_.standing().since, before_.since);
      return;
    }
    ++moves_;
    EXPECT_FALSE(before_.pinned);
    EXPECT_FALSE(was_frozen_);
    EXPECT_EQ(moved->from, before_.mode);
    EXPECT_EQ(moved->to, machine_.mode());
    EXPECT_EQ(moved->at, now_);
    EXPECT_TRUE(std::any_of(kEdges.begin(), kEdges.end(), [&](const Edge& edge) {
      return edge.from == moved->from && edge.to == moved->to;
    }));
    if (before_.mode == Mode::fallback) {
      EXPECT_EQ(moved->to, Mode::probation);
    }
    start_anew(moved->to);
  }

  void hold_for_look(const Transition& moved, const std::string& check, bool ok, bool passive) {
    const int quorum = std::min(settings_.quorum, static_cast<int>(kChecks.size()));
    if (moved.from == Mode::fallback) {
      EXPECT_TRUE(ok && !passive);
      EXPECT_LT(not_up(), quorum);
    } else if (moved.to == Mode::fallback &&
               (moved.from == Mode::normal || moved.from == Mode::suspect)) {
      EXPECT_FALSE(ok);
      EXPECT_GE(run_of(check, false), settings_.fall);
      EXPECT_GE(down(), quorum);
    } else if (moved.to == Mode::fallback) {
      EXPECT_FALSE(ok || passive);
    } else if (moved.to == Mode::normal) {
      for (const auto& [name, history] : histories_) EXPECT_EQ(run_of(name, false), 0) << name;
    }
  }

  void hold_always() {
    const Standing& standing = machine_.standing();
    EXPECT_TRUE(std::is_sorted(standing.falls.begin(), standing.falls.end()));
    if (!standing.pinned) {
      EXPECT_LE(static_cast<int>(standing.falls.size()), settings_.daily_budget);
    }
    if (machine_.frozen(now_)) {
      EXPECT_EQ(standing.mode, Mode::fallback);
      EXPECT_EQ(static_cast<int>(standing.falls.size()), settings_.daily_budget);
    }
    EXPECT_TRUE(standing.mode != Mode::fallback || standing.since <= now_);
  }

  // How many of the latest looks in a row were `ok`.
  int run_of(const std::string& check, bool ok) {
    const std::vector<bool>& history = histories_[check];
    const auto other = std::find(history.rbegin(), history.rend(), !ok);
    return static_cast<int>(other - history.rbegin());
  }

  int down() {
    int count = run_of(std::string(kTraffic), false) >= settings_.fall ? 1 : 0;
    for (const char* check : kChecks) count += run_of(check, false) >= settings_.fall ? 1 : 0;
    return count;
  }

  int not_up() {
    int count = 0;
    for (const char* check : kChecks) count += run_of(check, true) < settings_.rise ? 1 : 0;
    return count;
  }

  // Entering fallback: traffic is forgotten, and only failures of the checks go on.
  void start_anew(Mode to) {
    if (to != Mode::fallback) return;
    histories_.erase(std::string(kTraffic));
    for (auto& [name, history] : histories_) std::erase(history, true);
  }

  base::SeededRandom random_;
  Settings settings_;
  Machine machine_;
  base::Instant now_ = base::from_micros(1'795'000'000'000'000);
  std::map<std::string, std::vector<bool>> histories_;
  Standing before_;
  bool was_frozen_ = false;
  bool mostly_good_ = true;
  int moves_ = 0;
};

TEST(Machine, KeepsItsInvariantsOnEveryWalk) {
  int moves = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    Walk walk(seed);
    for (int i = 0; i < 1'000; ++i) walk.step_once();
    moves += walk.moves();
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(moves, 5'000) << "the walks must lead somewhere";
}

}  // namespace
}  // namespace beredd::failover

#include "beredd/failover/mode.h"

#include "bench_of_machine.h"

#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "beredd/failover/machine.h"

namespace beredd::failover {
namespace {

constexpr std::array kModes = {Mode::normal, Mode::suspect, Mode::fallback, Mode::probation,
                               Mode::handback};
constexpr std::array kEvents = {Event::failed, Event::recovered, Event::fell, Event::rose,
                                Event::proven, Event::drained,   Event::hurt};

// Written out a second time, from DESIGN.md's drawing: the table must say the same.
const std::vector<Edge>& expected_edges() {
  static const std::vector<Edge> edges = {
      {Mode::normal, Event::failed, Mode::suspect},
      {Mode::normal, Event::fell, Mode::fallback},
      {Mode::suspect, Event::recovered, Mode::normal},
      {Mode::suspect, Event::fell, Mode::fallback},
      {Mode::fallback, Event::rose, Mode::probation},
      {Mode::probation, Event::failed, Mode::fallback},
      {Mode::probation, Event::fell, Mode::fallback},
      {Mode::probation, Event::hurt, Mode::fallback},
      {Mode::probation, Event::proven, Mode::handback},
      {Mode::handback, Event::failed, Mode::fallback},
      {Mode::handback, Event::fell, Mode::fallback},
      {Mode::handback, Event::hurt, Mode::fallback},
      {Mode::handback, Event::drained, Mode::normal},
  };
  return edges;
}

constexpr base::Instant kNow = base::from_micros(1'795'000'000'000'000);

Machine machine_in(Mode mode) { return Machine(Settings{}, {"http"}, standing_in(mode)); }

class EachEdge : public testing::TestWithParam<Edge> {};

TEST_P(EachEdge, MovesAMachine) {
  const Edge& edge = GetParam();
  Machine machine = machine_in(edge.from);
  const auto moved = machine.on(edge.event, kNow, "because");
  ASSERT_TRUE(moved.has_value());
  EXPECT_EQ(moved->from, edge.from);
  EXPECT_EQ(moved->to, edge.to);
  EXPECT_EQ(moved->at, kNow);
  EXPECT_EQ(moved->why, "because");
  EXPECT_EQ(machine.mode(), edge.to);
  EXPECT_EQ(machine.standing().since, kNow);
}

INSTANTIATE_TEST_SUITE_P(Modes, EachEdge, testing::ValuesIn(expected_edges()), [](const auto& it) {
  return std::string(name(it.param.from)) + "_" + std::string(name(it.param.event));
});

TEST(Edges, AreThoseOfTheDesignAndNoOther) {
  std::set<std::tuple<Mode, Event, Mode>> expected;
  std::set<std::tuple<Mode, Event, Mode>> table;
  for (const Edge& edge : expected_edges()) expected.emplace(edge.from, edge.event, edge.to);
  for (const Edge& edge : kEdges) table.emplace(edge.from, edge.event, edge.to);
  EXPECT_EQ(table, expected);
  EXPECT_EQ(table.size(), kEdges.size()) << "an edge stands twice";
}

TEST(Edges, ThatAreMissingAreNoNews) {
  int without = 0;
  for (const Mode mode : kModes) {
    for (const Event event : kEvents) {
      if (step(mode, event)) continue;
      ++without;
      Machine machine = machine_in(mode);
      EXPECT_FALSE(machine.on(event, kNow, "because")) << name(mode) << " " << name(event);
      EXPECT_EQ(machine.mode(), mode);
      EXPECT_EQ(machine.standing().since, base::Instant{});
    }
  }
  EXPECT_EQ(without, 5 * 7 - 13);
}

TEST(Edges, LeadFromEveryModeToEveryOther) {
  for (const Mode start : kModes) {
    std::set<Mode> reached = {start};
    for (std::size_t before = 0; before != reached.size();) {
      before = reached.size();
      for (const Edge& edge : kEdges) {
        if (reached.contains(edge.from)) reached.insert(edge.to);
      }
    }
    EXPECT_EQ(reached.size(), kModes.size()) << name(start);
  }
}

TEST(Modes, AreReadBackFromTheirNames) {
  std::set<std::string_view> names;
  for (const Mode mode : kModes) {
    names.insert(name(mode));
    EXPECT_EQ(mode_named(name(mode)), mode);
  }
  EXPECT_EQ(names.size(), kModes.size());
  for (const std::string_view none : {"", "Normal", "fall", "fallback "}) {
    EXPECT_EQ(mode_named(none), std::nullopt);
  }
}

TEST(Events, HaveNamesOfTheirOwn) {
  std::set<std::string_view> names;
  for (const Event event : kEvents) names.insert(name(event));
  EXPECT_EQ(names.size(), kEvents.size());
}

TEST(Modes, HoldMailUntilTheCanaryIsProven) {
  EXPECT_FALSE(holds(Mode::normal));
  EXPECT_FALSE(holds(Mode::suspect));
  EXPECT_TRUE(holds(Mode::fallback));
  EXPECT_TRUE(holds(Mode::probation));
  EXPECT_FALSE(holds(Mode::handback));
}

}  // namespace
}  // namespace beredd::failover

#include "store_fixture.h"

namespace beredd::store {
namespace {

using failover::Mode;
using testing::ElementsAre;
using testing::IsEmpty;

class Modes : public StoreTest {
 protected:
  void add(std::string primary, Mode to, base::Instant at) {
    TransitionRecord record;
    record.primary = std::move(primary);
    record.transition = {Mode::normal,
                         to,
                         at,
                         "fell: http 3 of 3 failed",
                         {{"http", false, at, "connection refused", true}}};
    must([&](WriteTxn& txn) { return txn.add_transition(record); });
  }
  std::vector<base::Instant> times(std::string_view primary, std::size_t limit) {
    std::vector<base::Instant> out;
    auto found = ask([&](const ReadTxn& txn) { return txn.transitions(primary, limit); });
    EXPECT_TRUE(found.ok());
    for (const TransitionRecord& each : found.value_or({})) out.push_back(each.transition.at);
    return out;
  }
};

TEST_F(Modes, AStandingSurvivesARestart) {
  failover::Standing standing{Mode::fallback, kStart, true, {kStart - 5s, kStart}};
  must([&](WriteTxn& txn) { return txn.put_standing("helpdesk", standing); });
  reopen();
  auto found = ask([](const ReadTxn& txn) { return txn.standing("helpdesk"); });
  ASSERT_TRUE(found.ok() && found->has_value());
  EXPECT_EQ((*found)->mode, Mode::fallback);
  EXPECT_EQ((*found)->since, kStart);
  EXPECT_TRUE((*found)->pinned);
  EXPECT_THAT((*found)->falls, ElementsAre(kStart - 5s, kStart));
  auto none = ask([](const ReadTxn& txn) { return txn.standing("other"); });
  ASSERT_TRUE(none.ok());
  EXPECT_FALSE(none->has_value());
}

TEST_F(Modes, SwitchesSurviveARestartAndAreOffAtFirst) {
  EXPECT_EQ(ask([](const ReadTxn& txn) { return txn.switches("helpdesk"); }), Switches{});
  must([](WriteTxn& txn) { return txn.put_switches("helpdesk", {true, false}); });
  must([](WriteTxn& txn) { return txn.put_switches("other", {false, true}); });
  reopen();
  EXPECT_EQ(ask([](const ReadTxn& txn) { return txn.switches("helpdesk"); }),
            (Switches{true, false}));
  EXPECT_EQ(ask([](const ReadTxn& txn) { return txn.switches("other"); }), (Switches{false, true}));
}

TEST_F(Modes, TransitionsAreListedNewestFirstWithTheirEvidence) {
  add("helpdesk", Mode::fallback, kStart);
  add("other", Mode::suspect, kStart + 1s);
  add("helpdesk", Mode::probation, kStart + 2s);
  EXPECT_THAT(times("", 10), ElementsAre(kStart + 2s, kStart + 1s, kStart));
  EXPECT_THAT(times("helpdesk", 10), ElementsAre(kStart + 2s, kStart));
  EXPECT_THAT(times("helpdesk", 1), ElementsAre(kStart + 2s));
  EXPECT_THAT(times("nobody", 10), IsEmpty());
  auto found = ask([](const ReadTxn& txn) { return txn.transitions("other", 1); });
  ASSERT_TRUE(found.ok() && found->size() == 1);
  const failover::Transition& transition = found->front().transition;
  EXPECT_EQ(found->front().primary, "other");
  EXPECT_EQ(transition.from, Mode::normal);
  EXPECT_EQ(transition.to, Mode::suspect);
  EXPECT_EQ(transition.why, "fell: http 3 of 3 failed");
  ASSERT_EQ(transition.evidence.size(), 1u);
  EXPECT_EQ(transition.evidence[0].check, "http");
  EXPECT_EQ(transition.evidence[0].saw, "connection refused");
  EXPECT_TRUE(transition.evidence[0].passive);
}

TEST_F(Modes, TwoTransitionsInOneMicrosecondAreBothKept) {
  add("helpdesk", Mode::suspect, kStart);
  add("helpdesk", Mode::fallback, kStart);
  auto found = ask([](const ReadTxn& txn) { return txn.transitions("helpdesk", 10); });
  ASSERT_TRUE(found.ok() && found->size() == 2);
  EXPECT_EQ(found->front().transition.to, Mode::fallback);
  EXPECT_THAT(journal_words(), ElementsAre("mode", "mode"));
  EXPECT_EQ(journal().back().detail, "normal to fallback: fell: http 3 of 3 failed");
}

}  // namespace
}  // namespace beredd::store

#include "beredd/ticket/rules.h"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::ticket {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

base::Pattern words(const std::vector<std::string>& list) { return *base::Pattern::of_words(list); }

Facts facts() {
  Facts one;
  one.level = Level::reduced;
  one.desk = "support";
  one.senders = {"anna@shop.customer.example"};
  one.text = "Allt ligger nere\nKundnr 471100";
  one.waiting = 3h;
  one.fields = {{"customer", "471100"}};
  return one;
}

struct ConditionCase {
  std::string sentence;
  std::function<void(Condition&)> set;
  bool holds;
};

class Conditions : public testing::TestWithParam<ConditionCase> {};

TEST_P(Conditions, HoldOrDoNot) {
  Condition condition;
  GetParam().set(condition);
  EXPECT_EQ(holds(condition, facts()), GetParam().holds);
}

INSTANTIATE_TEST_SUITE_P(
    Each, Conditions,
    testing::Values(
        ConditionCase{"NoneIsAsked", [](Condition&) {}, true},
        ConditionCase{"TheDesk",
                      [](Condition& c) {
                        c.desks = {"billing", "support"};
                      },
                      true},
        ConditionCase{"AnotherDesk", [](Condition& c) { c.desks = {"billing"}; }, false},
        ConditionCase{"TheLevel", [](Condition& c) { c.levels = {Level::reduced}; }, true},
        ConditionCase{"AnotherLevel", [](Condition& c) { c.levels = {Level::critical}; }, false},
        ConditionCase{"TheSender", [](Condition& c) { c.senders = {"anna@shop.customer.example"}; },
                      true},
        ConditionCase{"AnotherSender", [](Condition& c) { c.senders = {"bo@b.example"}; }, false},
        ConditionCase{"ADomainAbove", [](Condition& c) { c.domains = {"customer.example"}; }, true},
        ConditionCase{"TheTopDomain", [](Condition& c) { c.domains = {"example"}; }, true},
        ConditionCase{"ADomainThatOnlyEndsAlike",
                      [](Condition& c) { c.domains = {"tomer.example"}; }, false},
        ConditionCase{"WordsIgnoringCase", [](Condition& c) { c.words = words({"LIGGER NERE"}); },
                      true},
        ConditionCase{"OtherWords", [](Condition& c) { c.words = words({"nede"}); }, false},
        ConditionCase{"Older", [](Condition& c) { c.older_than = 2h; }, true},
        ConditionCase{"NotOlderAtTheVeryAge", [](Condition& c) { c.older_than = 3h; }, false},
        ConditionCase{"TheField", [](Condition& c) { c.field = "customer"; }, true},
        ConditionCase{"AFieldThatIsMissing", [](Condition& c) { c.field = "order"; }, false},
        ConditionCase{"TheFieldsValue",
                      [](Condition& c) {
                        c.field = "customer";
                        c.value = *base::Pattern::compile("47.*");
                      },
                      true},
        ConditionCase{"OnlyAPartOfTheValue",
                      [](Condition& c) {
                        c.field = "customer";
                        c.value = *base::Pattern::compile("47");
                      },
                      false},
        ConditionCase{"TwoOfWhichOneFails",
                      [](Condition& c) {
                        c.desks = {"support"};
                        c.older_than = 5h;
                      },
                      false}),
    [](const auto& one) { return one.param.sentence; });

Rule rule(std::string name, Outcome then) { return {std::move(name), {}, std::move(then)}; }

TEST(Judge, OfEachValueTakesTheFirstAndOfTagsAll) {
  Outcome first, second;
  first.priority = Priority::high;
  first.tags = {"a", "b"};
  second.priority = Priority::low;
  second.line = 2;
  second.tags = {"b", "c"};
  const Verdict verdict = judge({rule("one", first), rule("two", second)}, facts(), {});
  EXPECT_THAT(verdict.rules, ElementsAre("one", "two"));
  EXPECT_EQ(verdict.outcome.priority, Priority::high);
  EXPECT_EQ(verdict.outcome.line, 2);
  EXPECT_THAT(verdict.outcome.tags, ElementsAre("a", "b", "c"));
}

TEST(Judge, PassesOverWhatHasApplied) {
  Outcome outcome;
  outcome.line = 2;
  const Verdict verdict = judge({rule("one", outcome)}, facts(), {"one"});
  EXPECT_THAT(verdict.rules, IsEmpty());
  EXPECT_EQ(verdict.outcome, Outcome());
}

TEST(Fields, AreFoundWhereTheirDeskIs) {
  const std::vector<FieldFinder> finders = {
      {"customer", *base::Pattern::compile(R"(Kundnr (\d+))"), {}},
      {"order", *base::Pattern::compile(R"(Kundnr (\d+))"), {"billing"}}};
  EXPECT_EQ(find_fields(finders, "support", facts().text), (FieldValues{{"customer", "471100"}}));
  EXPECT_EQ(find_fields(finders, "support", "nothing"), FieldValues());
  EXPECT_EQ(find_fields(finders, "billing", facts().text).size(), 2U);
}

}  // namespace
}  // namespace beredd::ticket

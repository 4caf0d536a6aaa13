#include "beredd/base/result.h"

#include <memory>
#include <set>
#include <unordered_set>

#include <gtest/gtest.h>

#include "beredd/base/ids.h"

namespace beredd::base {
namespace {

TEST(Result, HoldsAValueOrAnError) {
  const Result<int> good = 7;
  const Result<int> bad = transient(Code::timeout, "nothing came");
  EXPECT_TRUE(good.ok());
  EXPECT_EQ(*good, 7);
  EXPECT_EQ(good.value_or(1), 7);
  EXPECT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().code, Code::timeout);
  EXPECT_EQ(bad.value_or(1), 1);
}

TEST(Result, GivesAwayWhatCannotBeCopied) {
  Result<std::unique_ptr<int>> made = std::make_unique<int>(3);
  const std::unique_ptr<int> taken = *std::move(made);
  EXPECT_EQ(*taken, 3);
}

TEST(Status, IsGoodUntilAnErrorIsPutIn) {
  const Status good;
  const Status bad = bug("count below zero");
  EXPECT_TRUE(good.ok());
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().fault, Fault::bug);
  EXPECT_EQ(bad.error().code, Code::internal);
}

TEST(Error, NamesItsClassAndKindFirst) {
  EXPECT_EQ(to_string(transient(Code::store_full, "the map has no free page")),
            "transient/store_full: the map has no free page");
  EXPECT_EQ(to_string(permanent(Code::not_found, "x")), "permanent/not_found: x");
  EXPECT_EQ(to_string(bug("x")), "bug/internal: x");
}

TEST(Error, GivesEveryCodeANameOfItsOwn) {
  std::set<std::string_view> names;
  for (int code = 0; code <= static_cast<int>(Code::internal); ++code) {
    names.insert(name(static_cast<Code>(code)));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(Code::internal) + 1);
}

TEST(Ids, OrderHashAndPrintTheirNumber) {
  EXPECT_LT(TicketId(1), TicketId(2));
  EXPECT_FALSE(TicketId());
  EXPECT_TRUE(MessageId(1));
  EXPECT_EQ(to_string(MessageId(1042)), "1042");
  const std::unordered_set<TicketId> set = {TicketId(1), TicketId(1), TicketId(2)};
  EXPECT_EQ(set.size(), 2U);
}

TEST(Ids, OfOneKindNeverBecomeAnother) {
  static_assert(!std::is_convertible_v<TicketId, MessageId>);
  static_assert(!std::is_constructible_v<MessageId, TicketId>);
  static_assert(!std::is_convertible_v<std::uint64_t, TicketId>);
}

}  // namespace
}  // namespace beredd::base

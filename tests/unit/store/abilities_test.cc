// What a primary said that it can take on: the table `abilities`.

#include "codec.h"
#include "store_fixture.h"

namespace beredd::store {
namespace {

class AbilitiesTable : public StoreTest {
 protected:
  void say(std::string_view primary, const Abilities& abilities) {
    must([&](WriteTxn& txn) { return txn.put_abilities(primary, abilities); });
  }
  std::optional<Abilities> said(std::string_view primary) {
    auto found = ask([&](const ReadTxn& txn) { return txn.abilities(primary); });
    EXPECT_TRUE(found.ok());
    return found.value_or(std::nullopt);
  }

  const Abilities everything_{true, true, base::mebibytes(25), kStart};
  const Abilities nothing_{false, false, {}, kStart + 1h};
};

TEST_F(AbilitiesTable, KnowsNothingOfAPrimaryThatNeverSpoke) {
  EXPECT_EQ(said("helpdesk"), std::nullopt);
  say("helpdesk", nothing_);
  EXPECT_EQ(said("helpdesk"), nothing_) << "to be able to do nothing is known as well";
}

TEST_F(AbilitiesTable, SurvivesARestart) {
  say("helpdesk", everything_);
  reopen();
  EXPECT_EQ(said("helpdesk"), everything_);
}

TEST_F(AbilitiesTable, IsPerPrimaryAndAPrefixOfANameIsAnotherName) {
  say("helpdesk", everything_);
  say("help", nothing_);
  reopen();
  EXPECT_EQ(said("helpdesk"), everything_);
  EXPECT_EQ(said("help"), nothing_);
  EXPECT_EQ(said("helpdesk2"), std::nullopt);
}

TEST_F(AbilitiesTable, TheLastWordCountsInWhole) {
  say("helpdesk", everything_);
  say("helpdesk", nothing_);
  EXPECT_EQ(said("helpdesk"), nothing_) << "a limit that is no longer named is none";
  reopen();
  EXPECT_EQ(said("helpdesk"), nothing_);
}

TEST_F(AbilitiesTable, AReaderSeesOneStateToItsEnd) {
  say("helpdesk", nothing_);
  const base::Status status = store_->read([&](const ReadTxn& txn) -> base::Status {
    say("helpdesk", everything_);
    say("other", everything_);
    const auto old = txn.abilities("helpdesk");
    const auto none = txn.abilities("other");
    EXPECT_TRUE(old.ok() && *old == nothing_);
    EXPECT_TRUE(none.ok() && !*none);
    return {};
  });
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(said("helpdesk"), everything_);
  EXPECT_EQ(said("other"), everything_);
}

TEST_F(AbilitiesTable, AnOperationThatFailsLearnsNothing) {
  say("helpdesk", nothing_);
  const base::Status status = write([&](WriteTxn& txn) -> base::Status {
    if (auto put = txn.put_abilities("helpdesk", everything_); !put) return put;
    return base::permanent(base::Code::invalid, "not after all");
  });
  EXPECT_THAT(status, FailsWith(base::Code::invalid));
  EXPECT_EQ(said("helpdesk"), nothing_);
}

TEST_F(AbilitiesTable, IsNoEventOfTheJournal) {
  say("helpdesk", everything_);
  EXPECT_THAT(journal(), testing::IsEmpty());
}

TEST(AbilitiesRecord, KeepsALimitOfNothingApartFromNoLimit) {
  for (const std::optional<base::Bytes> limit :
       {std::optional<base::Bytes>(), std::optional(base::Bytes(0)), std::optional(base::Bytes(1)),
        std::optional(base::Bytes(~std::uint64_t{0}))}) {
    const Abilities abilities{false, true, limit, kStart};
    const auto read = decode_abilities(encode(abilities));
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(*read, abilities);
  }
}

TEST(AbilitiesRecord, WhatIsNoRecordIsCorrupt) {
  const std::string whole = encode(Abilities{true, false, base::Bytes(7), kStart});
  EXPECT_THAT(decode_abilities(""), FailsWith(base::Code::corrupt));
  EXPECT_THAT(decode_abilities("junk that is no table"), FailsWith(base::Code::corrupt));
  EXPECT_THAT(decode_abilities(std::string_view(whole).substr(0, whole.size() / 2)),
              FailsWith(base::Code::corrupt));
}

}  // namespace
}  // namespace beredd::store

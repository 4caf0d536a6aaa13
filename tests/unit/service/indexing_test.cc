#include "indexing_house.h"

#include <fstream>

#include <gmock/gmock.h>

namespace beredd::service {
namespace {

using base::MessageId;
using base::TicketId;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using IndexingTest = IndexingHouse;

TEST_F(IndexingTest, SortedMailIsFoundAMomentLater) {
  indexing->start();
  settle();
  const TicketId ticket = take_in("the printer burns");
  EXPECT_EQ(behind(), 1u);
  settle();
  EXPECT_THAT(find("printers"), ElementsAre(ticket));
  EXPECT_EQ(behind(), 0u);
}

TEST_F(IndexingTest, ManyMailsThatComeTogetherAreOneWrite) {
  indexing->start();
  settle();
  disk.written = 0;
  for (int n = 0; n < 50; ++n) take_in("one of many");
  settle();
  EXPECT_EQ(find("many").size(), 50u);
  EXPECT_LE(disk.written, 2);
}

TEST_F(IndexingTest, WordsOfOneTicketMayStandInSeveralMails) {
  indexing->start();
  const TicketId ticket = take_in("the printer burns");
  settle();
  take_in("it is the invoice now", ticket);
  settle();
  EXPECT_THAT(find("printer invoice"), ElementsAre(ticket));
}

TEST_F(IndexingTest, MailThatIsNotSortedYetHoldsNothingUpAndIsTakenUpLate) {
  indexing->start();
  const MessageId late = accept();
  const TicketId second = take_in("the second");
  settle();
  EXPECT_THAT(find("second"), ElementsAre(second));
  EXPECT_EQ(behind(), 1u);
  const TicketId first = sort(late, "the first");
  settle();
  EXPECT_THAT(find("first"), ElementsAre(first));
  EXPECT_EQ(behind(), 0u);
}

TEST_F(IndexingTest, WhatWasPassedOverIsRememberedAcrossARestart) {
  indexing->start();
  const MessageId late = accept();
  take_in("the second");
  settle();
  leave();
  move_in();
  const TicketId first = sort(late, "the first");
  indexing->start();
  settle();
  EXPECT_THAT(find("first"), ElementsAre(first));
}

TEST_F(IndexingTest, GoesOnAfterARestartWhereItStood) {
  indexing->start();
  for (int n = 0; n < 10; ++n) take_in("before");
  settle();
  leave();
  disk.written = 0;
  move_in();
  indexing->start();
  settle();
  EXPECT_EQ(disk.written, 0);
  EXPECT_EQ(find("before").size(), 10u);
}

TEST_F(IndexingTest, AnIndexThatWasDeletedIsMadeAnew) {
  indexing->start();
  take_in("still here");
  settle();
  leave();
  std::filesystem::remove_all(folder_ / "search");
  move_in();
  indexing->start();
  settle();
  EXPECT_EQ(find("still").size(), 1u);
}

TEST_F(IndexingTest, AnIndexThatIsDamagedIsMadeAnew) {
  indexing->start();
  take_in("still here");
  settle();
  leave();
  for (const auto& file : std::filesystem::directory_iterator(folder_ / "search/terms")) {
    std::ofstream(file.path(), std::ios::binary) << std::string(file.file_size(), 'x');
  }
  move_in();
  indexing->start();
  settle();
  EXPECT_EQ(find("still").size(), 1u);
}

TEST_F(IndexingTest, AnIndexThatBreaksWhileItIsWrittenIsMadeAnew) {
  indexing->start();
  take_in("before");
  settle();
  disk.opened = 0;
  disk.broken = true;
  take_in("after");
  settle();
  EXPECT_GE(disk.opened, 1);
  disk.broken = false;
  world.run_for(Indexing::kPause + std::chrono::seconds(3));
  EXPECT_EQ(find("before").size() + find("after").size(), 2u);
}

TEST_F(IndexingTest, AnIndexOfAnotherStoreIsMadeAnew) {
  indexing->start();
  take_in("of the first store");
  take_in("and this");
  settle();
  leave();
  store_ = open_store("another");
  committer_ = io::immediate_committer(*store_);
  move_in();
  take_in("of the second store");
  indexing->start();
  settle();
  EXPECT_THAT(find("first"), IsEmpty());
  EXPECT_EQ(find("second").size(), 1u);
}

TEST_F(IndexingTest, AFullDiskPausesItAndLosesNothing) {
  indexing->start();
  settle();
  disk.full = true;
  take_in("while it is full");
  settle();
  EXPECT_THAT(find("full"), IsEmpty());
  EXPECT_EQ(behind(), 1u);
  disk.full = false;
  world.run_for(Indexing::kPause + std::chrono::seconds(3));
  EXPECT_EQ(find("full").size(), 1u);
}

TEST_F(IndexingTest, LeavesTheLastOfTheDiskToMail) {
  disk.room = base::mebibytes(511);
  indexing->start();
  take_in("waits");
  settle();
  EXPECT_EQ(disk.written, 0);
  disk.room = base::mebibytes(512);
  world.run_for(Indexing::kPause + std::chrono::seconds(3));
  EXPECT_EQ(find("waits").size(), 1u);
}

// As after an erasure: the index has a ticket that the store no longer has.
TEST_F(IndexingTest, TicketsThatAreGoneFromTheStoreGoFromTheIndexWithinADay) {
  indexing->start();
  take_in("stays");
  settle();
  leave();
  {
    auto index = *search::open_index(folder_ / "search", key(), world.random());
    search::Batch ghost;
    ghost.position = index->position();
    search::Lexicon lexicon(index->key());
    ghost.tickets[TicketId(700)] = {{MessageId(1)}, lexicon.terms_of({}, saying("ghostly"))};
    ASSERT_TRUE(index->apply(ghost).ok());
  }
  move_in();
  indexing->start();
  settle();
  EXPECT_THAT(find("ghostly"), IsEmpty());
  EXPECT_EQ(find("stays").size(), 1u);
  EXPECT_EQ(disk.compacted, 1);
  world.run_for(Indexing::kHoldEvery * 2);
  EXPECT_EQ(disk.compacted, 1);
}

TEST_F(IndexingTest, ATicketWhoseMailsAreOthersNowIsTakenUpAnewWithinADay) {
  indexing->start();
  const TicketId ticket = take_in("what it says");
  settle();
  leave();
  {
    auto index = *search::open_index(folder_ / "search", key(), world.random());
    search::Batch moved;
    moved.position = index->position();
    search::Lexicon lexicon(index->key());
    moved.tickets[ticket] = {
        {MessageId(1), MessageId(5)}, lexicon.terms_of({}, saying("moved")), true};
    ASSERT_TRUE(index->apply(moved).ok());
  }
  move_in();
  indexing->start();
  settle();
  EXPECT_THAT(find("moved"), IsEmpty());
  EXPECT_THAT(find("says"), ElementsAre(ticket));
}

TEST_F(IndexingTest, AQueryThatIsNoneIsRefusedInWords) {
  indexing->start();
  settle();
  const auto found = indexing->find("\"open");
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().code, base::Code::invalid);
  EXPECT_THAT(found.error().detail, HasSubstr("never closed"));
}

TEST_F(IndexingTest, SaysSoWhenThereIsNoIndexToLookIn) {
  take_in("unseen");
  const auto found = indexing->find("unseen");
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().code, base::Code::unreachable);
  EXPECT_EQ(behind(), 1u);
}

}  // namespace
}  // namespace beredd::service

// What two processes share, as each side has it; who means harm tries here what seals forbid.

#include "memory_batch.h"
#include "unnamed_memory.h"
#include "worker_memory.h"

#include <algorithm>
#include <cerrno>
#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

namespace beredd::jail {
namespace {

class MailBatches : public testing::Test {
 protected:
  std::unique_ptr<MemoryBatch> batch(const std::vector<std::string>& mails) {
    auto batch = std::make_unique<MemoryBatch>(regions);
    for (const std::string& mail : mails) {
      EXPECT_TRUE(batch->append(mail).ok());
      batch->end_mail();
    }
    EXPECT_TRUE(batch->seal().ok());
    return batch;
  }

  static MappedMail mapped(MemoryBatch& batch) {
    auto mail = MappedMail::map(::dup(batch.show()), batch.slot());
    EXPECT_TRUE(mail.ok());
    return *std::move(mail);
  }

  std::shared_ptr<MailRegions> regions = std::make_shared<MailRegions>();
};

TEST_F(MailBatches, AWorkerReadsWhatWasWritten) {
  auto one = batch({"first", "", "third"});
  const MappedMail mail = mapped(*one);
  EXPECT_EQ(mail.at(one->mail(0)), "first");
  EXPECT_EQ(mail.at(one->mail(1)), "");
  EXPECT_EQ(mail.at(one->mail(2)), "third");
}

TEST_F(MailBatches, TheNextBatchIsSeenThroughTheSameMapping) {
  auto one = batch({"first"});
  const std::uint8_t slot = one->slot();
  EXPECT_GT(slot, 0);
  const MappedMail mail = mapped(*one);
  one.reset();
  one = batch({"second"});
  EXPECT_EQ(one->slot(), slot);
  EXPECT_EQ(mail.at(one->mail(0)), "second");
}

TEST_F(MailBatches, TwoAtATimeDoNotShareARegion) {
  auto one = batch({"first"}), other = batch({"second"});
  EXPECT_NE(one->slot(), other->slot());
  EXPECT_EQ(mapped(*one).at(one->mail(0)), "first");
}

TEST_F(MailBatches, OneMoreThanThereAreRegionsHasMemoryOfItsOwn) {
  std::vector<std::unique_ptr<MemoryBatch>> all;
  for (int n = 0; n <= kSlots; ++n) all.push_back(batch({"mail"}));
  EXPECT_EQ(all.back()->slot(), 0);
  EXPECT_EQ(mapped(*all.back()).at(all.back()->mail(0)), "mail");
}

TEST_F(MailBatches, WhatOutgrowsItsRegionMovesOutWhole) {
  const std::string small = "small", large(MailRegion::kSize, 'x');
  auto one = batch({small, large, small});
  EXPECT_EQ(one->slot(), 0);
  const MappedMail mail = mapped(*one);
  EXPECT_EQ(mail.at(one->mail(0)), small);
  EXPECT_EQ(mail.at(one->mail(1)), large);
  EXPECT_EQ(mail.at(one->mail(2)), small);
  EXPECT_GT(batch({small})->slot(), 0) << "the region is free again";
}

TEST_F(MailBatches, WhatWasDroppedIsNotThere) {
  MemoryBatch one(regions);
  EXPECT_TRUE(one.append("half a ma").ok());
  one.drop_mail();
  EXPECT_TRUE(one.append("whole").ok());
  one.end_mail();
  ASSERT_TRUE(one.seal().ok());
  EXPECT_EQ(one.mail(0), (Span{0, 5}));
  EXPECT_EQ(mapped(one).at(one.mail(0)), "whole");
}

TEST_F(MailBatches, AWorkerIsNotShownWhatOthersHaveRead) {
  batch({"a letter that an earlier worker read"});
  auto next = batch({"short"});
  const MappedMail mail = mapped(*next);
  const std::string_view all = mail.at({0, mail.size().count()});
  EXPECT_TRUE(all.starts_with("short"));
  EXPECT_EQ(all.find_first_not_of('\0', 5), std::string_view::npos);
}

void expect_refused(bool done, int code, const char* what) {
  EXPECT_FALSE(done) << what;
  EXPECT_EQ(errno, code) << what;
}

// Each of them is forbidden by the filter too; here is what holds without it.
TEST_F(MailBatches, NobodyElseCanWriteToThemOrResizeThem) {
  auto in_region = batch({"mail"});
  std::vector<std::unique_ptr<MemoryBatch>> more;
  while (more.empty() || more.back()->slot() != 0) more.push_back(batch({"mail"}));
  for (MemoryBatch* one : {in_region.get(), more.back().get()}) {
    const int memory = one->show();
    const auto map = [&](int protection, int flags) {
      return ::mmap(nullptr, 4096, protection, flags, memory, 0);
    };
    expect_refused(map(PROT_READ | PROT_WRITE, MAP_SHARED) != MAP_FAILED, EPERM, "map");
    expect_refused(::pwrite(memory, "x", 1, 0) == 1, EPERM, "write");
    expect_refused(::ftruncate(memory, 0) == 0, EPERM, "shrink");
    expect_refused(::ftruncate(memory, 64 << 20) == 0, EPERM, "grow");
    expect_refused(::fallocate(memory, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096) == 0,
                   EPERM, "punch a hole");
    expect_refused(::fcntl(memory, F_ADD_SEALS, 0) == 0, EPERM, "seal");
    EXPECT_EQ(mapped(*one).at(one->mail(0)), "mail");
  }
}

TEST_F(MailBatches, WhatIsMappedToBeReadStaysSo) {
  auto one = batch({"mail"});
  const MappedMail mail = mapped(*one);
  auto* data = const_cast<char*>(mail.at(one->mail(0)).data());
  expect_refused(::mprotect(data, 4096, PROT_READ | PROT_WRITE) == 0, EACCES, "unprotect");
  expect_refused(::madvise(data, 4096, MADV_REMOVE) == 0, EACCES, "remove");
  EXPECT_EQ(mail.at(one->mail(0)), "mail");
}

class Answers : public testing::Test {
 protected:
  Answers() {
    auto made = AnswerMemory::make();
    EXPECT_TRUE(made.ok());
    memory = *std::move(made);
    auto mapped = AnswerRoom::map(::dup(memory.descriptor()));
    EXPECT_TRUE(mapped.ok());
    room = *std::move(mapped);
  }

  std::string copied(std::uint64_t at, std::uint64_t size) {
    const auto copy = memory.copy(at, size);
    EXPECT_TRUE(copy.ok());
    return std::string(copy.value_or({}));
  }

  AnswerMemory memory;
  AnswerRoom room;
};

TEST_F(Answers, LieWhereTheDaemonLooksForThem) {
  room.clear();
  ASSERT_TRUE(room.put("one") && room.put("") && room.put("three"));
  EXPECT_EQ(room.told(), (Told{3, 8}));
  EXPECT_EQ(copied(0, kAnswersHead), encode_told({3, 8}));
  EXPECT_EQ(copied(kAnswersAt, 8), "onethree");
}

TEST_F(Answers, OneThatHasNoRoomChangesNothing) {
  room.clear();
  ASSERT_TRUE(room.put("one"));
  EXPECT_FALSE(room.put(std::string(kAnswerMemory - kAnswersAt - 2, 'x')));
  EXPECT_EQ(copied(0, kAnswersHead), encode_told({1, 3}));
  EXPECT_TRUE(room.put(std::string(kAnswerMemory - kAnswersAt - 3, 'x'))) << "it fits to the byte";
}

TEST_F(Answers, OfAnEarlierRequestCountForNothing) {
  ASSERT_TRUE(room.put("one"));
  ASSERT_TRUE(memory.clear_head().ok());
  EXPECT_EQ(copied(0, kAnswersHead), encode_told({}));
}

TEST_F(Answers, ThatChangeLaterDoNotChangeTheCopy) {
  room.clear();
  ASSERT_TRUE(room.put("mine"));
  const auto copy = memory.copy(kAnswersAt, 4);
  room.clear();
  ASSERT_TRUE(room.put("evil"));
  ASSERT_TRUE(copy.ok());
  EXPECT_EQ(*copy, "mine");
}

TEST_F(Answers, StayAsLongAsTheyWereMade) {
  const int descriptor = memory.descriptor();
  expect_refused(::ftruncate(descriptor, 0) == 0, EPERM, "shrink");
  expect_refused(::ftruncate(descriptor, 2 * kAnswerMemory) == 0, EPERM, "grow");
  // Holes are only zeros.
  EXPECT_EQ(::fallocate(descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, kAnswerMemory),
            0);
  EXPECT_EQ(copied(kAnswersAt, 4), std::string(4, '\0'));
}

TEST_F(Answers, HaveNoRoomInMemoryOfAnotherSize) {
  auto other = UnnamedMemory::make();
  ASSERT_TRUE(other.ok());
  ASSERT_TRUE(other->resize(4096).ok());
  EXPECT_FALSE(AnswerRoom::map(::dup(other->descriptor())).ok());
  EXPECT_FALSE(AnswerRoom::map(-1).ok());
}

}  // namespace
}  // namespace beredd::jail

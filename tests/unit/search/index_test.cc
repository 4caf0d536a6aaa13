// The index on a real disk, by what its files hold as well.

#include "beredd/search/index.h"

#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

namespace beredd::search {
namespace {

using base::MessageId;
using base::TicketId;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr Term kRed = 0x112233445566, kBlue = 0x212223242526, kGreen = 0x313233343536;

vault::Key key_of(unsigned char byte) {
  std::array<std::byte, vault::Key::kSize> bytes{};
  bytes.fill(std::byte{byte});
  return vault::Key(bytes);
}

class IndexOnDisk : public testing::Test {
 protected:
  IndexOnDisk() {
    std::string pattern = testing::TempDir() + "search-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~IndexOnDisk() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::unique_ptr<Index> open(unsigned char key = 1) {
    auto opened = open_index(folder_, key_of(key), random_);
    EXPECT_TRUE(opened.ok()) << base::to_string(opened.error());
    return opened ? std::move(*opened) : nullptr;
  }
  static void put(Index& index, std::uint64_t ticket, std::vector<Term> terms,
                  std::uint64_t message) {
    Batch batch;
    batch.tickets[TicketId(ticket)] = {{MessageId(message)}, std::move(terms)};
    batch.position = {MessageId(message), {}, "mark"};
    const auto applied = index.apply(batch);
    ASSERT_TRUE(applied.ok()) << base::to_string(applied.error());
  }
  static std::vector<TicketId> find(const Index& index, std::vector<std::vector<Term>> all_of) {
    const auto found = index.find(all_of);
    EXPECT_TRUE(found.ok()) << base::to_string(found.error());
    return found.value_or({});
  }
  std::string bytes() const {
    std::string all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(file), {});
    }
    return all;
  }

  std::filesystem::path folder_;
  base::SystemRandom random_;
};

TEST_F(IndexOnDisk, FindsTheTicketsThatHaveATermOfEachSet) {
  const auto index = open();
  put(*index, 1, {kRed, kBlue}, 1);
  put(*index, 2, {kBlue}, 2);
  put(*index, 7, {kGreen, kBlue}, 3);
  EXPECT_THAT(find(*index, {{kBlue}}), ElementsAre(TicketId(1), TicketId(2), TicketId(7)));
  EXPECT_THAT(find(*index, {{kBlue}, {kRed, kGreen}}), ElementsAre(TicketId(1), TicketId(7)));
  EXPECT_THAT(find(*index, {{kRed}, {kGreen}}), IsEmpty());
  EXPECT_THAT(find(*index, {{0x999999999999}}), IsEmpty());
  EXPECT_THAT(find(*index, {}), IsEmpty());
}

TEST_F(IndexOnDisk, ATicketsMailsAddUpSoThatAQueryMayBeMetByTwoOfThem) {
  const auto index = open();
  put(*index, 1, {kRed}, 1);
  put(*index, 1, {kBlue}, 2);
  EXPECT_THAT(find(*index, {{kRed}, {kBlue}}), ElementsAre(TicketId(1)));
  EXPECT_THAT(index->messages_of(TicketId(1)).value_or({}),
              ElementsAre(MessageId(1), MessageId(2)));
}

TEST_F(IndexOnDisk, TakingTheSameMailUpAgainChangesNothing) {
  const auto index = open();
  put(*index, 1, {kRed}, 1);
  put(*index, 1, {kRed}, 1);
  EXPECT_THAT(index->messages_of(TicketId(1)).value_or({}), ElementsAre(MessageId(1)));
}

TEST_F(IndexOnDisk, RareAndCommonTermsMeetByLeaping) {
  const auto index = open();
  Batch batch;
  for (std::uint64_t n = 1; n <= 2000; ++n) {
    batch.tickets[TicketId(n)] = {{MessageId(n)}, {kBlue}};
    if (n % 500 == 0) batch.tickets[TicketId(n)].terms.push_back(kRed);
  }
  batch.tickets[TicketId(2001)] = {{MessageId(2001)}, {kRed}};
  ASSERT_TRUE(index->apply(batch).ok());
  EXPECT_THAT(find(*index, {{kBlue}, {kRed}}),
              ElementsAre(TicketId(500), TicketId(1000), TicketId(1500), TicketId(2000)));
}

TEST_F(IndexOnDisk, AnewTakesThePlaceOfWhatWasAndErasedIsGone) {
  const auto index = open();
  put(*index, 1, {kRed}, 1);
  put(*index, 2, {kRed}, 2);
  Batch batch;
  batch.tickets[TicketId(1)] = {{MessageId(3)}, {kBlue}, true};
  batch.erased = {TicketId(2), TicketId(99)};
  ASSERT_TRUE(index->apply(batch).ok());
  EXPECT_THAT(find(*index, {{kRed}}), IsEmpty());
  EXPECT_THAT(find(*index, {{kBlue}}), ElementsAre(TicketId(1)));
  EXPECT_THAT(index->messages_of(TicketId(1)).value_or({}), ElementsAre(MessageId(3)));
  EXPECT_THAT(index->tickets({}, 10).value_or({}), ElementsAre(TicketId(1)));
}

TEST_F(IndexOnDisk, KnowsAfterOpeningHowFarItHadCome) {
  {
    const auto index = open();
    EXPECT_EQ(index->position(), Position{});
    Batch batch;
    batch.position = {MessageId(42), {MessageId(7), MessageId(9)}, "mark"};
    batch.tickets[TicketId(1)] = {{MessageId(42)}, {kRed}};
    ASSERT_TRUE(index->apply(batch).ok());
  }
  const auto index = open();
  EXPECT_EQ(index->position(), (Position{MessageId(42), {MessageId(7), MessageId(9)}, "mark"}));
  EXPECT_THAT(find(*index, {{kRed}}), ElementsAre(TicketId(1)));
}

TEST_F(IndexOnDisk, TicketsAreListedInPieces) {
  const auto index = open();
  for (const std::uint64_t n : {3U, 5U, 9U}) put(*index, n, {kRed}, n);
  EXPECT_THAT(index->tickets({}, 2).value_or({}), ElementsAre(TicketId(3), TicketId(5)));
  EXPECT_THAT(index->tickets(TicketId(5), 2).value_or({}), ElementsAre(TicketId(9)));
  EXPECT_THAT(index->tickets(TicketId(9), 2).value_or({}), IsEmpty());
}

TEST_F(IndexOnDisk, AReaderSeesEveryWriteHoweverManyThereWere) {
  const auto index = open();
  for (std::uint64_t n = 1; n <= 20; ++n) {
    put(*index, n, {kRed, 1000 + n}, n);
    EXPECT_EQ(find(*index, {{kRed}}).size(), n);
  }
}

TEST_F(IndexOnDisk, AnotherKeyCannotOpenIt) {
  open(1).reset();
  const auto opened = open_index(folder_, key_of(2), random_);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, base::Code::corrupt);
  ASSERT_TRUE(discard_index(folder_).ok());
  EXPECT_NE(open(2), nullptr);
}

TEST_F(IndexOnDisk, HasAnotherKeyForItsTermsEachTimeItIsMade) {
  const std::string first(open()->key().bytes());
  EXPECT_EQ(first, open()->key().bytes());
  ASSERT_TRUE(discard_index(folder_).ok());
  EXPECT_NE(first, open()->key().bytes());
}

TEST_F(IndexOnDisk, DiscardingLeavesWhatIsNotItsOwn) {
  open().reset();
  std::ofstream(folder_ / "notes.txt") << "mine";
  ASSERT_TRUE(discard_index(folder_).ok());
  EXPECT_TRUE(std::filesystem::exists(folder_ / "notes.txt"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "terms"));
}

TEST_F(IndexOnDisk, OnlyItsOwnerMayLookIn) {
  open().reset();
  EXPECT_EQ(std::filesystem::status(folder_).permissions() & std::filesystem::perms::all,
            std::filesystem::perms::owner_all);
}

TEST_F(IndexOnDisk, ADamagedFileIsCorruptAndNoCrash) {
  put(*open(), 1, {kRed}, 1);
  for (const auto& entry : std::filesystem::directory_iterator(folder_ / "terms")) {
    if (entry.file_size() > 0) {
      std::ofstream(entry.path(), std::ios::binary) << std::string(entry.file_size(), 'x');
    }
  }
  const auto opened = open_index(folder_, key_of(1), random_);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, base::Code::corrupt);
}

TEST_F(IndexOnDisk, AFolderThatWasNeverFinishedIsCorrupt) {
  std::filesystem::create_directory(folder_ / "terms");
  const auto opened = open_index(folder_, key_of(1), random_);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, base::Code::corrupt);
}

TEST_F(IndexOnDisk, AfterCompactingNothingErasedIsLeftInTheFiles) {
  const std::string red = "\x11\x22\x33\x44\x55\x66";
  const auto index = open();
  put(*index, 1, {kRed, kBlue}, 1);
  put(*index, 2, {kBlue}, 2);
  EXPECT_NE(bytes().find(red), std::string::npos);
  Batch batch;
  batch.erased = {TicketId(1)};
  batch.position = index->position();
  ASSERT_TRUE(index->apply(batch).ok());
  ASSERT_TRUE(index->compact().ok());
  EXPECT_EQ(bytes().find(red), std::string::npos);
  EXPECT_THAT(find(*index, {{kBlue}}), ElementsAre(TicketId(2)));
  put(*index, 3, {kGreen}, 3);
  EXPECT_THAT(find(*index, {{kGreen}}), ElementsAre(TicketId(3)));
  EXPECT_EQ(open()->position().last, MessageId(3));
}

}  // namespace
}  // namespace beredd::search

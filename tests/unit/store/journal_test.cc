#include "raw_store.h"

#include "beredd/vault/hash_chain.h"

namespace beredd::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Journal : public StoreTest {
 protected:
  void note(std::string what) {
    JournalEntry entry;
    entry.at = kStart;
    entry.what = std::move(what);
    entry.detail = "by hand";
    must([&](WriteTxn& txn) { return txn.note(entry); });
  }
  base::Result<std::vector<JournalEntry>> read(std::uint64_t after, std::size_t limit = 100) {
    return ask([&](const ReadTxn& txn) { return txn.journal(base::JournalSeq(after), limit); });
  }
  static std::string key(std::uint64_t seq) { return std::string(KeyBytes().u64(seq).view()); }
};

TEST_F(Journal, NumbersItsEntriesAndChainsThem) {
  for (const char* what : {"one", "two", "three"}) note(what);
  reopen();
  note("four");
  std::vector<JournalEntry> entries = journal();
  ASSERT_EQ(entries.size(), 4u);
  std::set<base::Sha256> hashes;
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(entries[i].seq.value(), i + 1);
    hashes.insert(entries[i].hash);
  }
  EXPECT_EQ(hashes.size(), 4u);
  EXPECT_THAT(journal_words(), ElementsAre("one", "two", "three", "four"));
  EXPECT_EQ(entries[2].detail, "by hand");
}

TEST_F(Journal, IsReadInPages) {
  for (const char* what : {"one", "two", "three"}) note(what);
  auto page = read(1, 1);
  ASSERT_TRUE(page.ok() && page->size() == 1);
  EXPECT_EQ(page->front().what, "two");
  EXPECT_EQ(page->front().hash, journal()[1].hash);
  page = read(3);
  ASSERT_TRUE(page.ok());
  EXPECT_THAT(*page, IsEmpty());
  EXPECT_TRUE(read(99).ok());
}

TEST_F(Journal, ShowsATransactionItsOwnEntries) {
  must([](WriteTxn& txn) -> base::Status {
    JournalEntry entry;
    entry.what = "fresh";
    if (base::Status status = txn.note(entry); !status) return status;
    auto entries = txn.journal({}, 10);
    if (!entries) return entries.error();
    EXPECT_EQ(entries->size(), 1u);
    return {};
  });
}

TEST_F(Journal, AChangedEntryIsSeen) {
  for (const char* what : {"one", "two", "three"}) note(what);
  close();
  RawStore(directory_.path() / "store").flip("journal", key(2));
  reopen();
  EXPECT_THAT(read(0), FailsWith(base::Code::corrupt));
  EXPECT_THAT(read(2), FailsWith(base::Code::corrupt)) << "its hash is what entry 3 stands on";
}

TEST_F(Journal, AMissingEntryIsSeen) {
  for (const char* what : {"one", "two", "three"}) note(what);
  close();
  RawStore(directory_.path() / "store").erase("journal", key(2));
  reopen();
  EXPECT_THAT(read(0), FailsWith(base::Code::corrupt));
}

TEST_F(Journal, ACutTailIsSeen) {
  for (const char* what : {"one", "two", "three"}) note(what);
  close();
  RawStore(directory_.path() / "store").erase("journal", key(3));
  reopen();
  EXPECT_THAT(read(0), FailsWith(base::Code::corrupt));
}

// Even who has the key cannot change an entry alone: the next one no longer follows.
TEST_F(Journal, AnEntrySealedAnewWithTheRightKeyIsSeen) {
  for (const char* what : {"one", "two", "three"}) note(what);
  close();
  {
    RawStore raw(directory_.path() / "store");
    Keyring keys(key_of('k'));
    std::string where = "journal" + std::string(1, '\0') + key(2);
    auto record = vault::open(keys.of(Table::journal), where, raw.get("journal", key(2)));
    ASSERT_TRUE(record.ok());
    std::size_t at = record->find("two");
    ASSERT_NE(at, std::string::npos);
    record->replace(at, 3, "TWO");
    raw.put("journal", key(2), vault::seal(keys.of(Table::journal), random_, where, *record));
  }
  reopen();
  EXPECT_THAT(read(0), FailsWith(base::Code::corrupt));
}

}  // namespace
}  // namespace beredd::store

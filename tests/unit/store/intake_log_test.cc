// The log in front of the tables: what it holds survives, comes once, and gives way to the tables.

#include "raw_store.h"
#include "store_fixture.h"

#include <fstream>
#include <map>

namespace beredd::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::size_t kBlock = 4096;

class IntakeLogTest : public StoreTest {
 protected:
  base::Status take(std::string_view raw) {
    std::vector<Arrival> arrivals;
    arrivals.push_back(arrival_of(write_body(*store_, raw)));
    return store_->accept(std::move(arrivals)).front();
  }
  // Takes every mail in one batch.
  void take_all(const std::vector<std::string>& raws) {
    std::vector<Arrival> arrivals;
    for (const std::string& raw : raws) arrivals.push_back(arrival_of(write_body(*store_, raw)));
    for (const base::Status& status : store_->accept(std::move(arrivals))) {
      ASSERT_TRUE(status.ok()) << base::to_string(status.error());
    }
  }
  // What readers see, in the order of acceptance.
  std::vector<std::string> mails() {
    std::vector<std::string> out;
    for (MessageId id : ask([](const ReadTxn& txn) { return txn.messages({}, 10'000); })) {
      out.push_back(ask([&](const ReadTxn& txn) {
        auto message = txn.message(id);
        std::string raw;
        for (std::uint32_t i = 0; message && i < message->body.chunks; ++i) {
          raw += txn.chunk(message->body, i).value_or("?");
        }
        return raw;
      }));
    }
    return out;
  }
  // As a crash leaves it: nothing is settled any more. Keeps the bytes of both logs.
  void crash() {
    for (const auto& file : files()) {
      std::ifstream in(file, std::ios::binary);
      logs_[file] = {std::istreambuf_iterator<char>(in), {}};
    }
    store_.reset();
  }
  std::vector<std::filesystem::path> files() const {
    const auto store = directory_.path() / "store";
    return {store / "intake-1.log", store / "intake-2.log"};
  }
  // The log that was written since it last started over: the records at its front are the newest.
  std::string& written() {
    return logs_[files()[0]].substr(0, 4) == "blog" ? logs_[files()[0]] : logs_[files()[1]];
  }
  void put_logs_back() const {
    for (const auto& [file, bytes] : logs_) {
      std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
    }
  }

  std::map<std::filesystem::path, std::string> logs_;
};

TEST_F(IntakeLogTest, ShowsMailToReadersOnceItIsSettled) {
  ASSERT_TRUE(take("one").ok());
  EXPECT_THAT(mails(), IsEmpty());
  EXPECT_GT(store_->unsettled(), 0);
  EXPECT_EQ(store_->unsettled_messages(), 1);
  ASSERT_TRUE(store_->settle().ok());
  EXPECT_EQ(store_->unsettled(), 0);
  EXPECT_EQ(store_->unsettled_messages(), 0);
  EXPECT_THAT(mails(), ElementsAre("one"));
  EXPECT_THAT(journal_words(), ElementsAre("accepted"));
}

TEST_F(IntakeLogTest, SettlesWithWhateverIsAppliedNext) {
  ASSERT_TRUE(take("one").ok());
  open_ticket();
  EXPECT_THAT(mails(), ElementsAre("one"));
  EXPECT_EQ(store_->unsettled(), 0);
}

TEST_F(IntakeLogTest, GivesBackWhatACrashLeftInTheLog) {
  ASSERT_TRUE(take("one").ok());
  take_all({"two", "", bytes_of_size(20'000)});
  crash();
  reopen();
  EXPECT_THAT(mails(), ElementsAre("one", "two", "", bytes_of_size(20'000)));
  reopen();
  EXPECT_EQ(mails().size(), 4u);
}

TEST_F(IntakeLogTest, TakesNothingTwiceWhenTheTablesHaveItAlready) {
  take_all({"one", "two"});
  crash();
  reopen();
  store_.reset();
  put_logs_back();  // as if starting over had never reached the disk
  reopen();
  EXPECT_THAT(mails(), ElementsAre("one", "two"));
}

TEST_F(IntakeLogTest, TellsTheRoundsOfTheLogApart) {
  take_all({"one", "two", "three", bytes_of_size(9000)});
  ASSERT_TRUE(store_->settle().ok());
  ASSERT_TRUE(take("four").ok());  // over "one"; what stood behind it is still in the file
  crash();
  reopen();
  EXPECT_THAT(mails(), ElementsAre("one", "two", "three", bytes_of_size(9000), "four"));
}

TEST_F(IntakeLogTest, IgnoresABatchThatWasTornByACrash) {
  ASSERT_TRUE(take("whole").ok());
  ASSERT_TRUE(take(bytes_of_size(6000)).ok());
  crash();
  const auto store = directory_.path() / "store";
  const auto pristine = directory_.path() / "pristine";
  std::filesystem::rename(store, pristine);
  for (std::size_t cut = kBlock; cut < kBlock + 6000; cut += 997) {
    std::filesystem::remove_all(store);
    std::filesystem::copy(pristine, store);
    const std::string whole = written();
    std::fill(written().begin() + static_cast<std::ptrdiff_t>(cut), written().end(), '\0');
    put_logs_back();
    written() = whole;
    reopen();
    EXPECT_THAT(mails(), ElementsAre("whole")) << "torn at " << cut;
    store_.reset();
  }
}

TEST_F(IntakeLogTest, BelievesNothingOfAnotherStoresLog) {
  ASSERT_TRUE(take("one").ok());
  crash();
  std::filesystem::remove(directory_.path() / "store" / "data.mdb");
  reopen();
  EXPECT_THAT(mails(), IsEmpty());
}

TEST_F(IntakeLogTest, KeepsWhatStandsBehindADamagedRecord) {
  ASSERT_TRUE(take("one").ok());
  ASSERT_TRUE(take("two").ok());
  ASSERT_TRUE(take("three").ok());
  crash();
  written()[kBlock + 100] ^= 1;
  put_logs_back();
  reopen();
  EXPECT_THAT(mails(), ElementsAre("one", "three"));
}

TEST_F(IntakeLogTest, SaysStoreFullUntilItIsSettled) {
  std::vector<std::string> sent;
  for (int i = 0; i < 40; ++i) {  // ten times what the logs hold
    sent.push_back(std::to_string(i) + bytes_of_size(60'000));
    base::Status taken = take(sent.back());
    if (!taken) {
      EXPECT_THAT(taken, FailsWith(base::Code::store_full));
      EXPECT_GT(store_->unsettled(), 0.4);
      ASSERT_TRUE(store_->settle().ok());
      taken = take(sent.back());
    }
    ASSERT_TRUE(taken.ok()) << i << ": " << base::to_string(taken.error());
  }
  ASSERT_TRUE(store_->settle().ok());
  EXPECT_EQ(mails(), sent);
}

TEST_F(IntakeLogTest, TakesMailIntoOneLogWhileTheOtherSettles) {
  std::vector<std::string> sent{"one"};
  ASSERT_TRUE(take("one").ok());
  must([&](WriteTxn& txn) -> base::Status {
    sent.push_back("two");  // runs inside the transaction that settles "one"
    EXPECT_TRUE(take("two").ok());
    return txn.note({});
  });
  EXPECT_THAT(mails(), ElementsAre("one"));
  crash();
  reopen();
  EXPECT_EQ(mails(), sent);
}

TEST_F(IntakeLogTest, KeepsTheChunksWrittenAheadOfAMailInTheLog) {
  WrittenBody body = write_body(*store_, bytes_of_size(3 * kChunkSize / 2));
  ASSERT_EQ(body.chunks.size(), 2u);
  const SealedChunk first = body.chunks.front();
  must([&](WriteTxn& txn) { return txn.put_chunk(first); });
  std::vector<Arrival> arrivals;
  arrivals.push_back(arrival_of(std::move(body)));
  ASSERT_TRUE(store_->accept(std::move(arrivals)).front().ok());
  crash();
  reopen();
  EXPECT_THAT(mails(), ElementsAre(bytes_of_size(3 * kChunkSize / 2)));
}

TEST_F(IntakeLogTest, SetsAsideWhatTheTablesRefuseAndGoesOn) {
  WrittenBody body = write_body(*store_, bytes_of_size(3 * kChunkSize / 2));
  std::vector<Arrival> arrivals;
  arrivals.push_back(arrival_of(std::move(body)));  // its first chunk was never written
  arrivals.push_back(arrival_of(write_body(*store_, "good")));
  for (const base::Status& status : store_->accept(std::move(arrivals))) EXPECT_TRUE(status.ok());
  ASSERT_TRUE(store_->settle().ok());
  EXPECT_THAT(mails(), ElementsAre("good"));
  int kept = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory_.path() / "store")) {
    if (entry.path().filename().string().find(".log.kept-") != std::string::npos) ++kept;
  }
  EXPECT_EQ(kept, 2);
}

// Seen as mail lost under kill -9: a configuration with a smaller log read only its beginning.
TEST_F(IntakeLogTest, IsReadToItsEndWhenTheConfigurationWantsItSmaller) {
  std::vector<std::string> sent;
  for (int i = 0; i < 3; ++i) {
    sent.push_back(std::to_string(i) + bytes_of_size(30'000));
    ASSERT_TRUE(take(sent.back()).ok());
  }
  crash();
  LmdbOptions options;
  options.directory = directory_.path() / "store";
  options.map_size = map_size_;
  options.intake_log = base::kibibytes(64);
  options.sync = false;
  auto opened = open_lmdb(options, key_of('k'), random_);
  ASSERT_TRUE(opened.ok());
  store_ = *std::move(opened);
  EXPECT_EQ(mails(), sent);
}

TEST_F(IntakeLogTest, HoldsNothingInTheClear) {
  ASSERT_TRUE(take("Subject: the secret of the house\r\n").ok());
  crash();
  for (const auto& [file, bytes] : logs_) {
    EXPECT_EQ(bytes.size(), 128u * 1024);
    EXPECT_EQ(bytes.find("secret"), std::string::npos);
    EXPECT_EQ(bytes.find("anna"), std::string::npos);
  }
}

TEST_F(IntakeLogTest, TakesOverAStoreOfVersionOne) {
  accept("of old");
  store_.reset();
  for (const auto& file : files()) std::filesystem::remove(file);
  RawStore(directory_.path() / "store").put("meta", "version", KeyBytes().u64(1));
  reopen();
  EXPECT_THAT(mails(), ElementsAre("of old"));
  ASSERT_TRUE(take("new").ok());
  reopen();
  EXPECT_THAT(mails(), ElementsAre("of old", "new"));
}

}  // namespace
}  // namespace beredd::store

// A disk that fails: what was said to be there is there, what failed is not, and the store works
// again by itself.

#include "chaos/faults.h"

#include "store_fixture.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <thread>

#include <sys/wait.h>

#include "beredd/base/metrics.h"
#include "beredd/store/writer.h"

namespace beredd::store {
namespace {

using testing::ElementsAre;
using testing::MatchesRegex;

class DiskFaults : public StoreTest {
 protected:
  void SetUp() override {
    sync_ = true;
    StoreTest::SetUp();
    const std::string folder = (directory_.path() / "store").string();
    std::strncpy(disk_.below, folder.c_str(), sizeof disk_.below - 1);
    fault_use(&disk_);
  }
  void TearDown() override { fault_use(nullptr); }

  // From now on `calls` fail with `number`, `times` of them (0: all).
  void fail(std::uint64_t calls, int number, std::uint64_t times = 0) {
    disk_.seen = disk_.failed = 0;
    disk_.number = static_cast<std::uint64_t>(number);
    disk_.times = times;
    std::atomic_ref(disk_.calls) = calls;
  }
  void heal() { std::atomic_ref(disk_.calls) = 0; }

  base::Status try_to_accept(MessageId* id = nullptr, std::size_t size = 5000) {
    auto body = std::make_shared<WrittenBody>(write_body(*store_, bytes_of_size(size)));
    return write([&](WriteTxn& txn) -> base::Status {
      if (base::Status status = put_all(txn, body->chunks); !status) return status;
      auto accepted = txn.accept(message_of(body->ref));
      if (!accepted) return accepted.error();
      if (id) *id = *accepted;
      return {};
    });
  }
  std::vector<MessageId> messages() {
    return ask([](const ReadTxn& txn) { return txn.messages({}, 10'000); });
  }
  std::string trail() const { return {disk_.trail, std::min<std::size_t>(disk_.made, 64)}; }

  fault_control disk_{};
  MessageId accepted_last_;
};

struct DiskFault {
  std::uint64_t calls;
  int number;
  std::uint64_t after;
};

class EveryDiskFault : public DiskFaults, public testing::WithParamInterface<DiskFault> {};

TEST_P(EveryDiskFault, IsTransientAndSurvived) {
  const MessageId kept = accept();
  disk_.after = GetParam().after;
  for (int round = 0; round < 3; ++round) {
    fail(GetParam().calls, GetParam().number);
    const base::Status status = try_to_accept();
    ASSERT_FALSE(status.ok()) << "nothing of it is on disk";
    EXPECT_EQ(status.error().fault, base::Fault::transient) << base::to_string(status.error());
    EXPECT_GT(disk_.failed, 0U);
    EXPECT_EQ(messages().front(), kept) << "reading goes on while writing fails";
    EXPECT_EQ(messages().size(), static_cast<std::size_t>(round) + 1);
    heal();
    ASSERT_TRUE(try_to_accept().ok());
  }
  reopen();
  EXPECT_EQ(messages().size(), 4U);
  EXPECT_EQ(journal().size(), 4U) << "the chain holds without what failed";
}

INSTANTIATE_TEST_SUITE_P(
    Disk, EveryDiskFault,
    testing::Values(DiskFault{FAULT_WRITE, EIO, 0}, DiskFault{FAULT_WRITE, ENOSPC, 0},
                    DiskFault{FAULT_WRITE, EROFS, 0}, DiskFault{FAULT_WRITE, EIO, FAULT_WRITE},
                    DiskFault{FAULT_WRITE, 0, 0}, DiskFault{FAULT_SYNC, EIO, 0},
                    DiskFault{FAULT_SYNC, ENOSPC, 0}, DiskFault{FAULT_META, EIO, 0},
                    DiskFault{FAULT_META, EROFS, 0}, DiskFault{FAULT_META, ENOSPC, 0},
                    DiskFault{FAULT_META, 0, 0}, DiskFault{FAULT_META, EIO, FAULT_META},
                    DiskFault{FAULT_META | FAULT_WRITE, EIO, 0}));

TEST_F(DiskFaults, EveryCommitWritesItsPagesThenSyncsThenNamesThem) {
  for (int n = 0; n < 3; ++n) accept();
  EXPECT_THAT(trail(), MatchesRegex("(w+sm)(w+sm)(w+sm)"));
}

TEST_F(DiskFaults, NothingIsBelievedOfATransactionWhoseSyncFailed) {
  for (std::uint64_t failing = 1; failing <= 4; ++failing) {
    // The child commits until one sync fails, and is gone at once, with what its pages hold.
    close();
    int pipe[2] = {};
    ASSERT_EQ(::pipe(pipe), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto store = open();
      if (!store) ::_exit(1);
      store_ = *std::move(store);
      disk_.every = failing;
      fail(FAULT_SYNC, EIO);
      MessageId id;
      while (try_to_accept(&id).ok()) {
        const std::uint64_t value = id.value();
        if (::write(pipe[1], &value, sizeof value) != sizeof value) ::_exit(2);
      }
      ::_exit(0);
    }
    ::close(pipe[1]);
    std::uint64_t id = 0;
    MessageId last = accepted_last_;
    while (::read(pipe[0], &id, sizeof id) == sizeof id) last = MessageId(id);
    ::close(pipe[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
    reopen();
    EXPECT_EQ(messages().size(), last.value()) << "all that was acknowledged, and no more";
    EXPECT_EQ(journal().size(), last.value());
    accepted_last_ = last;
  }
  EXPECT_EQ(accepted_last_.value(), 0U + 1 + 2 + 3)
      << "the n-th commit failed, those before did not";
}

TEST_F(DiskFaults, ACommitThatCameThroughThoughItWasSaidToFailIsASuccess) {
  accept();
  disk_.after = FAULT_META;
  fail(FAULT_META | FAULT_TAKE_BACK, EIO, 2);
  EXPECT_TRUE(try_to_accept().ok()) << "its page is there, and LMDB could not take it back";
  EXPECT_EQ(disk_.failed, 2U);
  heal();
  reopen();
  EXPECT_EQ(messages().size(), 2U);
  EXPECT_EQ(journal().size(), 2U);
}

TEST_F(DiskFaults, TheFateOfACommitIsLookedForUntilTheDiskTells) {
  accept();
  disk_.after = FAULT_META;
  fail(FAULT_META | FAULT_TAKE_BACK, EIO, 12);
  EXPECT_TRUE(try_to_accept().ok()) << "several looks failed, too";
  EXPECT_EQ(disk_.failed, 12U);
  heal();
  reopen();
  EXPECT_EQ(messages().size(), 2U);
}

TEST_F(DiskFaults, BodiesThatAreUnderWayLiveThroughAnOpening) {
  WrittenBody body = write_body(*store_, bytes_of_size(3 * kChunkSize));
  must([&](WriteTxn& txn) { return txn.put_chunk(body.chunks[0]); });
  fail(FAULT_META, EIO, 1);
  EXPECT_FALSE(write([](WriteTxn& txn) {
                 return txn.put_switches("helpdesk", {true, false});
               }).ok());
  heal();
  must([&](WriteTxn& txn) -> base::Status {
    for (std::size_t n = 1; n < body.chunks.size(); ++n) {
      if (auto put = txn.put_chunk(body.chunks[n]); !put) return put;
    }
    auto accepted = txn.accept(message_of(body.ref));
    return accepted ? base::Status() : base::Status(accepted.error());
  });
  reopen();
  EXPECT_EQ(messages().size(), 1U);
}

TEST_F(DiskFaults, ReadersGoOnWhileTheStoreIsOpenedAgain) {
  accept();
  std::atomic<bool> going{true};
  std::atomic<int> failures{0}, reads{0};
  const auto look = [&] {
    std::uint64_t before = 0;
    while (going) {
      const base::Status status = store_->read([&](const ReadTxn& txn) -> base::Status {
        const std::uint64_t now = txn.message_count();
        if (now < before) ++failures;
        before = now;
        return {};
      });
      if (!status) ++failures;
      static_cast<void>(store_->room());
      ++reads;
    }
  };
  std::vector<std::thread> readers;
  for (int n = 0; n < 3; ++n) readers.emplace_back(look);
  for (int round = 0; round < 30; ++round) {
    fail(FAULT_META, EIO, 1);
    EXPECT_FALSE(try_to_accept().ok());
    heal();
    EXPECT_TRUE(try_to_accept().ok());
  }
  going = false;
  for (std::thread& reader : readers) reader.join();
  EXPECT_GT(reads, 0);
  EXPECT_EQ(failures, 0);
}

TEST_F(DiskFaults, AStoreThatCannotBeOpenedAgainIsOpenedWhenItCan) {
  accept();
  base::Metrics metrics;
  Writer writer(*store_, {}, metrics);
  fail(FAULT_META | FAULT_GROW, EIO);
  std::atomic<bool> done{false};
  writer.submit(
      [](WriteTxn& txn) {
        return txn.put_switches("helpdesk", {true, false});
      },
      base::Bytes(64),
      [&](const base::Status& status) {
        EXPECT_FALSE(status.ok());
        done = true;
      });
  while (!done) std::this_thread::yield();
  const Operation nothing = [](WriteTxn&) { return base::Status(); };
  const auto count = [](const ReadTxn& txn) {
    return txn.message_count() == 1 ? base::Status() : base::Status(base::bug("lost"));
  };
  EXPECT_TRUE(store_->read(count).ok()) << "nobody is blind for it";
  EXPECT_EQ(store_->room(), base::Bytes(0)) << "no mail is asked for";
  heal();
  // Nobody writes; the writer looks after it all the same.
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (store_->room() == base::Bytes(0) && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  EXPECT_TRUE(store_->read(count).ok());
  EXPECT_GT(store_->room(), base::Bytes(0));
}

class Reserved : public DiskFaults {
 protected:
  void SetUp() override {
    reserve_ = base::mebibytes(1);
    DiskFaults::SetUp();
  }
  bool there() const { return std::filesystem::exists(directory_.path() / "store" / "reserve"); }
};

TEST_F(Reserved, IsGivenUpForWhatIsOursAlreadyAndNotForNewMail) {
  ASSERT_TRUE(there());
  const MessageId id = enqueue(open_ticket());
  must([&](WriteTxn& txn) { return txn.offer(id, "helpdesk", kStart); });
  const WrittenBody body = write_body(*store_, "new mail");
  const std::vector<Operation> operations = {
      [&](WriteTxn& txn) { return put_all(txn, body.chunks); },
      [&](WriteTxn& txn) { return txn.acknowledge(id, "helpdesk", "250 taken", kStart); }};
  fail(FAULT_WRITE, ENOSPC, 1);
  const std::vector<base::Status> statuses = store_->apply(operations);
  heal();
  EXPECT_THAT(statuses[0], FailsWith(base::Code::store_full));
  EXPECT_TRUE(statuses[1].ok()) << base::to_string(statuses[1].error());
  EXPECT_FALSE(there());
  EXPECT_EQ(delivery(id).state, DeliveryState::acknowledged);

  ASSERT_TRUE(try_to_accept().ok()) << "there is room again";
  EXPECT_TRUE(there());
}

TEST_F(Reserved, LetsAFullStoreOpen) {
  const MessageId kept = accept();
  close();
  fail(FAULT_WRITE | FAULT_TAKE_BACK, ENOSPC, 2);  // the owner's number, and the first page
  reopen();
  heal();
  EXPECT_THAT(messages(), ElementsAre(kept));
  EXPECT_FALSE(there());
}

}  // namespace
}  // namespace beredd::store

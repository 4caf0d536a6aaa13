// One transaction, many operations: what a bad one must not do to the others.

#include "store_fixture.h"

#include <csignal>

#include <sys/resource.h>

namespace beredd::store {
namespace {

using testing::ElementsAre;

base::Status status_of(const base::Result<MessageId>& result) {
  return result.ok() ? base::Status() : base::Status(result.error());
}

class Batch : public StoreTest {
 protected:
  Operation accept_one(std::string raw, MessageId* id = nullptr) {
    auto body = std::make_shared<WrittenBody>(write_body(*store_, raw));
    return [body, id](WriteTxn& txn) -> base::Status {
      if (base::Status status = put_all(txn, body->chunks); !status) return status;
      base::Result<MessageId> accepted = txn.accept(message_of(body->ref));
      if (accepted && id) *id = *accepted;
      return status_of(accepted);
    };
  }
  // Has an effect, and fails after it.
  Operation spoil(int* runs = nullptr) {
    Operation accept = accept_one("spoilt");
    return [accept, runs](WriteTxn& txn) -> base::Status {
      if (runs) ++*runs;
      if (base::Status status = accept(txn); !status) return status;
      return txn.offer(MessageId(9999), "helpdesk", kStart);
    };
  }
  std::vector<MessageId> messages() {
    return ask([](const ReadTxn& txn) { return txn.messages({}, 10'000); });
  }
};

TEST_F(Batch, ABadOperationDoesNotPoisonItsNeighbours) {
  MessageId first, last;
  std::vector<Operation> operations = {accept_one("first", &first), spoil(),
                                       accept_one("last", &last)};
  std::vector<base::Status> statuses = store_->apply(operations);
  ASSERT_EQ(statuses.size(), 3u);
  EXPECT_TRUE(statuses[0].ok());
  EXPECT_THAT(statuses[1], FailsWith(base::Code::not_found));
  EXPECT_TRUE(statuses[2].ok());
  EXPECT_THAT(messages(), ElementsAre(first, last));
  EXPECT_THAT(journal_words(), ElementsAre("accepted", "accepted"));
  reopen();
  EXPECT_THAT(messages(), ElementsAre(first, last));
  EXPECT_EQ(journal().size(), 2u) << "the chain holds without the spoilt entry";
}

TEST_F(Batch, AFailureWithoutAnEffectCostsNoSecondRun) {
  int runs = 0;
  std::vector<Operation> operations = {
      [&](WriteTxn& txn) {
        ++runs;
        return accept_one("good")(txn);
      },
      [](WriteTxn& txn) { return txn.offer(MessageId(9999), "helpdesk", kStart); },
  };
  std::vector<base::Status> statuses = store_->apply(operations);
  EXPECT_TRUE(statuses[0].ok());
  EXPECT_THAT(statuses[1], FailsWith(base::Code::not_found));
  EXPECT_EQ(runs, 1);
}

TEST_F(Batch, ManyBadOperationsAreNotRunOverAndOver) {
  constexpr int kEach = 50;
  int runs = 0;
  std::vector<Operation> operations;
  for (int i = 0; i < kEach; ++i) {
    operations.push_back(accept_one("good"));
    operations.push_back(spoil(&runs));
  }
  std::vector<base::Status> statuses = store_->apply(operations);
  for (std::size_t i = 0; i < statuses.size(); ++i) EXPECT_EQ(statuses[i].ok(), i % 2 == 0) << i;
  EXPECT_EQ(messages().size(), static_cast<std::size_t>(kEach));
  EXPECT_EQ(journal().size(), static_cast<std::size_t>(kEach));
  EXPECT_LT(runs, 3 * kEach);
}

TEST_F(Batch, NothingButFailuresLeavesNothing) {
  std::vector<Operation> operations(3, spoil());
  for (const base::Status& status : store_->apply(operations)) EXPECT_FALSE(status.ok());
  EXPECT_TRUE(messages().empty());
  EXPECT_TRUE(store_->apply({}).empty());
  EXPECT_EQ(accept().value(), 1u) << "no number is spent on what never was";
}

TEST_F(Batch, AnOperationSeesItsNeighbours) {
  MessageId id;
  std::vector<Operation> operations = {accept_one("one", &id),
                                       [&](WriteTxn& txn) { return txn.mark_sort_attempt(id); }};
  std::vector<base::Status> statuses = store_->apply(operations);
  EXPECT_TRUE(statuses[1].ok());
  EXPECT_EQ(ask([&](const ReadTxn& txn) { return txn.sort_attempts(id); }), 1);
}

TEST_F(Batch, AReaderKeepsItsSnapshotWhileOthersWrite) {
  accept();
  base::Status status = store_->read([&](const ReadTxn& txn) -> base::Status {
    accept();
    EXPECT_EQ(txn.message_count(), 1u);
    return {};
  });
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(messages().size(), 2u);
}

TEST_F(Batch, TheErrorOfAQueryIsHandedOn) {
  base::Status status = store_->read([](const ReadTxn& txn) -> base::Status {
    auto message = txn.message(MessageId(1));
    return message.ok() ? base::Status() : base::Status(message.error());
  });
  EXPECT_THAT(status, FailsWith(base::Code::not_found));
}

class FullMap : public Batch {
 protected:
  void SetUp() override {
    map_size_ = base::mebibytes(2);
    Batch::SetUp();
  }
  // Accepts until the map is full; returns what was accepted.
  std::vector<MessageId> fill() {
    std::vector<MessageId> accepted;
    for (int i = 0; i < 1000; ++i) {
      MessageId id;
      base::Status status = write(accept_one(bytes_of_size(20'000), &id));
      if (!status) {
        EXPECT_THAT(status, FailsWith(base::Code::store_full));
        EXPECT_EQ(status.error().fault, base::Fault::transient);
        return accepted;
      }
      accepted.push_back(id);
    }
    ADD_FAILURE() << "the map never filled";
    return accepted;
  }
};

TEST_F(FullMap, IsStoreFullAndLosesNothing) {
  std::vector<MessageId> accepted = fill();
  ASSERT_GT(accepted.size(), 10u);
  EXPECT_EQ(messages(), accepted);
  for (MessageId id : accepted) {
    auto message = ask([&](const ReadTxn& txn) { return txn.message(id); });
    ASSERT_TRUE(message.ok());
    EXPECT_TRUE(ask([&](const ReadTxn& txn) { return txn.chunk(message->body, 0); }).ok());
  }
  EXPECT_LT(store_->room(), base::kibibytes(256));
  EXPECT_EQ(journal().size(), accepted.size());
}

TEST_F(FullMap, FailsOnlyWhatDoesNotFit) {
  fill();
  std::vector<Operation> operations = {accept_one(bytes_of_size(300'000)), [](WriteTxn& txn) {
                                         return txn.put_switches("helpdesk", {true, false});
                                       }};
  std::vector<base::Status> statuses = store_->apply(operations);
  EXPECT_THAT(statuses[0], FailsWith(base::Code::store_full));
  EXPECT_TRUE(statuses[1].ok());
  EXPECT_TRUE(ask([](const ReadTxn& txn) { return txn.switches("helpdesk"); }).paused);
}

TEST_F(FullMap, TakesMailAgainWhenRoomIsMade) {
  WrittenBody big = write_body(*store_, bytes_of_size(400'000));
  must([&](WriteTxn& txn) { return put_all(txn, big.chunks); });
  std::vector<MessageId> before = fill();
  must([&](WriteTxn& txn) { return txn.drop_body(big.ref.id); });
  // LMDB reuses freed pages from the second transaction on.
  must([](WriteTxn& txn) { return txn.put_switches("helpdesk", {}); });
  MessageId id;
  ASSERT_TRUE(write(accept_one(bytes_of_size(20'000), &id)).ok());
  reopen();
  before.push_back(id);
  EXPECT_EQ(messages(), before);
}

// No file of this process grows, as on a full disk, while this lives.
class NoGrowth {
 public:
  explicit NoGrowth(const std::filesystem::path& file) {
    old_handler_ = std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &old_);
    rlimit limit = old_;
    limit.rlim_cur = std::filesystem::file_size(file);
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~NoGrowth() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    std::signal(SIGXFSZ, old_handler_);
  }
  NoGrowth(const NoGrowth&) = delete;
  NoGrowth& operator=(const NoGrowth&) = delete;

 private:
  rlimit old_{};
  void (*old_handler_)(int) = nullptr;
};

TEST_F(Batch, WhenTheCommitFailsAllFailAndNothingIsThere) {
  MessageId kept = accept();
  std::vector<Operation> operations = {accept_one(bytes_of_size(200'000)),
                                       accept_one(bytes_of_size(200'000))};
  {
    NoGrowth full(directory_.path() / "store" / "data.mdb");
    for (const base::Status& status : store_->apply(operations)) {
      ASSERT_FALSE(status.ok());
      EXPECT_EQ(status.error().fault, base::Fault::transient) << base::to_string(status.error());
    }
    EXPECT_THAT(messages(), ElementsAre(kept));
    EXPECT_TRUE(ask([&](const ReadTxn& txn) { return txn.message(kept); }).ok());
  }
  for (const base::Status& status : store_->apply(operations)) EXPECT_TRUE(status.ok());
  reopen();
  EXPECT_EQ(messages().size(), 3u);
  EXPECT_EQ(journal().size(), 3u);
}

}  // namespace
}  // namespace beredd::store

#include "beredd/service/changes.h"

#include "simulation.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <stdlib.h>

#include "beredd/store/lmdb_store.h"
#include "beredd/vault/key.h"

namespace beredd::service {
namespace {

using namespace std::chrono_literals;
using base::JournalSeq;
using base::Result;

class ChangesTest : public testing::Test {
 protected:
  ChangesTest() {
    std::string name = testing::TempDir() + "changes-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    const std::array<std::byte, 32> bytes{};
    store::LmdbOptions options;
    options.directory = folder_;
    options.map_size = base::mebibytes(64);
    options.intake_log = base::kibibytes(256);
    options.sync = false;
    store_ = *store::open_lmdb(options, vault::Key(bytes), world_.random());
    committer_ = io::immediate_committer(*store_);
    context_.reset(new Context{std::make_shared<const config::Config>(), *store_, *committer_,
                               world_.timers(), *pool_, world_.clock(), world_.random(), metrics_,
                               *reader_});
    changes_ = std::make_unique<Changes>(*context_);
    committer_->when_changed([this] { changes_->notify(); });
  }
  ~ChangesTest() override {
    changes_->stop();
    world_.run_for(0s);
    std::filesystem::remove_all(folder_);
  }

  void write() {
    store::Operation operation = [](store::WriteTxn& txn) {
      store::JournalEntry entry;
      entry.what = "test";
      return txn.note(entry);
    };
    const auto done = world_.run(committer_->commit(std::move(operation), base::Bytes(0)));
    ASSERT_TRUE(done && done->ok());
  }
  using Given = std::shared_ptr<std::optional<Result<JournalSeq>>>;
  static io::Task<void> keep(Changes& changes, JournalSeq after, base::Duration patience,
                             Given into) {
    into->emplace(co_await changes.beyond(after, patience));
  }
  Given wait(std::uint64_t after, base::Duration patience) {
    auto given = std::make_shared<std::optional<Result<JournalSeq>>>();
    io::spawn(world_.executor(), keep(*changes_, JournalSeq(after), patience, given), "waiter");
    world_.run_for(0s);
    return given;
  }
  static std::uint64_t seq_of(const Given& given) {
    return given->has_value() && (*given)->ok() ? (**given)->value() : 999;
  }

  simulation::World world_{7};
  std::filesystem::path folder_;
  base::Metrics metrics_;
  std::unique_ptr<io::BlockingPool> pool_ = io::inline_pool();
  std::unique_ptr<io::MailReader> reader_ = io::in_process_reader();
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<io::Committer> committer_;
  std::unique_ptr<Context> context_;
  std::unique_ptr<Changes> changes_;
};

TEST_F(ChangesTest, AnswerAtOnceWhenThereIsNews) {
  write();
  const Given given = wait(0, 30s);
  ASSERT_TRUE(given->has_value());
  EXPECT_EQ(seq_of(given), 1u);
}

TEST_F(ChangesTest, AnswerWhenSomethingIsWritten) {
  write();
  const Given given = wait(1, 30s);
  world_.run_for(10s);
  EXPECT_FALSE(given->has_value());
  write();
  world_.run_for(0s);
  EXPECT_EQ(seq_of(given), 2u);
}

TEST_F(ChangesTest, AnswerWhenPatienceIsOver) {
  write();
  const Given given = wait(1, 30s);
  world_.run_for(29s);
  EXPECT_FALSE(given->has_value());
  world_.run_for(1s);
  EXPECT_EQ(seq_of(given), 1u);
}

TEST_F(ChangesTest, AnswerAtOnceWithoutPatience) {
  const Given given = wait(7, 0s);
  EXPECT_EQ(seq_of(given), 0u);
}

TEST_F(ChangesTest, TurnAwayWhoComesTooMany) {
  std::vector<Given> waiters;
  for (std::size_t n = 0; n < Changes::kMostWaiters; ++n) waiters.push_back(wait(0, 30s));
  const Given late = wait(0, 30s);
  ASSERT_TRUE(late->has_value());
  ASSERT_FALSE((*late)->ok());
  EXPECT_EQ((*late)->error().code, base::Code::store_full);
  write();
  world_.run_for(0s);
  for (const Given& given : waiters) EXPECT_EQ(seq_of(given), 1u);
  EXPECT_FALSE(wait(1, 30s)->has_value());  // there is room again
}

TEST_F(ChangesTest, LetEverybodyGoAtTheEnd) {
  const Given given = wait(0, 30s);
  EXPECT_FALSE(given->has_value());
  changes_->stop();
  world_.run_for(0s);
  EXPECT_TRUE(given->has_value());
}

}  // namespace
}  // namespace beredd::service

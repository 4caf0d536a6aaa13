#pragma once
// A store with mail in it, an index on a real disk that fails on demand, and simulated time.

#include "simulation.h"

#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <stdlib.h>

#include "beredd/mail/reading.h"
#include "beredd/service/indexing.h"
#include "beredd/store/lmdb_store.h"

namespace beredd::service {

// What the disk of an index can do to it.
struct Disk {
  base::Bytes room = base::mebibytes(100'000);
  bool full = false, broken = false;
  int opened = 0, written = 0, compacted = 0;
};

class IndexOnDisk final : public search::Index {
 public:
  IndexOnDisk(std::unique_ptr<search::Index> inner, Disk& disk)
      : inner_(std::move(inner)), disk_(disk) {}

  search::Position position() const override { return inner_->position(); }
  vault::Key key() const override { return inner_->key(); }
  base::Status apply(const search::Batch& batch) override {
    if (disk_.full) return base::transient(base::Code::store_full, "no space left on device");
    if (disk_.broken) return base::permanent(base::Code::corrupt, "a block is not what it was");
    ++disk_.written;
    return inner_->apply(batch);
  }
  base::Status compact() override {
    ++disk_.compacted;
    return inner_->compact();
  }
  base::Result<std::vector<base::TicketId>> find(
      std::span<const std::vector<search::Term>> all_of) const override {
    return inner_->find(all_of);
  }
  base::Result<std::vector<base::TicketId>> tickets(base::TicketId after,
                                                    std::size_t limit) const override {
    return inner_->tickets(after, limit);
  }
  base::Result<std::vector<base::MessageId>> messages_of(base::TicketId id) const override {
    return inner_->messages_of(id);
  }
  base::Bytes room() const override { return disk_.room; }

 private:
  std::unique_ptr<search::Index> inner_;
  Disk& disk_;
};

inline mail::Reading saying(std::string text) {
  mail::Reading reading;
  reading.subject = "A subject";
  reading.text = std::move(text);
  return reading;
}

class IndexingHouse : public testing::Test {
 protected:
  IndexingHouse() {
    std::string pattern = testing::TempDir() + "indexing-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    store_ = open_store("store");
    committer_ = io::immediate_committer(*store_);
    config_->node.low_water = base::mebibytes(256);
    move_in();
  }
  ~IndexingHouse() override {
    leave();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  // A process begins, over whatever store_ and the folder are.
  void move_in() {
    context_.reset(new Context{config_, *store_, *committer_, world.timers(), *pool_, world.clock(),
                               world.random(), metrics, *reader_});
    IndexPorts ports;
    ports.open = [this]() -> base::Result<std::unique_ptr<search::Index>> {
      ++disk.opened;
      auto opened = search::open_index(folder_ / "search", key(), world.random());
      if (!opened) return opened.error();
      return std::unique_ptr<search::Index>(new IndexOnDisk(std::move(*opened), disk));
    };
    ports.discard = [this] { return search::discard_index(folder_ / "search"); };
    indexing.reset(new Indexing(*context_, *pool_, std::move(ports), world.executor()));
  }
  void leave() {
    indexing->stop();
    world.run_for(std::chrono::seconds(1));
    indexing.reset();
  }

  void apply(const store::Operation& operation) {
    const auto statuses = store_->apply({&operation, 1});
    ASSERT_TRUE(statuses[0].ok()) << base::to_string(statuses[0].error());
  }

  base::MessageId accept() {
    base::MessageId id;
    apply([&](store::WriteTxn& txn) -> base::Status {
      store::Message message;
      message.desk = "support";
      message.envelope.forward_paths = {{"support", "example.org"}};
      message.trace_id = "trace." + std::to_string(store_->next_serial());
      message.body = store_->new_body().finish().ref;
      auto accepted = txn.accept(message);
      if (!accepted) return accepted.error();
      id = *accepted;
      return {};
    });
    return id;
  }
  base::TicketId sort(base::MessageId id, const std::string& text, base::TicketId ticket = {}) {
    apply([&](store::WriteTxn& txn) -> base::Status {
      if (!ticket) {
        ticket::Ticket fresh;
        fresh.desk = "support";
        auto opened = txn.open_ticket(fresh);
        if (!opened) return opened.error();
        ticket = *opened;
      }
      return txn.put_sorted(id, {ticket, "test", saying(text), world.clock().now()});
    });
    indexing->wake();
    return ticket;
  }
  base::TicketId take_in(const std::string& text, base::TicketId ticket = {}) {
    return sort(accept(), text, ticket);
  }

  void settle() { world.run_for(std::chrono::seconds(3)); }
  std::vector<base::TicketId> find(const std::string& text) {
    const auto found = indexing->find(text);
    EXPECT_TRUE(found.ok()) << base::to_string(found.error());
    return found ? found->tickets : std::vector<base::TicketId>();
  }
  std::uint64_t behind() {
    std::uint64_t count = 0;
    const auto read = store_->read([&](const store::ReadTxn& txn) -> base::Status {
      count = indexing->behind(txn);
      return {};
    });
    EXPECT_TRUE(read.ok());
    return count;
  }

  static vault::Key key() { return vault::Key(std::array<std::byte, vault::Key::kSize>{}); }
  std::unique_ptr<store::Store> open_store(const char* name) {
    std::filesystem::create_directory(folder_ / name);
    auto opened = store::open_lmdb({folder_ / name, base::mebibytes(256), base::kibibytes(256)},
                                   key(), world.random());
    EXPECT_TRUE(opened.ok());
    return opened ? std::move(*opened) : nullptr;
  }

  std::filesystem::path folder_;
  simulation::World world{7};
  Disk disk;
  base::Metrics metrics;
  std::shared_ptr<config::Config> config_ = std::make_shared<config::Config>();
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<io::Committer> committer_;
  std::unique_ptr<io::BlockingPool> pool_ = io::inline_pool();
  std::unique_ptr<io::MailReader> reader_ = io::in_process_reader();
  std::unique_ptr<Context> context_;
  std::unique_ptr<Indexing> indexing;
};

}  // namespace beredd::service

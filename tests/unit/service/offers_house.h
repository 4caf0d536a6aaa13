#pragma once
// A store that knows what primaries said, and a configuration of two of them.

#include "simulation.h"

#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <stdlib.h>

#include "beredd/base/clock.h"
#include "beredd/base/random.h"
#include "beredd/service/context.h"
#include "beredd/store/lmdb_store.h"

namespace beredd::service {

inline config::Config two_primaries() {
  config::Config config;
  for (const char* name : {"helpdesk", "crm"}) {
    config::Primary primary;
    primary.name = name;
    primary.target.at = {std::string("in.") + name + ".test", 25};
    primary.target.connections = 1;
    config.primaries.push_back(std::move(primary));
  }
  return config;
}

// Counts what is written, and fails to read or to write when told to.
class CountingStore final : public store::Store {
 public:
  explicit CountingStore(std::unique_ptr<store::Store> inner) : inner_(std::move(inner)) {}
  int written = 0;
  bool blind = false, full = false;

  base::Status read(
      const std::function<base::Status(const store::ReadTxn&)>& query) const override {
    if (blind) return base::transient(base::Code::io, "cannot be read");
    return inner_->read(query);
  }
  std::vector<base::Status> apply(std::span<const store::Operation> operations) override {
    if (full) {
      return {operations.size(), base::Status(base::transient(base::Code::store_full, "full"))};
    }
    written += static_cast<int>(operations.size());
    return inner_->apply(operations);
  }
  store::BodyWriter new_body() override { return inner_->new_body(); }
  std::string_view instance() const override { return inner_->instance(); }
  std::uint64_t next_serial() override { return inner_->next_serial(); }
  base::Bytes room() const override { return inner_->room(); }

 private:
  std::unique_ptr<store::Store> inner_;
};

class OffersHouse : public testing::Test {
 protected:
  ~OffersHouse() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  void say(const std::string& primary, const store::Abilities& abilities) {
    const store::Operation operation = [&](store::WriteTxn& txn) {
      return txn.put_abilities(primary, abilities);
    };
    const auto statuses = store.apply({&operation, 1});
    ASSERT_TRUE(statuses.at(0).ok());
  }
  std::optional<store::Abilities> said(const std::string& primary) const {
    std::optional<store::Abilities> found;
    const auto status = store.read([&](const store::ReadTxn& txn) -> base::Status {
      auto known = txn.abilities(primary);
      if (!known) return known.error();
      found = *known;
      return {};
    });
    EXPECT_TRUE(status.ok());
    return found;
  }
  void configure(config::Config config) {
    context.config = std::make_shared<const config::Config>(std::move(config));
  }

  simulation::World world{11};
  std::string folder_ = testing::TempDir() + "offers-XXXXXX";
  CountingStore store{open()};
  std::unique_ptr<io::Committer> committer = io::immediate_committer(store);
  std::unique_ptr<io::BlockingPool> pool = io::inline_pool();
  std::unique_ptr<io::MailReader> reader = io::in_process_reader();
  base::Metrics metrics;
  Context context{std::make_shared<const config::Config>(two_primaries()),
                  store,
                  *committer,
                  world.timers(),
                  *pool,
                  world.clock(),
                  world.random(),
                  metrics,
                  *reader};

 private:
  std::unique_ptr<store::Store> open() {
    store::LmdbOptions options;
    options.directory = ::mkdtemp(folder_.data());
    options.map_size = base::mebibytes(64);
    options.intake_log = base::kibibytes(256);
    options.sync = false;
    const std::array<std::byte, 32> key{};
    return *store::open_lmdb(options, vault::Key(key), world.random());
  }
};

}  // namespace beredd::service

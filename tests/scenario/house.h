#pragma once
// The whole daemon in one thread: every service on simulated time and a simulated network, over a
// real LMDB store. It can be crashed and born again on the same store.

#include "simulated_primary.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "beredd/remote/smtp_target.h"
#include "beredd/service/actions.h"
#include "beredd/service/handback.h"
#include "beredd/service/intake.h"
#include "beredd/service/modes.h"
#include "beredd/service/relay.h"
#include "beredd/service/reopening.h"
#include "beredd/service/sort.h"
#include "beredd/service/watch.h"
#include "beredd/store/lmdb_store.h"
#include "beredd/vault/key.h"

namespace beredd::scenario {

using namespace std::chrono_literals;

// A folder that goes away with its owner.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "beredd-scenario-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Wraps a store so that a test can make its disk full.
class FragileStore final : public store::Store {
 public:
  explicit FragileStore(std::unique_ptr<store::Store> inner) : inner_(std::move(inner)) {}
  bool full = false;
  std::optional<int> writes_left;  // then it is full
  int writes = 0;                  // that were asked for
  std::optional<int> lies_in;      // so many writes on, one is made and said to have failed

  base::Status read(
      const std::function<base::Status(const store::ReadTxn&)>& query) const override {
    return inner_->read(query);
  }
  std::vector<base::Status> apply(std::span<const store::Operation> operations) override {
    ++writes;
    if (writes_left && (*writes_left)-- <= 0) full = true;
    if (lies_in && (*lies_in)-- == 0) {
      auto made = inner_->apply(operations);
      std::fill(made.begin(), made.end(), base::transient(base::Code::io, "said to have failed"));
      return made;
    }
    if (!full) return inner_->apply(operations);
    std::vector<base::Status> failed;
    for (std::size_t n = 0; n < operations.size(); ++n) {
      failed.push_back(base::transient(base::Code::store_full, "no space left on device"));
    }
    return failed;
  }
  store::BodyWriter new_body() override { return inner_->new_body(); }
  std::string_view instance() const override { return inner_->instance(); }
  std::uint64_t next_serial() override { return inner_->next_serial(); }
  base::Bytes room() const override { return inner_->room(); }

 private:
  std::unique_ptr<store::Store> inner_;
};

// The world's clock as the daemon sees it, off by what a test says. Timers keep the world's time,
// as the monotonic clock does.
class WallClock final : public base::Clock {
 public:
  explicit WallClock(const base::Clock& true_time) : true_time_(true_time) {}
  base::Instant now() const override { return true_time_.now() + shift; }
  base::Instant steady() const override { return true_time_.now(); }
  base::Duration shift{};

 private:
  const base::Clock& true_time_;
};

inline config::Config outage_config() {
  config::Config config;
  config.node.name = "fallback-1";
  config.node.low_water = base::Bytes(0);
  config.smtp.hostname = "mx2.help.example";
  config.desks.push_back(
      {"support", {"@help.example"}, "Support <support@help.example>", "helpdesk"});
  config::Primary primary;
  primary.name = "helpdesk";
  primary.target.at = {SimulatedPrimary::address().host, SimulatedPrimary::address().port};
  primary.target.tls = config::Tls::off;
  config::Check check;
  check.name = "http";
  check.kind = config::CheckKind::http;
  check.every = 10s;
  primary.checks.push_back(check);
  primary.failover = {3, 5, 1, 2min, 12};
  primary.retry = {1min, 5min, 30min};
  config.primaries.push_back(std::move(primary));
  return config;
}

// One life of the daemon. Destroying it is a crash: nothing is finished, nothing is said.
class House {
 public:
  House(simulation::World& its_world, const Folder& folder, const config::Config& its_config,
        SimulatedPrimary& its_primary)
      : world(its_world),
        config(std::make_shared<const config::Config>(its_config)),
        prober(its_primary),
        connector(world.network().connector("192.0.2.10")) {
    std::array<std::byte, 32> bytes{};
    const vault::Key master(bytes);
    store::LmdbOptions options;
    options.directory = folder.path();
    options.map_size = base::mebibytes(256);
    options.intake_log = base::kibibytes(256);
    options.sync = false;
    auto opened = store::open_lmdb(options, master, world.random());
    if (!opened) throw std::runtime_error(base::to_string(opened.error()));
    store = std::make_unique<FragileStore>(std::move(*opened));
    committer = io::immediate_committer(*store);
    context.reset(new service::Context{config, *store, *committer, world.timers(), *pool, wall,
                                       world.random(), metrics, *reader});
    modes = std::make_unique<service::Modes>(*context);
    auto recovered = modes->recover();
    if (!recovered) throw std::runtime_error(base::to_string(recovered.error()));
    its_primary.move_into(world);
    start();
  }

  // Before anybody connects: who is asked about block lists.
  void look_up_by(io::Resolver& resolver) { intake->look_up_by(resolver); }

  static io::Address address() { return {"mx2.help.example", 25}; }
  static io::Address lmtp_address() { return {"mx2.help.example", 24}; }
  failover::Mode mode() const { return modes->mode("helpdesk"); }
  store::DeliveryCounts counts() const {
    store::DeliveryCounts counts;
    auto read = store->read([&](const store::ReadTxn& txn) -> base::Status {
      counts = txn.counts("helpdesk");
      return {};
    });
    EXPECT_TRUE(read.ok());
    return counts;
  }
  std::vector<ticket::Ticket> tickets() const {
    std::vector<ticket::Ticket> tickets;
    auto read = store->read([&](const store::ReadTxn& txn) -> base::Status {
      auto found = txn.tickets({});
      if (!found) return found.error();
      tickets = *found;
      return {};
    });
    EXPECT_TRUE(read.ok());
    return tickets;
  }

  simulation::World& world;
  std::shared_ptr<const config::Config> config;
  std::unique_ptr<FragileStore> store;
  std::unique_ptr<io::Committer> committer;
  std::unique_ptr<io::BlockingPool> pool = io::inline_pool();
  std::unique_ptr<io::MailReader> reader = io::in_process_reader();
  WallClock wall{world.clock()};
  base::Metrics metrics;
  SimulatedProber prober;
  std::unique_ptr<io::Connector> connector;
  std::unique_ptr<service::Context> context;
  std::unique_ptr<service::Modes> modes;
  std::unique_ptr<service::Handback> handback;
  std::unique_ptr<service::Watch> watch;
  std::unique_ptr<io::Target> target;
  std::unique_ptr<service::Relay> relay;
  std::unique_ptr<service::Sort> sort;
  std::unique_ptr<service::Reopening> reopening;
  std::unique_ptr<service::Actions> actions;
  std::unique_ptr<service::Intake> intake;

 private:
  void start() {
    const io::Executor executor = world.executor();
    handback = std::make_unique<service::Handback>(*context, *modes);
    watch = std::make_unique<service::Watch>(*context, *modes, prober, executor);
    remote::SmtpTargetOptions options;
    options.at = SimulatedPrimary::address();
    options.helo = config->smtp.hostname;
    options.tls = smtp::TlsPolicy::off;
    target = remote::smtp_target(options, *connector, nullptr);
    relay = std::make_unique<service::Relay>(*context, *modes, *handback, config->primaries.front(),
                                             *target, executor);
    sort = std::make_unique<service::Sort>(*context, *modes, executor,
                                           [this](std::string_view) { relay->wake(); });
    committer->when_readable([this] { sort->wake(); });
    reopening = std::make_unique<service::Reopening>(*context, executor);
    actions = std::make_unique<service::Actions>(*context, [this] { reopening->wake(); });
    intake = std::make_unique<service::Intake>(*context, executor, nullptr);
    watch->start();
    relay->start();
    sort->start();
    reopening->start();
    intake->hand_back_by([this](std::string primary) { return handback->run(std::move(primary)); });
    intake->serve(world.network().listen(address()));
    intake->serve(world.network().listen(lmtp_address()), smtp::Protocol::lmtp);
  }
};

}  // namespace beredd::scenario

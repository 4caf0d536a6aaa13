#pragma once
// The rota alone, on simulated time over a real store; what sorting and staff would do, the test
// writes into the store.

#include "simulation.h"

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "beredd/service/rota.h"
#include "beredd/store/lmdb_store.h"
#include "beredd/vault/key.h"

namespace beredd::scenario {

using namespace std::chrono_literals;

inline constexpr std::string_view kStaffed = R"(
[smtp]
hostname = "mx2.example.org"
[[desk]]
name = "support"
addresses = ["support@example.org"]
primary = "helpdesk"
[[primary]]
name = "helpdesk"
target = { host = "in.helpdesk.test" }
[[primary.check]]
kind = "tcp"
[[person]]
name = "anna"
role = "lead"
lines = [1, 2]
deputy = "bo"
[[person]]
name = "bo"
deputy = "cia"
[[person]]
name = "cia"
[[person]]
name = "dag"
lines = [2]
languages = ["fi"]
)";

// The folder goes with it.
class RotaHouse : public testing::Test {
 protected:
  RotaHouse() { be(kStaffed, ""); }
  ~RotaHouse() override {
    rota.reset();
    store.reset();
    std::filesystem::remove_all(folder_);
  }

  // Begins anew on the same store with `toml` and `more`.
  void be(std::string_view toml, std::string_view more) {
    const config::Loaded loaded =
        config::parse(std::string(toml) + std::string(more), "beredd.toml");
    ASSERT_NE(loaded.config, nullptr) << loaded.problems.front().text;
    rota.reset();
    context.reset(new service::Context{loaded.config, *store, *committer_, world.timers(), *pool_,
                                       world.clock(), world.random(), metrics_, *reader_});
    rota = std::make_unique<service::Rota>(*context, world.executor());
  }

  void apply(store::Operation operation) {
    const std::vector<store::Operation> all{std::move(operation)};
    const auto statuses = store->apply(all);
    ASSERT_TRUE(statuses[0].ok()) << base::to_string(statuses[0].error());
  }

  // A mail of a customer, held here: into `id`, or into a ticket of its own.
  base::TicketId mail(const std::string& subject, const std::string& text = "Hello",
                      base::TicketId id = {}, const std::string& from = "ann@customer.example") {
    apply([&](store::WriteTxn& txn) -> base::Status {
      const auto message = put_message(txn, store::Direction::in);
      if (!message) return message.error();
      if (!id) {
        ticket::Ticket fresh;
        fresh.desk = "support";
        fresh.subject = subject;
        fresh.custody = ticket::Custody::fallback;
        fresh.created = fresh.updated = now();
        auto opened = txn.open_ticket(fresh);
        if (!opened) return opened.error();
        id = *opened;
      }
      store::Sorted sorted{id, "test", {}, now()};
      sorted.reading.subject = subject;
      sorted.reading.text = sorted.reading.new_text = text;
      sorted.reading.from = {{"Ann", from}};
      return txn.put_sorted(*message, sorted);
    });
    return id;
  }

  base::Result<base::MessageId> put_message(store::WriteTxn& txn, store::Direction direction) {
    auto writer = store->new_body();
    auto chunks = writer.append("Subject: x\r\n\r\nx\r\n");
    auto finished = writer.finish();
    if (finished.last) chunks.push_back(*finished.last);
    for (const auto& chunk : chunks) {
      if (auto put = txn.put_chunk(chunk); !put) return put.error();
    }
    store::Message message;
    message.direction = direction;
    message.desk = "support";
    message.trace_id = std::to_string(store->next_serial());
    message.received = now();
    message.body = finished.ref;
    return txn.accept(message);
  }

  void change(base::TicketId id, const std::function<void(ticket::Ticket&)>& how) {
    apply([&](store::WriteTxn& txn) -> base::Status {
      auto one = txn.ticket(id);
      if (!one) return one.error();
      how(*one);
      return txn.update_ticket(*one);
    });
  }
  void give(base::TicketId id, const std::string& person) {
    change(id, [&](ticket::Ticket& one) { one.assignee = person; });
  }

  ticket::Ticket seen(base::TicketId id) const {
    ticket::Ticket out;
    const auto read = store->read([&](const store::ReadTxn& txn) -> base::Status {
      auto one = txn.ticket(id);
      if (!one) return one.error();
      out = *std::move(one);
      return {};
    });
    EXPECT_TRUE(read.ok());
    return out;
  }
  std::string assignee(base::TicketId id) const { return seen(id).assignee; }

  // "anna: assigned bo (was anna): deputy, anna is absent", in order.
  std::vector<std::string> history(base::TicketId id) const {
    std::vector<std::string> out;
    const auto read = store->read([&](const store::ReadTxn& txn) -> base::Status {
      const auto entries = txn.history(id, {}, 1000);
      if (!entries) return entries.error();
      for (const auto& entry : *entries) {
        if (entry.what == "accepted" || entry.what == "sorted") continue;
        const std::string who = entry.who.empty() ? "beredd" : entry.who;
        out.push_back(who + ": " + entry.what + " " + entry.detail);
      }
      return {};
    });
    EXPECT_TRUE(read.ok());
    return out;
  }

  std::map<std::string, int> loads() const {
    std::map<std::string, int> out;
    const auto roll = rota->roll();
    EXPECT_TRUE(roll.ok());
    for (const auto& one : roll->people) out[one.name] = one.load;
    return out;
  }
  ticket::Level level() const { return rota->roll()->level; }

  base::Status absent(const std::string& person, std::optional<base::Duration> lasts = {}) {
    ticket::Absence absence{person, {}, {}, "fever", "anna"};
    if (lasts) absence.until = now() + *lasts;
    return *world.run(rota->set_absent(std::move(absence)));
  }
  ticket::Grant lease(base::TicketId id, const std::string& who) {
    auto grant = world.run(rota->take_lease(id, who));
    EXPECT_TRUE(grant && grant->ok());
    return *std::move(*grant);
  }
  base::Instant now() const { return world.clock().now(); }

  std::filesystem::path folder_ = made_folder();
  mutable simulation::World world{7};
  std::unique_ptr<store::Store> store = opened();
  std::unique_ptr<io::Committer> committer_ = io::immediate_committer(*store);
  std::unique_ptr<io::BlockingPool> pool_ = io::inline_pool();
  std::unique_ptr<io::MailReader> reader_ = io::in_process_reader();
  base::Metrics metrics_;
  std::unique_ptr<service::Context> context;
  std::unique_ptr<service::Rota> rota;

 private:
  static std::filesystem::path made_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "beredd-rota-XXXXXX").string();
    return ::mkdtemp(name.data());
  }
  std::unique_ptr<store::Store> opened() {
    std::array<std::byte, vault::Key::kSize> bytes{};
    auto made = store::open_lmdb({folder_, base::mebibytes(256), base::kibibytes(256), false},
                                 vault::Key(bytes), world.random());
    return *std::move(made);
  }
};

}  // namespace beredd::scenario

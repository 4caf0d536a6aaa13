// Fills a store with made-up support mail, as intake and sorting would have: for measuring what
// size costs.
//
//   fill_store DIRECTORY [--messages N] [--tickets N] [--waiting N]
//
// DIRECTORY gets a store and its master.key; beredd opens it as its node.state. All but the last
// `waiting` messages have been acknowledged by the primary "helpdesk". Not synced while it is
// filled, synced at the end.

#include "letters.h"
#include "threading.h"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include <getopt.h>
#include <unistd.h>

#include "beredd/mail/reading.h"
#include "beredd/store/lmdb_store.h"
#include "beredd/vault/key.h"

namespace {

using namespace beredd;

struct Plan {
  std::filesystem::path directory;
  std::uint64_t messages = 1'000'000;
  std::uint64_t tickets = 100'000;
  std::uint64_t waiting = 1'000;
};

constexpr std::uint64_t kBatch = 1000;             // messages in one transaction
constexpr std::uint64_t kOpenAtOnce = 2000;        // conversations that go on side by side
constexpr auto kApart = std::chrono::seconds(20);  // from one mail to the next

class Filler {
 public:
  Filler(const Plan& plan, store::Store& store) : plan_(plan), store_(store) {}

  base::Status fill() {
    for (std::uint64_t done = 0; done < plan_.messages; done += kBatch) {
      const store::Operation operation = [&](store::WriteTxn& txn) { return batch(txn, done); };
      if (auto status = store_.apply({&operation, 1}).front(); !status) return status;
      show(std::min(plan_.messages, done + kBatch));
    }
    return {};
  }

 private:
  base::Status batch(store::WriteTxn& txn, std::uint64_t first) {
    const std::uint64_t end = std::min(plan_.messages, first + kBatch);
    for (std::uint64_t n = first; n < end; ++n) {
      if (auto status = one(txn, n); !status) return status;
    }
    return {};
  }

  // Conversations are written turn by turn, many of them side by side, as they come in.
  base::Status one(store::WriteTxn& txn, std::uint64_t n) {
    const std::uint64_t turns = plan_.messages / plan_.tickets;
    const std::uint64_t group = n / (kOpenAtOnce * turns);
    const std::uint64_t within = n % (kOpenAtOnce * turns);
    const std::uint64_t conversation = group * kOpenAtOnce + within % kOpenAtOnce;
    const config::Desk& desk = config_.desks[conversation % 5 == 0 ? 1 : 0];
    const std::string raw = bench::letter(conversation, static_cast<int>(within / kOpenAtOnce),
                                          desk.addresses.front(), dice_);
    const auto at = begin_ + kApart * static_cast<std::int64_t>(n);

    store::BodyWriter writer = store_.new_body();
    std::vector<store::SealedChunk> chunks = writer.append(raw);
    store::BodyWriter::Finished body = writer.finish();
    if (body.last) chunks.push_back(*std::move(body.last));
    for (const auto& chunk : chunks) {
      if (auto put = txn.put_chunk(chunk); !put) return put;
    }
    store::Message message;
    message.desk = desk.name;
    message.envelope.reverse_path = *mail::parse_mailbox(bench::customer(conversation));
    message.envelope.forward_paths = {*mail::parse_mailbox(desk.addresses.front())};
    message.trace = "Received: from mx.help.example by mx2.help.example with ESMTP id 0; now\r\n";
    message.trace_id = std::to_string(n);
    message.peer = "192.0.2.7 (mx.help.example)";
    message.received = at;
    message.body = body.ref;
    auto id = txn.accept(message);
    if (!id) return id.error();
    message.id = *id;

    const mail::Reading reading = mail::read(raw);
    const service::ToJoin join{message, reading, config_, desk, failover::Mode::fallback, at};
    if (auto joined = service::join_ticket(txn, join); !joined) return joined;
    if (n + plan_.waiting >= plan_.messages) return {};
    return txn.acknowledge(*id, "helpdesk", "250 2.0.0 taken", at);
  }

  void show(std::uint64_t done) const {
    if (::isatty(STDERR_FILENO) == 0 && done % (50 * kBatch) != 0 && done != plan_.messages) return;
    const auto width = static_cast<std::size_t>(40 * done / plan_.messages);
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
    fmt::print(stderr, "{}[{:<40}] {} of {} messages, {:.0f}/s{}",
               ::isatty(STDERR_FILENO) != 0 ? "\r" : "", std::string(width, '#'), done,
               plan_.messages, static_cast<double>(done) / seconds,
               ::isatty(STDERR_FILENO) != 0 && done < plan_.messages ? "" : "\n");
  }

  const Plan& plan_;
  store::Store& store_;
  static config::Config two_desks() {
    config::Config config;
    config.desks.push_back({"support", {"support@help.example"}, "", "helpdesk"});
    config.desks.push_back({"billing", {"billing@help.example"}, "", "helpdesk"});
    return config;
  }

  const config::Config config_ = two_desks();
  std::mt19937_64 dice_{42};
  const base::Instant begin_ = base::from_micros(1'770'000'000'000'000);
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

Plan arguments(int argc, char** argv) {
  static const option kOptions[] = {{"messages", required_argument, nullptr, 'm'},
                                    {"tickets", required_argument, nullptr, 't'},
                                    {"waiting", required_argument, nullptr, 'w'},
                                    {nullptr, 0, nullptr, 0}};
  Plan plan;
  for (int found = 0; (found = getopt_long(argc, argv, "", kOptions, nullptr)) != -1;) {
    switch (found) {
      case 'm': plan.messages = std::strtoull(optarg, nullptr, 10); break;
      case 't': plan.tickets = std::strtoull(optarg, nullptr, 10); break;
      case 'w': plan.waiting = std::strtoull(optarg, nullptr, 10); break;
      default: std::exit(2);
    }
  }
  if (optind + 1 != argc || plan.tickets == 0 || plan.messages < plan.tickets) {
    fmt::print(stderr, "usage: fill_store DIRECTORY [--messages N] [--tickets N] [--waiting N]\n");
    std::exit(2);
  }
  plan.directory = argv[optind];
  return plan;
}

base::Status run(const Plan& plan) {
  std::filesystem::create_directories(plan.directory);
  base::SystemRandom random;
  auto key = vault::create_key(plan.directory / "master.key", random);
  if (!key) return key.error();
  store::LmdbOptions options;
  options.directory = plan.directory;
  options.sync = false;
  auto store = store::open_lmdb(options, *key, random);
  if (!store) return store.error();
  if (auto filled = Filler(plan, **store).fill(); !filled) return filled;
  store->reset();
  ::sync();
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (auto done = run(arguments(argc, argv)); !done) {
    fmt::print(stderr, "fill_store: {}\n", base::to_string(done.error()));
    return 1;
  }
  return 0;
}

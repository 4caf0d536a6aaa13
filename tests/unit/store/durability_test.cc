// Promise 1 under kill -9: what was acknowledged is there, whole, after the process is shot at any
// instant.

#include "store_fixture.h"

#include <csignal>
#include <set>

#include <sys/wait.h>

#include "beredd/base/metrics.h"
#include "beredd/store/writer.h"

namespace beredd::store {
namespace {

constexpr int kRounds = 5;

std::string raw_of_serial(std::uint64_t serial) {
  return std::to_string(serial) + " " + bytes_of_size(static_cast<std::size_t>(serial % 9000));
}

// Accepts mail until it is shot, each mail in another way: through the tables, or through the log.
// The serial of each mail that was acknowledged goes into the pipe.
[[noreturn]] void accept_for_ever(const LmdbOptions& options, int pipe) {
  base::SystemRandom random;
  base::Metrics metrics;
  auto store = open_lmdb(options, key_of('k'), random);
  if (!store) ::_exit(1);
  WriterLimits limits;
  limits.operations = 64;
  Writer writer(**store, limits, metrics);
  while (true) {
    const std::uint64_t serial = (*store)->next_serial();
    const std::string raw = raw_of_serial(serial);
    auto acknowledge = [serial, pipe](const base::Status& status) {
      // A full queue is no news; a pipe that broke ends the child.
      if (status && ::write(pipe, &serial, sizeof serial) != sizeof serial) ::_exit(2);
    };
    WrittenBody body = write_body(**store, raw);
    if (serial % 3 != 0) {
      writer.accept(arrival_of(std::move(body)), base::Bytes(raw.size()), acknowledge);
      continue;
    }
    auto shared = std::make_shared<WrittenBody>(std::move(body));
    writer.submit(
        [shared](WriteTxn& txn) -> base::Status {
          if (base::Status status = put_all(txn, shared->chunks); !status) return status;
          auto accepted = txn.accept(message_of(shared->ref));
          return accepted ? base::Status() : base::Status(accepted.error());
        },
        base::Bytes(raw.size()), acknowledge);
  }
}

class KillNine : public StoreTest {
 protected:
  void SetUp() override {}

  LmdbOptions options() const {
    LmdbOptions options;
    options.directory = directory_.path() / "store";
    options.map_size = base::mebibytes(512);
    return options;
  }

  // Runs a child until it has acknowledged `enough`, shoots it, and adds what it acknowledged.
  void round(std::size_t enough) {
    int pipe[2] = {};
    ASSERT_EQ(::pipe(pipe), 0);
    pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(pipe[0]);
      accept_for_ever(options(), pipe[1]);
    }
    ::close(pipe[1]);
    std::uint64_t serial = 0;
    std::size_t heard = 0;
    while (::read(pipe[0], &serial, sizeof serial) == sizeof serial) {
      EXPECT_TRUE(acknowledged_.insert(serial).second) << "mail " << serial << " came twice";
      if (++heard == enough) ::kill(child, SIGKILL);
    }
    ::close(pipe[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << status;
    EXPECT_GE(heard, enough);
  }

  void expect_all_there() {
    std::set<std::uint64_t> found;
    for (MessageId id : ask([](const ReadTxn& txn) { return txn.messages({}, 1'000'000); })) {
      auto message = ask([&](const ReadTxn& txn) { return txn.message(id); });
      ASSERT_TRUE(message.ok());
      std::string raw;
      for (std::uint32_t i = 0; i < message->body.chunks; ++i) {
        auto chunk = ask([&](const ReadTxn& txn) { return txn.chunk(message->body, i); });
        ASSERT_TRUE(chunk.ok()) << "message " << id.value() << " lost bytes";
        raw += *chunk;
      }
      ASSERT_EQ(base::sha256(raw), message->body.sha256);
      const std::uint64_t serial = std::stoull(raw);
      ASSERT_EQ(raw, raw_of_serial(serial));
      EXPECT_TRUE(found.insert(serial).second) << "mail " << serial << " is there twice";
    }
    for (std::uint64_t serial : acknowledged_) {
      EXPECT_TRUE(found.contains(serial)) << "mail " << serial << " is lost";
    }
  }

  std::set<std::uint64_t> acknowledged_;
};

TEST_F(KillNine, LosesNothingThatWasAcknowledged) {
  base::SeededRandom dice(11);
  for (int i = 0; i < kRounds; ++i) {
    round(1 + dice.below(150));
    if (HasFatalFailure()) return;
    reopen();
    expect_all_there();
    if (HasFatalFailure()) return;
    auto entries = ask([](const ReadTxn& txn) { return txn.journal({}, 1'000'000); });
    EXPECT_TRUE(entries.ok()) << "the chain broke";
    EXPECT_EQ(entries->size(), ask([](const ReadTxn& txn) { return txn.message_count(); }));
    close();
  }
}

}  // namespace
}  // namespace beredd::store

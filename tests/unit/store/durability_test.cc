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

// Accepts mail until it is shot; each committed id goes into the pipe.
[[noreturn]] void accept_for_ever(const LmdbOptions& options, int pipe) {
  base::SystemRandom random;
  base::Metrics metrics;
  auto store = open_lmdb(options, key_of('k'), random);
  if (!store) ::_exit(1);
  WriterLimits limits;
  limits.operations = 64;
  Writer writer(**store, limits, metrics);
  while (true) {
    std::string raw = raw_of_serial((*store)->next_serial());
    auto body = std::make_shared<WrittenBody>(write_body(**store, raw));
    auto id = std::make_shared<MessageId>();
    writer.submit(
        [body, id](WriteTxn& txn) -> base::Status {
          if (base::Status status = put_all(txn, body->chunks); !status) return status;
          auto accepted = txn.accept(message_of(body->ref));
          if (!accepted) return accepted.error();
          *id = *accepted;
          return {};
        },
        base::Bytes(raw.size()),
        [id, pipe](const base::Status& status) {
          std::uint64_t value = id->value();
          // A full queue is no news; a pipe that broke ends the child.
          if (status && ::write(pipe, &value, sizeof value) != sizeof value) ::_exit(2);
        });
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
    std::uint64_t id = 0;
    std::size_t heard = 0;
    while (::read(pipe[0], &id, sizeof id) == sizeof id) {
      EXPECT_TRUE(acknowledged_.insert(MessageId(id)).second) << "message " << id << " came twice";
      if (++heard == enough) ::kill(child, SIGKILL);
    }
    ::close(pipe[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << status;
    EXPECT_GE(heard, enough);
  }

  void expect_all_there() {
    for (MessageId id : acknowledged_) {
      auto message = ask([&](const ReadTxn& txn) { return txn.message(id); });
      ASSERT_TRUE(message.ok()) << "message " << id.value() << " is lost";
      std::string raw;
      for (std::uint32_t i = 0; i < message->body.chunks; ++i) {
        auto chunk = ask([&](const ReadTxn& txn) { return txn.chunk(message->body, i); });
        ASSERT_TRUE(chunk.ok()) << "message " << id.value() << " lost bytes";
        raw += *chunk;
      }
      ASSERT_EQ(base::sha256(raw), message->body.sha256);
      ASSERT_EQ(raw, raw_of_serial(std::stoull(raw)));
    }
  }

  std::set<MessageId> acknowledged_;
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

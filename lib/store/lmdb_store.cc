#include "beredd/store/lmdb_store.h"

#include "arrivals.h"
#include "lock_file.h"
#include "reserve.h"
#include "transaction.h"

#include <chrono>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "beredd/base/log.h"

namespace beredd::store {
namespace {

// How often a batch is run again without its last failure. Behind that, each operation gets a
// transaction of its own: n failures in a batch of n would cost n² runs.
constexpr int kMaxReruns = 4;
constexpr int kSerialBits = 40;
constexpr base::Bytes kScarce = base::mebibytes(1);
// How long the fate of a failed commit is looked for.
constexpr auto kDoubt = std::chrono::seconds(2);
constexpr auto kDoubtPause = std::chrono::milliseconds(20);

base::Error closed() {
  return base::transient(base::Code::io, "the store could not be opened again yet");
}

class LmdbStore final : public Store {
 public:
  LmdbStore(DirectoryLock lock, const LmdbOptions& options, const vault::Key& master,
            base::Random& random)
      : lock_(std::move(lock)),
        options_(options),
        keys_(master),
        random_(random),
        reserve_(options.directory, options.reserve) {}

  // Errors: those of open_lmdb().
  base::Status start();

  base::Status read(const std::function<base::Status(const ReadTxn&)>& query) const override;
  std::vector<base::Status> apply(std::span<const Operation> operations) override;
  std::vector<base::Status> accept(std::vector<Arrival> arrivals) override;
  base::Status settle() override;
  double unsettled() const override { return arrivals_->fullness(); }
  std::size_t unsettled_messages() const override { return arrivals_->waiting(); }
  BodyWriter new_body() override;
  std::string_view instance() const override { return instance_; }
  std::uint64_t next_serial() override { return ++serial_; }
  base::Bytes room() const override;

 private:
  using Statuses = std::span<base::Status>;
  base::Result<lmdb::Env> open_env(bool read_only = false) const {
    return lmdb::Env::open(
        {options_.directory, options_.map_size, options_.sync, kTables, read_only});
  }
  base::Status first_transaction();
  // Takes over what a former process left in the logs.
  base::Status open_arrivals();
  base::Status sweep();
  // Takes what is in the logs into the tables. False: one of it could not be taken, and is set
  // aside.
  bool take_arrivals(Transaction& transaction, const Tables& tables);
  // Runs what has not failed yet. Returns true when the transaction ended, one way or the other,
  // and false when it has to be run again: an operation that had an effect failed, or there is more
  // room now.
  bool attempt(std::span<const Operation> operations, Statuses statuses);
  base::Result<lmdb::Txn> begin();
  base::Status commit(lmdb::Txn& txn, Change& change);
  // After a failure that LMDB does not survive. Bodies that are open stay open: their sessions
  // live. On failure the store is open for reading, where even that is possible.
  base::Status reopen();
  base::Status take_over(base::Result<lmdb::Env> env);
  std::shared_lock<std::shared_mutex> share() const;
  base::Status read_state();
  // Whether transaction `id`, whose commit failed for good, is on disk all the same.
  bool came_through(std::uint64_t id);
  bool prove();

  DirectoryLock lock_;
  const LmdbOptions options_;
  Keyring keys_;
  base::Random& random_;
  Reserve reserve_;
  // Only the writer's thread opens and closes; it holds the lock then. Readers share it, and pass
  // the gate before, so that they cannot keep the writer out.
  mutable std::mutex gate_;
  mutable std::shared_mutex opening_;
  std::atomic<std::uint64_t> openings_{0};
  std::optional<lmdb::Env> env_;
  Handles handles_;
  std::string instance_;
  Counters counters_;  // as committed; the writer's thread only
  std::unique_ptr<Arrivals> arrivals_;
  std::atomic<std::uint64_t> serial_{0};
  std::atomic<std::uint64_t> body_{0};
};

base::Status LmdbStore::start() {
  base::Result<lmdb::Env> env = open_env();
  if (!env && env.error().code == base::Code::store_full && reserve_.release()) env = open_env();
  if (!env) return env.error();
  env_ = *std::move(env);
  base::Status status = first_transaction();
  if (!status && status.error().code == base::Code::store_full && reserve_.release()) {
    status = first_transaction();
  }
  if (!status) return status;
  if (base::Status opened = open_arrivals(); !opened) return opened;
  return sweep();
}

base::Status LmdbStore::first_transaction() {
  base::Result<lmdb::Txn> txn = lmdb::Txn::begin_write(*env_);
  if (!txn) return txn.error();
  base::Result<Handles> handles = open_handles(*txn);
  if (!handles) return handles.error();
  handles_ = *handles;
  Tables tables(*txn, handles_, keys_, random_);
  base::Result<Identity> identity = open_meta(tables, random_);
  if (!identity) return identity.error();
  base::Result<Counters> counters = read_counters(tables);
  if (!counters) return counters.error();
  Change change{tables, *counters};
  counters_ = *counters;
  if (base::Status status = commit(*txn, change); !status) return status;
  instance_ = identity->instance;
  serial_ = body_ = identity->opens << kSerialBits;
  return {};
}

base::Status LmdbStore::open_arrivals() {
  const ArrivalsOptions options{options_.directory, options_.intake_log, options_.sync};
  auto arrivals = Arrivals::open(options, keys_.master(), instance_, counters_.last_arrival);
  if (!arrivals) return arrivals.error();
  arrivals_ = *std::move(arrivals);
  const std::size_t found = arrivals_->next().size();
  if (found > 0) base::log_info("taking over from the intake log count={}", found);
  return settle();
}

// Behind open_arrivals(): mail in the logs may own chunks that were written ahead.
base::Status LmdbStore::sweep() {
  base::Result<lmdb::Txn> txn = begin();
  if (!txn) return txn.error();
  Tables tables(*txn, handles_, keys_, random_);
  Change change{tables, counters_};
  const std::size_t swept = sweep_open_bodies(change);
  if (base::Status status = tables.status(); !status || swept == 0) return status;
  base::log_info("swept bodies without a message count={}", swept);
  return commit(*txn, change);
}

base::Status LmdbStore::reopen() {
  base::Status status;
  {
    const std::lock_guard gate(gate_);
    const std::unique_lock lock(opening_);
    env_.reset();  // before it is opened again: never twice in a process
    status = take_over(open_env());
    if (!status) static_cast<void>(take_over(open_env(true)).ok());
  }
  ++openings_;
  openings_.notify_all();
  if (status) {
    base::log_warning("the store was opened again after a failed commit");
  } else {
    base::log_error("the store cannot be written yet, {}: {}",
                    env_ ? "what is in it can be read" : "nor read",
                    base::to_string(status.error()));
  }
  return status;
}

base::Status LmdbStore::take_over(base::Result<lmdb::Env> env) {
  if (!env) return env.error();
  env_ = *std::move(env);
  base::Status status = read_state();
  if (!status) env_.reset();
  return status;
}

std::shared_lock<std::shared_mutex> LmdbStore::share() const {
  const std::lock_guard gate(gate_);
  return std::shared_lock(opening_);
}

base::Status LmdbStore::read_state() {
  base::Result<lmdb::Txn> txn = lmdb::Txn::begin_read(*env_);
  if (!txn) return txn.error();
  base::Result<Handles> handles = open_handles(*txn);
  if (!handles) return handles.error();
  base::Result<Counters> counters = Counters{};
  {
    Tables tables(*txn, *handles, keys_, random_);
    counters = read_counters(tables);
  }
  if (!counters) return counters.error();
  // Handles that a transaction opened outlive it only when it is committed.
  if (base::Status status = txn->commit(); !status) return status;
  handles_ = *handles;
  counters_ = *counters;
  return {};
}

base::Status LmdbStore::read(const std::function<base::Status(const ReadTxn&)>& query) const {
  std::shared_lock lock = share();
  if (!env_) return closed();
  const std::uint64_t before = openings_;
  base::Result<lmdb::Txn> txn = lmdb::Txn::begin_read(*env_);
  if (!txn && !env_->usable()) {
    lock.unlock();
    openings_.wait(before);  // the writer is about to
    return read(query);
  }
  if (!txn) return txn.error();
  Tables tables(*txn, handles_, keys_, random_);
  base::Status status = query(Snapshot(tables));
  // A list that was cut short by a failure must not pass for a whole one.
  if (status && tables.fault().any()) return tables.status();
  return status;
}

std::vector<base::Status> LmdbStore::apply(std::span<const Operation> operations) {
  std::vector<base::Status> statuses(operations.size());
  if (reserve_.released()) reserve_.restore();
  for (int runs = 0; runs <= kMaxReruns; ++runs) {
    if (attempt(operations, statuses)) return statuses;
  }
  for (std::size_t i = 0; i < operations.size(); ++i) {
    Statuses own(&statuses[i], 1);
    // The second run finds the only operation failed and ends.
    while (!attempt(operations.subspan(i, 1), own)) continue;
  }
  return statuses;
}

bool LmdbStore::attempt(std::span<const Operation> operations, Statuses statuses) {
  auto fail_all = [&](const base::Error& error) {
    for (base::Status& status : statuses) {
      if (status) status = error;
    }
    return true;
  };
  base::Result<lmdb::Txn> txn = begin();
  if (!txn) return fail_all(txn.error());
  Tables tables(*txn, handles_, keys_, random_);
  Change change{tables, counters_};
  Transaction transaction(change);
  // What was answered 250 has a right to the reserve; only new mail has none.
  if (!take_arrivals(transaction, tables)) return false;
  if (tables.fault().any()) return fail_all(tables.status().error());
  change.counters.last_arrival = arrivals_->last_number();
  change.scarce = reserve_.released();
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (!statuses[i]) continue;
    std::uint64_t changes = tables.changes();
    statuses[i] = operations[i](transaction);
    if (tables.fault().any()) statuses[i] = tables.status();
    if (statuses[i]) continue;
    if (tables.changes() != changes || tables.fault().any()) return false;
  }
  if (tables.changes() == 0) return true;
  const std::uint64_t id = txn->id();
  base::Status status = commit(*txn, change);
  if (status) {
    counters_ = change.counters;
    arrivals_->settled();
    return true;
  }
  txn->abort();  // when it was not even tried
  if (!env_->usable() && came_through(id)) {
    arrivals_->settled();
    return true;
  }
  if (status.error().code == base::Code::store_full && reserve_.release()) return false;
  return fail_all(status.error());
}

std::vector<base::Status> LmdbStore::accept(std::vector<Arrival> arrivals) {
  const std::size_t count = arrivals.size();
  if (reserve_.released()) reserve_.restore();
  if (reserve_.released()) return std::vector<base::Status>(count, too_scarce());
  return std::vector<base::Status>(count, arrivals_->append(std::move(arrivals), random_));
}

base::Status LmdbStore::settle() {
  if (arrivals_->next().empty()) return {};
  const Operation nothing = [](WriteTxn&) { return base::Status(); };
  return apply(std::span(&nothing, 1)).front();
}

bool LmdbStore::take_arrivals(Transaction& transaction, const Tables& tables) {
  // A commit that was given up had reached the disk all the same: they must not come twice.
  if (counters_.last_arrival >= arrivals_->last_number()) arrivals_->settled();
  const std::span<const Arrival> arrivals = arrivals_->next();
  for (std::size_t i = 0; i < arrivals.size(); ++i) {
    const base::Status taken = taking(arrivals[i])(transaction);
    if (taken || tables.fault().any()) continue;
    arrivals_->set_aside(i, taken.error());
    return false;
  }
  return true;
}

base::Result<lmdb::Txn> LmdbStore::begin() {
  if (env_ && env_->writable()) {
    base::Result<lmdb::Txn> txn = lmdb::Txn::begin_write(*env_);
    if (txn || env_->usable()) return txn;
  }
  if (base::Status opened = reopen(); !opened) return opened.error();
  return lmdb::Txn::begin_write(*env_);
}

bool LmdbStore::came_through(std::uint64_t id) {
  // What is answered now is final: a mail that is put off and is here all the same comes twice. So
  // the disk gets a while to say which it is.
  const auto enough = std::chrono::steady_clock::now() + kDoubt;
  bool proven = false;
  for (;;) {
    const bool opened = reopen().ok();
    if (opened && env_->last_committed() < id) return false;
    proven = opened && prove();
    if (proven || std::chrono::steady_clock::now() >= enough) break;
    std::this_thread::sleep_for(kDoubtPause);
  }
  // Readers wait for a store that is usable or closed: it is never left in between.
  if (env_ && !env_->usable()) static_cast<void>(reopen().ok());
  return proven;
}

// What is visible is in the page cache at least; a transaction on top of it that reaches the disk
// proves it.
bool LmdbStore::prove() {
  base::Result<lmdb::Txn> txn = lmdb::Txn::begin_write(*env_);
  if (!txn) return false;
  Tables tables(*txn, handles_, keys_, random_);
  put_counters(tables, counters_);
  return tables.status().ok() && txn->commit().ok();
}

base::Status LmdbStore::commit(lmdb::Txn& txn, Change& change) {
  record_open_bodies(change);
  if (change.counters != counters_) put_counters(change.tables, change.counters);
  if (base::Status status = change.tables.status(); !status) return status;
  base::Status status = txn.commit();
  // LMDB reports the short write that fills a disk as EIO; ENOSPC comes only with the next one.
  if (!status && status.error().code == base::Code::io && free_disk(options_.directory) < kScarce) {
    return base::transient(base::Code::store_full, status.error().detail);
  }
  return status;
}

BodyWriter LmdbStore::new_body() {
  std::array<std::byte, 16> salt{};
  random_.fill(salt);
  return {base::BodyId(++body_), salt, keys_.of_body(salt)};
}

base::Bytes LmdbStore::room() const {
  const std::shared_lock lock = share();
  if (!env_ || !env_->writable()) return {};
  const base::Bytes disk = free_disk(options_.directory);
  const base::Bytes kept = reserve_.released() ? reserve_.size() : base::Bytes(0);
  if (disk < kept) return {};
  return std::min(base::Bytes(disk.count() - kept.count()), env_->map_left());
}

}  // namespace

base::Result<std::unique_ptr<Store>> open_lmdb(const LmdbOptions& options, const vault::Key& master,
                                               base::Random& random) {
  base::Result<DirectoryLock> lock = DirectoryLock::take(options.directory);
  if (!lock) return lock.error();
  auto store = std::make_unique<LmdbStore>(*std::move(lock), options, master, random);
  if (base::Status status = store->start(); !status) return status.error();
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace beredd::store

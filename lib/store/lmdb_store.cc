#include "beredd/store/lmdb_store.h"

#include "arrivals.h"
#include "lock_file.h"
#include "transaction.h"

#include <sys/statvfs.h>

#include "beredd/base/log.h"

namespace beredd::store {
namespace {

// How often a batch is run again without its last failure. Behind that, each operation gets a
// transaction of its own: n failures in a batch of n would cost n² runs.
constexpr int kMaxReruns = 4;
constexpr int kSerialBits = 40;
constexpr base::Bytes kScarce = base::mebibytes(1);

class LmdbStore final : public Store {
 public:
  LmdbStore(DirectoryLock lock, lmdb::Env env, const LmdbOptions& options, const vault::Key& master,
            base::Random& random)
      : lock_(std::move(lock)),
        env_(std::move(env)),
        options_(options),
        keys_(master),
        random_(random) {}

  // Errors: those of open_lmdb().
  base::Status start();

  base::Status read(const std::function<base::Status(const ReadTxn&)>& query) const override;
  std::vector<base::Status> apply(std::span<const Operation> operations) override;
  std::vector<base::Status> accept(std::vector<Arrival> arrivals) override;
  base::Status settle() override;
  double unsettled() const override { return arrivals_->fullness(); }
  BodyWriter new_body() override;
  std::string_view instance() const override { return instance_; }
  std::uint64_t next_serial() override { return ++serial_; }
  base::Bytes room() const override;

 private:
  using Statuses = std::span<base::Status>;
  // Runs what has not failed yet. Returns true when the transaction ended, one way or the other,
  // and false when it has to be run again because an operation that had an effect failed.
  bool attempt(std::span<const Operation> operations, Statuses statuses);
  base::Status commit(lmdb::Txn& txn, Change& change);
  // Takes over what a former process left in the logs.
  base::Status open_arrivals();
  base::Status sweep();
  // Takes what is in the logs into the tables. False: one of it could not be taken, and is set
  // aside.
  bool take_arrivals(Transaction& transaction, const Tables& tables);

  DirectoryLock lock_;
  lmdb::Env env_;
  LmdbOptions options_;
  Keyring keys_;
  base::Random& random_;
  Handles handles_;
  std::string instance_;
  Counters counters_;  // as committed; the writer's thread only
  std::unique_ptr<Arrivals> arrivals_;
  std::atomic<std::uint64_t> serial_{0};
  std::atomic<std::uint64_t> body_{0};
};

base::Status LmdbStore::start() {
  base::Result<lmdb::Txn> txn = lmdb::Txn::begin_write(env_);
  if (!txn) return txn.error();
  base::Result<Handles> handles = open_handles(*txn);
  if (!handles) return handles.error();
  handles_ = *handles;
  Tables tables(*txn, handles_, keys_, random_);
  base::Result<Identity> identity = open_meta(tables, random_);
  if (!identity) return identity.error();
  base::Result<Counters> counters = read_counters(tables);
  if (!counters) return counters.error();
  if (base::Status status = tables.status(); !status) return status;
  if (base::Status status = txn->commit(); !status) return status;
  counters_ = *counters;
  instance_ = identity->instance;
  serial_ = body_ = identity->opens << kSerialBits;
  if (base::Status opened = open_arrivals(); !opened) return opened;
  return sweep();
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

// Before the sweep: mail in the log may own chunks that were written ahead.
base::Status LmdbStore::sweep() {
  base::Result<lmdb::Txn> txn = lmdb::Txn::begin_write(env_);
  if (!txn) return txn.error();
  Tables tables(*txn, handles_, keys_, random_);
  Change change{tables, counters_};
  const std::size_t swept = sweep_open_bodies(change);
  if (base::Status status = tables.status(); !status || swept == 0) return status;
  base::log_info("swept bodies without a message count={}", swept);
  return txn->commit();
}

base::Status LmdbStore::read(const std::function<base::Status(const ReadTxn&)>& query) const {
  base::Result<lmdb::Txn> txn = lmdb::Txn::begin_read(env_);
  if (!txn) return txn.error();
  Tables tables(*txn, handles_, keys_, random_);
  base::Status status = query(Snapshot(tables));
  // A list that was cut short by a failure must not pass for a whole one.
  if (status && tables.fault().any()) return tables.status();
  return status;
}

std::vector<base::Status> LmdbStore::apply(std::span<const Operation> operations) {
  std::vector<base::Status> statuses(operations.size());
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
  base::Result<lmdb::Txn> txn = lmdb::Txn::begin_write(env_);
  if (!txn) return fail_all(txn.error());
  Tables tables(*txn, handles_, keys_, random_);
  Change change{tables, counters_};
  Transaction transaction(change);
  if (!take_arrivals(transaction, tables)) return false;
  if (tables.fault().any()) return fail_all(tables.status().error());
  change.counters.last_arrival = arrivals_->last_number();
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (!statuses[i]) continue;
    std::uint64_t changes = tables.changes();
    statuses[i] = operations[i](transaction);
    if (tables.fault().any()) statuses[i] = tables.status();
    if (statuses[i]) continue;
    if (tables.changes() != changes || tables.fault().any()) return false;
  }
  if (tables.changes() == 0) return true;
  if (base::Status status = commit(*txn, change); !status) return fail_all(status.error());
  counters_ = change.counters;
  arrivals_->settled();
  return true;
}

std::vector<base::Status> LmdbStore::accept(std::vector<Arrival> arrivals) {
  const std::size_t count = arrivals.size();
  return std::vector<base::Status>(count, arrivals_->append(std::move(arrivals), random_));
}

base::Status LmdbStore::settle() {
  if (arrivals_->next().empty()) return {};
  const Operation nothing = [](WriteTxn&) { return base::Status(); };
  return apply(std::span(&nothing, 1)).front();
}

bool LmdbStore::take_arrivals(Transaction& transaction, const Tables& tables) {
  const std::span<const Arrival> arrivals = arrivals_->next();
  for (std::size_t i = 0; i < arrivals.size(); ++i) {
    const base::Status taken = taking(arrivals[i])(transaction);
    if (taken || tables.fault().any()) continue;
    arrivals_->set_aside(i, taken.error());
    return false;
  }
  return true;
}

base::Status LmdbStore::commit(lmdb::Txn& txn, Change& change) {
  record_open_bodies(change);
  if (change.counters != counters_) put_counters(change.tables, change.counters);
  if (base::Status status = change.tables.status(); !status) return status;
  base::Status status = txn.commit();
  // LMDB reports the short write that fills a disk as EIO; ENOSPC comes only with the next one.
  if (!status && status.error().code == base::Code::io && room() < kScarce) {
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
  struct statvfs disk {};
  if (::statvfs(options_.directory.c_str(), &disk) != 0) return {};
  return std::min(base::Bytes(std::uint64_t{disk.f_bavail} * disk.f_frsize), env_.map_left());
}

}  // namespace

base::Result<std::unique_ptr<Store>> open_lmdb(const LmdbOptions& options, const vault::Key& master,
                                               base::Random& random) {
  base::Result<DirectoryLock> lock = DirectoryLock::take(options.directory);
  if (!lock) return lock.error();
  base::Result<lmdb::Env> env =
      lmdb::Env::open({options.directory, options.map_size, options.sync, kTables});
  if (!env) return env.error();
  auto store =
      std::make_unique<LmdbStore>(*std::move(lock), *std::move(env), options, master, random);
  if (base::Status status = store->start(); !status) return status.error();
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace beredd::store

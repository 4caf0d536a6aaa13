#pragma once
// LMDB in RAII: environment, transaction, cursor. No MDB_ name is used outside this pair of files
// and tables.cc.
//
// 1. MDB_NOTLS: a read transaction belongs to its object, not to a thread.
// 2. No MDB_WRITEMAP: on a full disk it is a SIGBUS. No MDB_NOMEMINIT: it would write stale memory,
//    which may hold plaintext, to disk.
// 3. The map is set once, at open, and never grows: a reader of the old map would get a SIGBUS.
// 4. The lock file has its blocks before it is mapped: a page of it that had none would be a SIGBUS
//    on a full disk.
// 5. A transaction's pages are on disk before the page that names it: what was not committed is
//    never believed, whatever became of its pages. When writing that last page fails, LMDB refuses
//    every later transaction (usable() is false): close and open again.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

#include <lmdb.h>

#include "beredd/base/result.h"
#include "beredd/base/units.h"

namespace beredd::store::lmdb {

// MDB_MAP_FULL, ENOSPC: transient/store_full. Damage: permanent/corrupt. What the operating system
// does to us, a disk that turned read-only too: transient/io. Misuse: bug.
base::Error error_of(int code, std::string_view doing);
base::Status status_of(int code, std::string_view doing);

// The first failure of a transaction. It stays until the transaction ends, so that a query that can
// only return a list cannot lose it.
class Fault {
 public:
  void record(int code, std::string_view doing);
  void record(base::Error error);
  bool any() const { return first_.has_value(); }
  base::Status status() const;

 private:
  std::optional<base::Error> first_;
};

struct EnvOptions {
  std::filesystem::path directory;
  base::Bytes map_size;
  bool sync = true;
  unsigned tables = 0;
  // Reads what is there and makes nothing: for a disk that cannot be written.
  bool read_only = false;
};

// Any thread. REQUIRES: outlives its transactions; the directory is open once in this process.
class Env {
 public:
  // Makes the files with mode 0600 when they are not there. Clears the reader slots of dead
  // processes.
  static base::Result<Env> open(const EnvOptions& options);

  MDB_env* raw() const { return env_.get(); }
  // The part of the map that was never used.
  base::Bytes map_left() const;
  // The id of the last transaction that was committed.
  std::uint64_t last_committed() const;
  // Whether transactions can begin; once false, it stays so until it is opened again.
  bool usable() const;
  bool writable() const { return writable_; }

 private:
  struct Close {
    void operator()(MDB_env* env) const { mdb_env_close(env); }
  };
  std::unique_ptr<MDB_env, Close> env_;
  bool writable_ = true;
};

// Aborted when dropped without commit().
class Txn {
 public:
  static base::Result<Txn> begin_read(const Env& env);
  static base::Result<Txn> begin_write(const Env& env);

  MDB_txn* raw() const { return txn_.get(); }
  std::uint64_t id() const { return mdb_txn_id(txn_.get()); }
  base::Status commit();
  void abort() { txn_.reset(); }

 private:
  explicit Txn(MDB_txn* txn) : txn_(txn) {}
  static base::Result<Txn> begin(const Env& env, unsigned flags);

  struct Abort {
    void operator()(MDB_txn* txn) const { mdb_txn_abort(txn); }
  };
  std::unique_ptr<MDB_txn, Abort> txn_;
};

// A position in one table. Every move says whether there is a row; failures go to the fault of the
// transaction. Key and value are valid until the next move or write. REQUIRES: ends before the
// transaction does.
class Cursor {
 public:
  Cursor(MDB_txn* txn, MDB_dbi table, Fault& fault);

  bool first() { return move(MDB_FIRST); }
  bool last() { return move(MDB_LAST); }
  bool next() { return move(MDB_NEXT); }
  bool previous() { return move(MDB_PREV); }
  bool seek(std::string_view key);          // the first row ≥ key
  bool seek_below(std::string_view bound);  // the last row < bound; empty: of all
  void erase();                             // the row here; next() then gives the one behind it

  std::string_view key() const { return key_; }
  std::string_view value() const { return value_; }

 private:
  bool move(MDB_cursor_op op);

  struct Close {
    void operator()(MDB_cursor* cursor) const { mdb_cursor_close(cursor); }
  };
  std::unique_ptr<MDB_cursor, Close> cursor_;
  Fault* fault_;
  std::string_view key_, value_;
};

}  // namespace beredd::store::lmdb

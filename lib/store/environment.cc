#include "environment.h"

#include <cerrno>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace beredd::store::lmdb {
namespace {

constexpr unsigned kReaders = 512;
// More than the header and a cache line for each reader need; LMDB makes do with the size it finds.
constexpr off_t kLockFileSize = off_t{64} * 1024;

MDB_val val_of(std::string_view bytes) {
  // LMDB's interface is not const-correct; it does not write through these.
  return MDB_val{bytes.size(), const_cast<char*>(bytes.data())};  // NOLINT
}

std::string_view view_of(const MDB_val& value) {
  return {static_cast<const char*>(value.mv_data), value.mv_size};
}

// REQUIRES: the environment is not open in this process, whose locks on the file would end here.
base::Status give_lock_file_blocks(const std::filesystem::path& directory) {
  const std::filesystem::path path = directory / "lock.mdb";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return error_of(errno, "opening " + path.string());
  const int code = ::posix_fallocate(fd, 0, kLockFileSize);
  ::close(fd);
  // Where blocks cannot be had in advance, a full disk is the only one to fear.
  return code == EOPNOTSUPP || code == EINVAL
             ? base::Status()
             : status_of(code, "giving blocks to " + path.string());
}

}  // namespace

base::Error error_of(int code, std::string_view doing) {
  std::string detail = std::string(doing) + ": " + mdb_strerror(code);
  switch (code) {
    case MDB_MAP_FULL:
    case MDB_TXN_FULL:
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return base::transient(base::Code::store_full, std::move(detail));
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
    case MDB_INCOMPATIBLE: return base::permanent(base::Code::corrupt, std::move(detail));
    case MDB_VERSION_MISMATCH: return base::permanent(base::Code::version, std::move(detail));
    case EACCES:
    case EPERM: return base::permanent(base::Code::refused, std::move(detail));
    case MDB_BAD_DBI:
    case MDB_BAD_RSLOT:
    case MDB_BAD_TXN:
    case MDB_BAD_VALSIZE:
    case MDB_KEYEXIST:
    case MDB_NOTFOUND:
    case EINVAL: return base::bug(std::move(detail));
    default: return base::transient(base::Code::io, std::move(detail));
  }
}

base::Status status_of(int code, std::string_view doing) {
  if (code == MDB_SUCCESS) return {};
  return error_of(code, doing);
}

void Fault::record(int code, std::string_view doing) { record(error_of(code, doing)); }

void Fault::record(base::Error error) {
  if (!first_) first_ = std::move(error);
}

base::Status Fault::status() const {
  if (first_) return *first_;
  return {};
}

base::Result<Env> Env::open(const EnvOptions& options) {
  if (!options.read_only) {
    if (base::Status given = give_lock_file_blocks(options.directory); !given) return given.error();
  }
  Env env;
  env.writable_ = !options.read_only;
  MDB_env* raw = nullptr;
  if (int code = mdb_env_create(&raw); code != 0) return error_of(code, "making an environment");
  env.env_.reset(raw);
  unsigned flags = MDB_NOTLS;
  if (!options.sync) flags |= MDB_NOSYNC;
  if (options.read_only) flags |= MDB_RDONLY;
  int code = mdb_env_set_mapsize(raw, options.map_size.count());
  if (code == 0) code = mdb_env_set_maxdbs(raw, options.tables);
  if (code == 0) code = mdb_env_set_maxreaders(raw, kReaders);
  if (code == 0) code = mdb_env_open(raw, options.directory.c_str(), flags, 0600);
  int dead = 0;
  if (code == 0 && !options.read_only) code = mdb_reader_check(raw, &dead);
  if (code != 0) return error_of(code, "opening " + options.directory.string());
  return env;
}

base::Bytes Env::map_left() const {
  MDB_envinfo info{};
  MDB_stat stat{};
  if (mdb_env_info(env_.get(), &info) != 0 || mdb_env_stat(env_.get(), &stat) != 0) return {};
  std::uint64_t used = (std::uint64_t{info.me_last_pgno} + 1) * stat.ms_psize;
  return base::Bytes(used < info.me_mapsize ? info.me_mapsize - used : 0);
}

std::uint64_t Env::last_committed() const {
  MDB_envinfo info{};
  return mdb_env_info(env_.get(), &info) == 0 ? info.me_last_txnid : 0;
}

bool Env::usable() const {
  MDB_txn* raw = nullptr;
  const int code = mdb_txn_begin(env_.get(), nullptr, MDB_RDONLY, &raw);
  if (code == 0) mdb_txn_abort(raw);
  return code != MDB_PANIC;
}

base::Result<Txn> Txn::begin(const Env& env, unsigned flags) {
  MDB_txn* raw = nullptr;
  if (int code = mdb_txn_begin(env.raw(), nullptr, flags, &raw); code != 0) {
    return error_of(code, "beginning a transaction");
  }
  return Txn(raw);
}

base::Result<Txn> Txn::begin_read(const Env& env) { return begin(env, MDB_RDONLY); }
base::Result<Txn> Txn::begin_write(const Env& env) { return begin(env, 0); }

base::Status Txn::commit() { return status_of(mdb_txn_commit(txn_.release()), "committing"); }

Cursor::Cursor(MDB_txn* txn, MDB_dbi table, Fault& fault) : fault_(&fault) {
  MDB_cursor* raw = nullptr;
  if (int code = mdb_cursor_open(txn, table, &raw); code != 0)
    fault.record(code, "opening a cursor");
  cursor_.reset(raw);
}

bool Cursor::move(MDB_cursor_op op) {
  if (!cursor_) return false;
  MDB_val key = val_of(key_);
  MDB_val value{};
  int code = mdb_cursor_get(cursor_.get(), &key, &value, op);
  key_ = {};
  value_ = {};
  if (code == MDB_SUCCESS) {
    key_ = view_of(key);
    value_ = view_of(value);
    return true;
  }
  if (code != MDB_NOTFOUND) fault_->record(code, "reading a table");
  return false;
}

bool Cursor::seek(std::string_view key) {
  key_ = key;
  return move(MDB_SET_RANGE);
}

bool Cursor::seek_below(std::string_view bound) {
  return !bound.empty() && seek(bound) ? previous() : last();
}

void Cursor::erase() {
  if (!cursor_) return;
  if (int code = mdb_cursor_del(cursor_.get(), 0); code != 0) fault_->record(code, "erasing a row");
}

}  // namespace beredd::store::lmdb

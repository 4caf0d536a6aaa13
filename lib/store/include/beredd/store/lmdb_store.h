#pragma once
// The LMDB implementation of Store. See docs/store-format.md for every table, byte by byte.

#include <filesystem>
#include <memory>

#include "beredd/base/random.h"
#include "beredd/base/result.h"
#include "beredd/store/store.h"
#include "beredd/vault/key.h"

namespace beredd::store {

struct LmdbOptions {
  std::filesystem::path directory;               // holds data.mdb and lock.mdb
  base::Bytes map_size{std::uint64_t{1} << 40};  // address space, not disk
  base::Bytes intake_log = base::mebibytes(8);   // on disk, in full, from the start
  bool sync = true;                              // false only in tests: no fdatasync
  base::Bytes reserve{0};  // disk kept for what must be written when it is full; 0: none
};

// Opens or makes a store, upgrades an older one in one transaction, takes over what the intake log
// holds, sweeps chunks without a message. One process at a time. `random` outlives the store, the
// key is copied. Errors: permanent/refused (another process has it), permanent/version,
// permanent/corrupt (not our master key), transient/io, transient/store_full.
base::Result<std::unique_ptr<Store>> open_lmdb(const LmdbOptions& options, const vault::Key& master,
                                               base::Random& random);

}  // namespace beredd::store

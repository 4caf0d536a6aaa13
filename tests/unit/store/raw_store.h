#pragma once
// The store's tables from outside, as someone with the disk sees and changes them.

#include "store_fixture.h"
#include "tables.h"

#include <lmdb.h>

namespace beredd::store {

// REQUIRES: no Store has the directory open.
class RawStore {
 public:
  explicit RawStore(const std::filesystem::path& directory) {
    check(mdb_env_create(&env_));
    check(mdb_env_set_maxdbs(env_, kTables));
    check(mdb_env_set_mapsize(env_, std::size_t{1} << 30));
    check(mdb_env_open(env_, directory.c_str(), MDB_NOSYNC, 0600));
  }
  ~RawStore() { mdb_env_close(env_); }
  RawStore(const RawStore&) = delete;
  RawStore& operator=(const RawStore&) = delete;

  std::string get(const char* table, std::string_view key) {
    std::string out;
    change(table, [&](MDB_txn* txn, MDB_dbi dbi) {
      MDB_val k = val(key), v{};
      check(mdb_get(txn, dbi, &k, &v));
      out.assign(static_cast<const char*>(v.mv_data), v.mv_size);
    });
    return out;
  }
  void put(const char* table, std::string_view key, std::string_view value) {
    change(table, [&](MDB_txn* txn, MDB_dbi dbi) {
      MDB_val k = val(key), v = val(value);
      check(mdb_put(txn, dbi, &k, &v, 0));
    });
  }
  void erase(const char* table, std::string_view key) {
    change(table, [&](MDB_txn* txn, MDB_dbi dbi) {
      MDB_val k = val(key);
      check(mdb_del(txn, dbi, &k, nullptr));
    });
  }
  // Turns one bit in the middle of a value.
  void flip(const char* table, std::string_view key) {
    std::string value = get(table, key);
    value[value.size() / 2] ^= 1;
    put(table, key, value);
  }
  // Every row of every table: name, key, value.
  std::vector<std::array<std::string, 3>> rows() {
    std::vector<std::array<std::string, 3>> out;
    for (std::size_t i = 0; i < kTables; ++i) {
      std::string table(name(static_cast<Table>(i)));
      change(table.c_str(), [&](MDB_txn* txn, MDB_dbi dbi) {
        MDB_cursor* cursor = nullptr;
        check(mdb_cursor_open(txn, dbi, &cursor));
        MDB_val k{}, v{};
        while (mdb_cursor_get(cursor, &k, &v, MDB_NEXT) == 0) {
          out.push_back({table, std::string(static_cast<const char*>(k.mv_data), k.mv_size),
                         std::string(static_cast<const char*>(v.mv_data), v.mv_size)});
        }
        mdb_cursor_close(cursor);
      });
    }
    return out;
  }

 private:
  static MDB_val val(std::string_view bytes) {
    return {bytes.size(), const_cast<char*>(bytes.data())};
  }
  static void check(int code) { ASSERT_EQ(code, 0) << mdb_strerror(code); }
  template <typename Action>
  void change(const char* table, const Action& action) {
    MDB_txn* txn = nullptr;
    MDB_dbi dbi{};
    check(mdb_txn_begin(env_, nullptr, 0, &txn));
    check(mdb_dbi_open(txn, table, 0, &dbi));
    action(txn, dbi);
    check(mdb_txn_commit(txn));
  }

  MDB_env* env_ = nullptr;
};

}  // namespace beredd::store

#pragma once
// The tables of the store, as one transaction sees them: rows by key, plain or sealed.
//
// 1. The transaction remembers its first failure (fault()); every later step may run in vain, none
// can
//    hide it: who runs the transaction asks before it commits or answers.
// 2. A sealed value opens only under the table and the key where it was put.
// 3. What get() and cursor() show is valid until the next put or erase.

#include "environment.h"
#include "key_bytes.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/ids.h"
#include "beredd/base/random.h"
#include "beredd/base/result.h"
#include "beredd/vault/key.h"
#include "beredd/vault/seal.h"

namespace beredd::store {

enum class Table : std::uint8_t {
  meta,
  bodies,
  open_bodies,
  body_shares,
  messages,
  sorted,
  unsorted,
  tickets,
  ticket_messages,
  tickets_by_update,
  thread_seen,
  thread_awaited,
  message_ids,
  deliveries,
  delivery_states,
  lanes,
  lane_due,
  counts,
  standings,
  switches,
  transitions,
  journal,
  abilities,
  merged_tickets,
  thread_parties,
  ticket_history,
  reopenings,
  bulk_actions,
  absences,
  leases,
  staffing,
  triage,
  deadlines,
  deadline_wakes,
  deadline_dues,
  service_events,
  bookmarks,
  notices,
  notice_times,
};
inline constexpr std::size_t kTables = static_cast<std::size_t>(Table::notice_times) + 1;
std::string_view name(Table table);

// Every key that the store needs, derived once from the master key.
class Keyring {
 public:
  explicit Keyring(const vault::Key& master);

  const vault::Key& of(Table table) const { return tables_[static_cast<std::size_t>(table)]; }
  const vault::Key& master() const { return master_; }
  vault::Key of_body(const std::array<std::byte, 16>& salt) const;
  // The first 8 bytes of the blind of `name`, for keys: a desk or a target.
  std::string short_blind(std::string_view kind, std::string_view name) const;
  // All 16 of (desk, Message-ID).
  std::string message_id_blind(std::string_view desk, std::string_view message_id) const;
  // All 16 of (desk, subject, party).
  std::string party_blind(std::string_view desk, std::string_view subject,
                          std::string_view party) const;
  // All 16 of whom a notice went to.
  std::string told_blind(std::string_view sender) const;
  // All 16 of what proves that a ticket's number came from us.
  vault::Blind ticket_proof(base::TicketId id) const;

 private:
  vault::Key master_;
  vault::Key index_;
  vault::Key proof_;
  std::vector<vault::Key> tables_;
};

// Handles, valid as long as the environment is open.
struct Handles {
  std::array<MDB_dbi, kTables> dbi{};
  MDB_dbi of(Table table) const { return dbi[static_cast<std::size_t>(table)]; }
};
// Makes the tables that are not there. REQUIRES: a write transaction, the first of the environment.
base::Result<Handles> open_handles(const lmdb::Txn& txn);

// One thread; lives inside its transaction.
class Tables {
 public:
  Tables(const lmdb::Txn& txn, const Handles& handles, const Keyring& keys, base::Random& random)
      : txn_(txn.raw()), handles_(handles), keys_(keys), random_(random) {}
  Tables(const Tables&) = delete;
  Tables& operator=(const Tables&) = delete;

  std::optional<std::string_view> get(Table table, std::string_view key) const;
  bool has(Table table, std::string_view key) const { return get(table, key).has_value(); }
  lmdb::Cursor cursor(Table table) const { return {txn_, handles_.of(table), fault_}; }
  std::uint64_t rows(Table table) const;

  void put(Table table, std::string_view key, std::string_view value);
  bool put_new(Table table, std::string_view key, std::string_view value);  // false: there is one
  bool erase(Table table, std::string_view key);                            // false: there was none

  void put_sealed(Table table, std::string_view key, std::string_view plaintext);
  // Nothing: there is no such row. Errors: permanent/corrupt.
  base::Result<std::optional<std::string>> get_sealed(Table table, std::string_view key) const;
  base::Result<std::string> open(Table table, std::string_view key, std::string_view sealed) const;

  const Keyring& keys() const { return keys_; }
  lmdb::Fault& fault() const { return fault_; }
  base::Status status() const { return fault_.status(); }
  // Counts puts and erases: has an operation had an effect?
  std::uint64_t changes() const { return changes_; }

 private:
  int write(Table table, std::string_view key, std::string_view value, unsigned flags);

  MDB_txn* txn_;
  const Handles& handles_;
  const Keyring& keys_;
  base::Random& random_;
  mutable lmdb::Fault fault_;
  std::uint64_t changes_ = 0;
};

}  // namespace beredd::store

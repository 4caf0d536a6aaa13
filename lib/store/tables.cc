#include "tables.h"

namespace beredd::store {
namespace {

constexpr std::array<std::string_view, kTables> kNames = {
    "meta",           "bodies",         "open_bodies",  "body_shares",     "messages",
    "sorted",         "unsorted",       "tickets",      "ticket_messages", "tickets_by_update",
    "thread_seen",    "thread_awaited", "message_ids",  "deliveries",      "delivery_states",
    "lanes",          "lane_due",       "counts",       "standings",       "switches",
    "transitions",    "journal",        "abilities",    "merged_tickets",  "thread_parties",
    "ticket_history", "reopenings",     "bulk_actions", "absences",        "leases",
    "staffing",       "triage",         "deadlines",    "deadline_wakes",  "deadline_dues",
    "service_events", "bookmarks",      "notices",      "notice_times"};

// Tables whose new keys are nearly always their greatest: a page that is full is left full, where
// LMDB otherwise splits it in halves and writes both.
constexpr bool grows_at_its_end(Table table) {
  switch (table) {
    case Table::bodies:
    case Table::messages:
    case Table::sorted:
    case Table::unsorted:
    case Table::deliveries:
    case Table::journal: return true;
    default: return false;
  }
}

std::string where(Table table, std::string_view key) {
  std::string out(name(table));
  out += '\0';
  out += key;
  return out;
}

MDB_val val_of(std::string_view bytes) {
  return MDB_val{bytes.size(), const_cast<char*>(bytes.data())};  // NOLINT
}

std::string_view as_text(const vault::Blind& blind) {
  return {reinterpret_cast<const char*>(blind.data()), blind.size()};
}

vault::Key copy(const vault::Key& key) {
  std::array<std::byte, vault::Key::kSize> bytes{};
  std::memcpy(bytes.data(), key.bytes().data(), bytes.size());
  vault::Key out(bytes);
  explicit_bzero(bytes.data(), bytes.size());
  return out;
}

}  // namespace

std::string_view name(Table table) { return kNames[static_cast<std::size_t>(table)]; }

Keyring::Keyring(const vault::Key& master)
    : master_(copy(master)),
      index_(vault::derive(master, "index")),
      proof_(vault::derive(master, "ticket proof")) {
  tables_.reserve(kTables);
  for (std::string_view table : kNames) tables_.push_back(vault::derive(master, "table", table));
}

vault::Key Keyring::of_body(const std::array<std::byte, 16>& salt) const {
  std::string_view context{reinterpret_cast<const char*>(salt.data()), salt.size()};
  return vault::derive(master_, "body", context);
}

std::string Keyring::short_blind(std::string_view kind, std::string_view name) const {
  std::string text(kind);
  text += '\0';
  text += name;
  return std::string(as_text(vault::blind(index_, text)).substr(0, 8));
}

std::string Keyring::party_blind(std::string_view desk, std::string_view subject,
                                 std::string_view party) const {
  std::string text("party");
  for (const std::string_view part : {desk, party, subject}) {
    text += '\0';
    text += part;
  }
  return std::string(as_text(vault::blind(index_, text)));
}

std::string Keyring::told_blind(std::string_view sender) const {
  std::string text("told");
  text += '\0';
  text += sender;
  return std::string(as_text(vault::blind(index_, text)));
}

vault::Blind Keyring::ticket_proof(base::TicketId id) const {
  return vault::blind(proof_, base::to_string(id));
}

std::string Keyring::message_id_blind(std::string_view desk, std::string_view message_id) const {
  std::string text("message-id");
  text += '\0';
  text += desk;
  text += '\0';
  text += message_id;
  return std::string(as_text(vault::blind(index_, text)));
}

base::Result<Handles> open_handles(const lmdb::Txn& txn) {
  Handles handles;
  for (std::size_t i = 0; i < kTables; ++i) {
    std::string table(kNames[i]);
    int code = mdb_dbi_open(txn.raw(), table.c_str(), MDB_CREATE, &handles.dbi[i]);
    if (code != 0) return lmdb::error_of(code, "opening table " + table);
  }
  return handles;
}

std::optional<std::string_view> Tables::get(Table table, std::string_view key) const {
  MDB_val k = val_of(key);
  MDB_val v{};
  int code = mdb_get(txn_, handles_.of(table), &k, &v);
  if (code == MDB_SUCCESS) return std::string_view(static_cast<const char*>(v.mv_data), v.mv_size);
  if (code != MDB_NOTFOUND) fault_.record(code, name(table));
  return std::nullopt;
}

std::uint64_t Tables::rows(Table table) const {
  MDB_stat stat{};
  if (int code = mdb_stat(txn_, handles_.of(table), &stat); code != 0) {
    fault_.record(code, name(table));
    return 0;
  }
  return stat.ms_entries;
}

int Tables::write(Table table, std::string_view key, std::string_view value, unsigned flags) {
  MDB_val k = val_of(key);
  MDB_val v = val_of(value);
  if (grows_at_its_end(table)) {
    int code = mdb_put(txn_, handles_.of(table), &k, &v, MDB_APPEND);
    if (code != MDB_KEYEXIST) return code;
  }
  return mdb_put(txn_, handles_.of(table), &k, &v, flags);
}

void Tables::put(Table table, std::string_view key, std::string_view value) {
  ++changes_;
  if (int code = write(table, key, value, 0); code != 0) fault_.record(code, name(table));
}

bool Tables::put_new(Table table, std::string_view key, std::string_view value) {
  int code = write(table, key, value, MDB_NOOVERWRITE);
  if (code == MDB_KEYEXIST) return false;
  ++changes_;
  if (code != 0) fault_.record(code, name(table));
  return true;
}

bool Tables::erase(Table table, std::string_view key) {
  MDB_val k = val_of(key);
  int code = mdb_del(txn_, handles_.of(table), &k, nullptr);
  if (code == MDB_NOTFOUND) return false;
  ++changes_;
  if (code != 0) fault_.record(code, name(table));
  return true;
}

void Tables::put_sealed(Table table, std::string_view key, std::string_view plaintext) {
  put(table, key, vault::seal(keys_.of(table), random_, where(table, key), plaintext));
}

base::Result<std::optional<std::string>> Tables::get_sealed(Table table,
                                                            std::string_view key) const {
  std::optional<std::string_view> sealed = get(table, key);
  if (!sealed) {
    if (fault_.any()) return fault_.status().error();
    return std::optional<std::string>();
  }
  base::Result<std::string> plaintext = open(table, key, *sealed);
  if (!plaintext) return plaintext.error();
  return std::optional<std::string>(*std::move(plaintext));
}

base::Result<std::string> Tables::open(Table table, std::string_view key,
                                       std::string_view sealed) const {
  base::Result<std::string> plaintext = vault::open(keys_.of(table), where(table, key), sealed);
  if (!plaintext) {
    return base::permanent(base::Code::corrupt, "a record of table " + std::string(name(table)) +
                                                    " does not open: " + plaintext.error().detail);
  }
  return plaintext;
}

}  // namespace beredd::store

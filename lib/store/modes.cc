#include "modes.h"

#include "journal.h"
#include "lanes.h"

#include <fmt/format.h>

namespace beredd::store {

base::Result<std::optional<failover::Standing>> read_standing(const Tables& tables,
                                                              std::string_view primary) {
  base::Result<std::optional<std::string>> record =
      tables.get_sealed(Table::standings, target_blind(tables, primary));
  if (!record) return record.error();
  if (!*record) return std::optional<failover::Standing>();
  base::Result<failover::Standing> standing = decode_standing(**record);
  if (!standing) return standing.error();
  return std::optional<failover::Standing>(*std::move(standing));
}

Switches read_switches(const Tables& tables, std::string_view primary) {
  base::Result<std::optional<std::string>> record =
      tables.get_sealed(Table::switches, target_blind(tables, primary));
  if (record && !*record) return {};
  base::Result<Switches> switches =
      record ? decode_switches(**record) : base::Result<Switches>(record.error());
  if (!switches) {
    tables.fault().record(switches.error());
    return {};
  }
  return *switches;
}

base::Result<std::vector<TransitionRecord>> list_transitions(const Tables& tables,
                                                             std::string_view primary,
                                                             std::size_t limit) {
  std::vector<TransitionRecord> out;
  std::string target = primary.empty() ? std::string() : target_blind(tables, primary);
  lmdb::Cursor cursor = tables.cursor(Table::transitions);
  for (bool here = cursor.last(); here && out.size() < limit; here = cursor.previous()) {
    if (!target.empty() && !cursor.key().ends_with(target)) continue;
    base::Result<std::string> bytes = tables.open(Table::transitions, cursor.key(), cursor.value());
    if (!bytes) return bytes.error();
    base::Result<TransitionRecord> record = decode_transition(*bytes);
    if (!record) return record.error();
    out.push_back(*std::move(record));
  }
  if (base::Status status = tables.status(); !status) return status.error();
  return out;
}

base::Result<std::optional<Abilities>> read_abilities(const Tables& tables,
                                                      std::string_view primary) {
  base::Result<std::optional<std::string>> record =
      tables.get_sealed(Table::abilities, target_blind(tables, primary));
  if (!record) return record.error();
  if (!*record) return std::optional<Abilities>();
  base::Result<Abilities> abilities = decode_abilities(**record);
  if (!abilities) return abilities.error();
  return std::optional<Abilities>(*abilities);
}

base::Status put_abilities(Change& change, std::string_view primary, const Abilities& abilities) {
  Tables& tables = change.tables;
  tables.put_sealed(Table::abilities, target_blind(tables, primary), encode(abilities));
  return tables.status();
}

base::Status put_standing(Change& change, std::string_view primary,
                          const failover::Standing& standing) {
  Tables& tables = change.tables;
  tables.put_sealed(Table::standings, target_blind(tables, primary), encode(standing));
  return tables.status();
}

base::Status put_switches(Change& change, std::string_view primary, const Switches& switches) {
  Tables& tables = change.tables;
  tables.put_sealed(Table::switches, target_blind(tables, primary), encode(switches));
  return tables.status();
}

base::Status add_transition(Change& change, const TransitionRecord& record) {
  const failover::Transition& transition = record.transition;
  JournalEntry entry;
  entry.at = transition.at;
  entry.what = "mode";
  entry.target = record.primary;
  entry.detail = fmt::format("{} to {}: {}", failover::name(transition.from),
                             failover::name(transition.to), transition.why);
  if (base::Status status = write_journal(change, std::move(entry)); !status) return status;
  // Time comes first: one walk back gives the newest of all primaries, and of one by its end.
  Tables& tables = change.tables;
  KeyBytes key = KeyBytes()
                     .time(transition.at)
                     .u64(change.counters.journal_seq)
                     .raw(target_blind(tables, record.primary));
  tables.put_sealed(Table::transitions, key, encode(record));
  return tables.status();
}

}  // namespace beredd::store

#include "notices.h"

#include <vector>

namespace beredd::store {
namespace {

constexpr std::size_t kBlind = 16;

KeyBytes time_key(base::Instant at, std::string_view blind) {
  return KeyBytes().time(at).raw(blind);
}

std::optional<base::Instant> told_at(const Tables& tables, std::string_view blind) {
  const auto row = tables.get(Table::notices, blind);
  if (!row || row->size() != 8) return std::nullopt;
  return time_at(*row, 0);
}

// A row of notice_times: who, when, by which desk.
struct Told {
  base::Instant at{};
  std::string sender, desk;  // blinds
};

std::optional<Told> told_in(const lmdb::Cursor& cursor) {
  if (cursor.key().size() != 8 + kBlind) return std::nullopt;
  return Told{time_at(cursor.key(), 0), std::string(cursor.key().substr(8)),
              std::string(cursor.value())};
}

void put(Change& change, const Told& told) {
  if (const auto before = told_at(change.tables, told.sender)) {
    change.tables.erase(Table::notice_times, time_key(*before, told.sender));
  }
  change.tables.put(Table::notices, told.sender, KeyBytes().time(told.at));
  change.tables.put(Table::notice_times, time_key(told.at, told.sender), told.desk);
}

}  // namespace

std::optional<base::Instant> last_notice(const Tables& tables, std::string_view sender) {
  return told_at(tables, tables.keys().told_blind(sender));
}

std::uint64_t notices_since(const Tables& tables, std::string_view desk, base::Instant since,
                            std::uint64_t most) {
  const std::string wanted = tables.keys().short_blind("desk", desk);
  lmdb::Cursor cursor = tables.cursor(Table::notice_times);
  std::uint64_t count = 0;
  bool here = cursor.seek(KeyBytes().time(since + base::Duration(1)));
  for (; here && count < most; here = cursor.next()) {
    if (cursor.value() == wanted) ++count;
  }
  return count;
}

base::Status put_notice(Change& change, std::string_view desk, std::string_view sender,
                        base::Instant at) {
  put(change, {at, change.tables.keys().told_blind(sender),
               change.tables.keys().short_blind("desk", desk)});
  return change.tables.status();
}

base::Result<bool> forget_notices(Change& change, base::Instant before, base::Instant now,
                                  std::size_t limit) {
  std::vector<Told> old, ahead;
  {
    lmdb::Cursor cursor = change.tables.cursor(Table::notice_times);
    for (bool here = cursor.first(); here && old.size() < limit; here = cursor.next()) {
      auto told = told_in(cursor);
      if (!told || told->at >= before) break;
      old.push_back(*std::move(told));
    }
    for (bool here = cursor.seek(KeyBytes().time(now + base::Duration(1)));
         here && ahead.size() < limit; here = cursor.next()) {
      if (auto told = told_in(cursor)) ahead.push_back(*std::move(told));
    }
  }
  for (const Told& told : old) {
    change.tables.erase(Table::notice_times, time_key(told.at, told.sender));
    change.tables.erase(Table::notices, told.sender);
  }
  for (Told& told : ahead) {
    told.at = now;
    put(change, told);
  }
  if (auto status = change.tables.status(); !status) return status.error();
  return old.size() == limit || ahead.size() == limit;
}

}  // namespace beredd::store

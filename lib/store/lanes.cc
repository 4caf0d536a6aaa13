#include "lanes.h"

namespace beredd::store {
namespace {

// Key of lanes: target 8, ticket 8, message 8. Value: state 1, due 8, size 8.
// Key of lane_due: target 8, due 8, ticket 8. Value: message 8, size 8.
constexpr std::size_t kLaneValue = 17;
constexpr std::size_t kDueValue = 16;

struct Head {
  DeliveryState state = DeliveryState::queued;
  base::MessageId message;
  base::Instant due{};
  base::Bytes size;
  friend bool operator==(const Head&, const Head&) = default;
};

std::optional<Head> head_of(Tables& tables, std::string_view lane) {
  lmdb::Cursor cursor = tables.cursor(Table::lanes);
  if (!cursor.seek(lane) || !cursor.key().starts_with(lane)) return std::nullopt;
  std::string_view value = cursor.value();
  if (value.size() != kLaneValue) {
    tables.fault().record(base::permanent(base::Code::corrupt, "a row of table lanes is damaged"));
    return std::nullopt;
  }
  return Head{static_cast<DeliveryState>(value.front()), base::MessageId(u64_at(cursor.key(), 16)),
              time_at(value, 1), base::Bytes(u64_at(value, 9))};
}

bool listed(const std::optional<Head>& head) {
  return head && head->state != DeliveryState::offered;
}

}  // namespace

std::string target_blind(const Tables& tables, std::string_view target) {
  return tables.keys().short_blind("target", target);
}

void update_lane(Change& change, const StoredDelivery& now) {
  Tables& tables = change.tables;
  const Delivery& delivery = now.delivery;
  std::string target = target_blind(tables, delivery.target);
  KeyBytes lane = KeyBytes().raw(target).id(delivery.ticket);
  KeyBytes row = KeyBytes().raw(lane).id(delivery.message);

  std::optional<Head> before = head_of(tables, lane);
  if (unfinished(delivery.state)) {
    auto state = static_cast<std::uint8_t>(delivery.state);
    tables.put(Table::lanes, row, KeyBytes().u8(state).time(delivery.due).u64(now.size.count()));
  } else {
    tables.erase(Table::lanes, row);
  }
  std::optional<Head> after = head_of(tables, lane);
  if (before == after) return;

  auto due_key = [&](const Head& head) {
    return KeyBytes().raw(target).time(head.due).id(delivery.ticket);
  };
  if (listed(before)) tables.erase(Table::lane_due, due_key(*before));
  if (listed(after)) {
    tables.put(Table::lane_due, due_key(*after),
               KeyBytes().id(after->message).u64(after->size.count()));
  }
}

base::Result<std::vector<Lane>> due_lanes(const Tables& tables, std::string_view target,
                                          base::Instant until, std::size_t limit,
                                          const std::function<bool(base::TicketId)>& busy) {
  std::vector<Lane> lanes;
  std::string prefix = target_blind(tables, target);
  lmdb::Cursor cursor = tables.cursor(Table::lane_due);
  for (bool here = cursor.seek(prefix);
       here && cursor.key().starts_with(prefix) && lanes.size() < limit; here = cursor.next()) {
    base::Instant due = time_at(cursor.key(), 8);
    if (due > until) break;
    base::TicketId ticket(u64_at(cursor.key(), 16));
    if (busy && busy(ticket)) continue;
    if (cursor.value().size() != kDueValue) {
      return base::permanent(base::Code::corrupt, "a row of table lane_due is damaged");
    }
    lanes.push_back({ticket, base::MessageId(u64_at(cursor.value(), 0)), due,
                     base::Bytes(u64_at(cursor.value(), 8))});
  }
  if (base::Status status = tables.status(); !status) return status.error();
  return lanes;
}

bool has_lane(const Tables& tables, std::string_view target, base::TicketId ticket) {
  KeyBytes lane = KeyBytes().raw(target_blind(tables, target)).id(ticket);
  lmdb::Cursor cursor = tables.cursor(Table::lanes);
  return cursor.seek(lane) && cursor.key().starts_with(lane.view());
}

std::optional<base::Instant> first_due(const Tables& tables, std::string_view target) {
  std::string prefix = target_blind(tables, target);
  lmdb::Cursor cursor = tables.cursor(Table::lane_due);
  if (!cursor.seek(prefix) || !cursor.key().starts_with(prefix)) return std::nullopt;
  return time_at(cursor.key(), 8);
}

std::vector<LaneRow> lane_rows(const Tables& tables, std::string_view target, LaneRow after,
                               std::size_t limit) {
  std::vector<LaneRow> rows;
  std::string prefix = target_blind(tables, target);
  KeyBytes start = KeyBytes().raw(prefix).id(after.ticket).id(after.message);
  lmdb::Cursor cursor = tables.cursor(Table::lanes);
  bool here = cursor.seek(start);
  if (here && cursor.key() == start.view()) here = cursor.next();
  for (; here && cursor.key().starts_with(prefix) && rows.size() < limit; here = cursor.next()) {
    rows.push_back(
        {base::TicketId(u64_at(cursor.key(), 8)), base::MessageId(u64_at(cursor.key(), 16))});
  }
  return rows;
}

}  // namespace beredd::store

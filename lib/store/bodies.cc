#include "bodies.h"

#include <fmt/format.h>

namespace beredd::store {
namespace {

KeyBytes body_key(base::BodyId id) { return KeyBytes().id(id); }
KeyBytes chunk_key(base::BodyId id, std::uint32_t index) { return KeyBytes().id(id).u32(index); }

bool is_open(const Change& change, base::BodyId id) {
  return change.fresh.contains(id) || change.tables.has(Table::open_bodies, body_key(id));
}

base::Error missing(base::BodyId id, std::uint32_t index) {
  return base::permanent(base::Code::not_found,
                         fmt::format("body {} has no chunk {}", id.value(), index));
}

void erase_chunks(Tables& tables, base::BodyId id) {
  lmdb::Cursor cursor = tables.cursor(Table::bodies);
  KeyBytes prefix = body_key(id);
  for (bool here = cursor.seek(prefix); here && cursor.key().starts_with(prefix.view());
       here = cursor.next()) {
    cursor.erase();
  }
}

base::Status share_body(Change& change, base::BodyId id) {
  constexpr std::uint64_t kFirstSharers = 2;
  std::optional<std::string_view> row = change.tables.get(Table::body_shares, body_key(id));
  std::uint64_t count = row && row->size() == 8 ? u64_at(*row, 0) + 1 : kFirstSharers;
  change.tables.put(Table::body_shares, body_key(id), KeyBytes().u64(count));
  return change.tables.status();
}

}  // namespace

base::Result<std::string> read_chunk(const Tables& tables, const BodyRef& body,
                                     std::uint32_t index) {
  std::optional<std::string_view> sealed = tables.get(Table::bodies, chunk_key(body.id, index));
  if (!sealed) {
    if (base::Status status = tables.status(); !status) return status.error();
    return missing(body.id, index);
  }
  base::Result<std::string> plain =
      vault::open_chunk(tables.keys().of_body(body.salt), index, *sealed);
  if (!plain) {
    return base::permanent(base::Code::corrupt,
                           fmt::format("chunk {} of body {} does not open: {}", index,
                                       body.id.value(), plain.error().detail));
  }
  return plain;
}

base::Status put_chunk(Change& change, const SealedChunk& chunk) {
  if (chunk.index > 0 && !is_open(change, chunk.body)) {
    return base::permanent(base::Code::conflict,
                           fmt::format("body {} takes no more chunks", chunk.body.value()));
  }
  if (!change.tables.put_new(Table::bodies, chunk_key(chunk.body, chunk.index), chunk.bytes)) {
    return base::permanent(base::Code::exists, fmt::format("body {} has chunk {} already",
                                                           chunk.body.value(), chunk.index));
  }
  if (chunk.index == 0) change.fresh.insert(chunk.body);
  return change.tables.status();
}

base::Status take_body(Change& change, const BodyRef& body) {
  if (body.chunks == 0) return {};
  for (std::uint32_t index = 0; index < body.chunks; ++index) {
    if (!change.tables.has(Table::bodies, chunk_key(body.id, index)))
      return missing(body.id, index);
  }
  bool was_fresh = change.fresh.erase(body.id) > 0;
  bool was_open = change.tables.erase(Table::open_bodies, body_key(body.id));
  if (was_fresh || was_open) return change.tables.status();
  return share_body(change, body.id);
}

base::Status drop_body(Change& change, base::BodyId id) {
  if (!is_open(change, id)) {
    if (!change.tables.has(Table::bodies, chunk_key(id, 0))) return change.tables.status();
    return base::permanent(base::Code::conflict, fmt::format("a message has body {}", id.value()));
  }
  erase_chunks(change.tables, id);
  change.fresh.erase(id);
  change.tables.erase(Table::open_bodies, body_key(id));
  return change.tables.status();
}

void record_open_bodies(Change& change) {
  for (base::BodyId id : change.fresh) change.tables.put(Table::open_bodies, body_key(id), {});
}

std::size_t sweep_open_bodies(Change& change) {
  std::size_t swept = 0;
  lmdb::Cursor cursor = change.tables.cursor(Table::open_bodies);
  for (bool here = cursor.first(); here; here = cursor.next()) {
    erase_chunks(change.tables, base::BodyId(u64_at(cursor.key(), 0)));
    cursor.erase();
    ++swept;
  }
  return swept;
}

}  // namespace beredd::store

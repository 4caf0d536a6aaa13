#include "journal.h"

#include "tickets.h"

#include <algorithm>

#include <fmt/format.h>

#include "beredd/vault/hash_chain.h"

namespace beredd::store {
namespace {

constexpr std::size_t kHash = sizeof(base::Sha256);

struct Link {
  base::Sha256 previous{};
  JournalEntry entry;
};

KeyBytes journal_key(std::uint64_t seq) { return KeyBytes().u64(seq); }

void add_to_history(Tables& tables, base::TicketId ticket, base::JournalSeq seq) {
  if (ticket) tables.put(Table::ticket_history, KeyBytes().id(ticket).id(seq), {});
}

// At most `limit` of one number.
void collect(const Tables& tables, base::TicketId ticket, base::JournalSeq after, std::size_t limit,
             std::vector<std::uint64_t>& seqs) {
  if (after.value() == UINT64_MAX) return;
  KeyBytes prefix = KeyBytes().id(ticket);
  lmdb::Cursor cursor = tables.cursor(Table::ticket_history);
  for (bool here = cursor.seek(KeyBytes().id(ticket).u64(after.value() + 1));
       here && limit > 0 && cursor.key().starts_with(prefix.view()); here = cursor.next()) {
    seqs.push_back(u64_at(cursor.key(), 8));
    --limit;
  }
}

base::Error broken(std::uint64_t seq, std::string_view how) {
  return base::permanent(base::Code::corrupt, fmt::format("journal entry {} {}", seq, how));
}

base::Result<Link> read_link(const Tables& tables, std::uint64_t seq) {
  base::Result<std::optional<std::string>> record =
      tables.get_sealed(Table::journal, journal_key(seq));
  if (!record) return record.error();
  if (!*record) return broken(seq, "is missing");
  std::string_view bytes = **record;
  if (bytes.size() < kHash) return broken(seq, "is cut off");
  base::Result<JournalEntry> entry = decode_journal_entry(bytes.substr(kHash));
  if (!entry) return entry.error();
  Link link;
  std::memcpy(link.previous.data(), bytes.data(), kHash);
  link.entry = *std::move(entry);
  link.entry.hash = vault::chain_next(link.previous, bytes.substr(kHash));
  if (link.entry.seq.value() != seq) return broken(seq, "carries another number");
  return link;
}

}  // namespace

base::Status write_journal(Change& change, JournalEntry entry) {
  Counters& counters = change.counters;
  entry.seq = base::JournalSeq(++counters.journal_seq);
  std::string flat = encode(entry);
  std::string record(reinterpret_cast<const char*>(counters.journal_hash.data()), kHash);
  record += flat;
  counters.journal_hash = vault::chain_next(counters.journal_hash, flat);
  change.tables.put_sealed(Table::journal, journal_key(counters.journal_seq), record);
  add_to_history(change.tables, entry.ticket, entry.seq);
  return change.tables.status();
}

base::Result<std::vector<JournalEntry>> read_journal(const Tables& tables, const Counters& end,
                                                     base::JournalSeq after, std::size_t limit) {
  std::vector<JournalEntry> entries;
  if (after.value() >= end.journal_seq) return entries;
  base::Sha256 previous = vault::chain_start();
  if (after) {
    base::Result<Link> link = read_link(tables, after.value());
    if (!link) return link.error();
    previous = link->entry.hash;
  }
  for (std::uint64_t seq = after.value() + 1; seq <= end.journal_seq; ++seq) {
    if (entries.size() == limit) return entries;
    base::Result<Link> link = read_link(tables, seq);
    if (!link) return link.error();
    if (link->previous != previous) return broken(seq, "does not follow the one before it");
    previous = link->entry.hash;
    entries.push_back(std::move(link->entry));
  }
  if (previous != end.journal_hash) return broken(end.journal_seq, "is not the chain's end");
  return entries;
}

base::Result<std::vector<JournalEntry>> read_history(const Tables& tables, base::TicketId named,
                                                     base::JournalSeq after, std::size_t limit) {
  base::Result<ticket::Ticket> ticket = read_ticket(tables, named);
  if (!ticket) return ticket.error();
  std::vector<std::uint64_t> seqs;
  collect(tables, ticket->id, after, limit, seqs);
  for (const base::TicketId merged : ticket->merged) collect(tables, merged, after, limit, seqs);
  std::ranges::sort(seqs);
  if (seqs.size() > limit) seqs.resize(limit);
  std::vector<JournalEntry> entries;
  entries.reserve(seqs.size());
  for (const std::uint64_t seq : seqs) {
    base::Result<Link> link = read_link(tables, seq);
    if (!link) return link.error();
    entries.push_back(std::move(link->entry));
  }
  if (base::Status status = tables.status(); !status) return status.error();
  return entries;
}

base::Status index_journal(Tables& tables) {
  lmdb::Cursor cursor = tables.cursor(Table::journal);
  for (bool here = cursor.first(); here; here = cursor.next()) {
    base::Result<std::string> record = tables.open(Table::journal, cursor.key(), cursor.value());
    if (!record || record->size() < kHash) continue;
    base::Result<JournalEntry> entry =
        decode_journal_entry(std::string_view(*record).substr(kHash));
    if (entry) add_to_history(tables, entry->ticket, entry->seq);
  }
  return tables.status();
}

}  // namespace beredd::store

#include "journal.h"

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

}  // namespace beredd::store

#pragma once
// Which tickets have which terms: derived from the store, and made from it again when it is lost.
// Xapian is behind open_index(); a test may have another.

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "beredd/base/ids.h"
#include "beredd/base/random.h"
#include "beredd/base/result.h"
#include "beredd/base/units.h"
#include "beredd/search/lexicon.h"
#include "beredd/vault/key.h"

namespace beredd::search {

// How far the index has come in the store.
struct Position {
  base::MessageId last;  // all up to here are in it, but for those in `passed_over`
  std::vector<base::MessageId> passed_over;  // were not sorted when others behind them were
  std::string mark;  // of `last`; another store, or an older state of this one, has another there
  friend bool operator==(const Position&, const Position&) = default;
};

// What is to be known of one ticket besides what is.
struct Addition {
  std::vector<base::MessageId> messages;
  std::vector<Term> terms;
  bool anew = false;  // instead of what is
};

struct Batch {
  std::map<base::TicketId, Addition> tickets;
  std::vector<base::TicketId> erased;
  Position position;  // after it
};

// apply() and compact() from one thread at a time; the others from any, also meanwhile: they see
// the last apply() that returned.
// Errors of all: permanent/corrupt: throw the index away (discard_index()). transient/store_full,
// transient/io: nothing has changed; try again later.
class Index {
 public:
  virtual ~Index() = default;

  virtual Position position() const = 0;
  // The key that its terms are hidden under; renewed when the index is made anew.
  virtual vault::Key key() const = 0;

  // All of it or nothing, on disk when it returns.
  virtual base::Status apply(const Batch& batch) = 0;
  // Makes the files anew of what is in them, so that nothing erased is left in them.
  virtual base::Status compact() = 0;

  // The tickets that have a term of each set; ascending. No sets: none.
  virtual base::Result<std::vector<base::TicketId>> find(
      std::span<const std::vector<Term>> all_of) const = 0;
  // Ids from `after` on (exclusive), ascending.
  virtual base::Result<std::vector<base::TicketId>> tickets(base::TicketId after,
                                                            std::size_t limit) const = 0;
  // The messages whose terms the ticket has, ascending; none: it is not in the index.
  virtual base::Result<std::vector<base::MessageId>> messages_of(base::TicketId id) const = 0;

  // Free bytes where it lies.
  virtual base::Bytes room() const = 0;
};

// Opens the index in `directory`, or makes an empty one there (mode 0700). `key` is the store's,
// for this purpose; one that was written under another is permanent/corrupt, as is one of another
// version.
base::Result<std::unique_ptr<Index>> open_index(const std::filesystem::path& directory,
                                                const vault::Key& key, base::Random& random);

// Removes what open_index() made, and nothing else of `directory`.
base::Status discard_index(const std::filesystem::path& directory);

}  // namespace beredd::search

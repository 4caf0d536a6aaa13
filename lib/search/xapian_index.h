#pragma once
// The index in a Xapian database (glass): a document is a ticket, its number the ticket's; its
// terms are hidden ones, eight bytes each, without positions or counts; its data are the numbers of
// its messages, eight bytes each. Every exception of Xapian ends here.

#include <memory>
#include <mutex>
#include <optional>

#include <xapian.h>

#include "beredd/search/index.h"

namespace beredd::search {

class XapianIndex : public Index {
 public:
  // `folder`: the database's own, which is there.
  static base::Result<std::unique_ptr<Index>> open(const std::filesystem::path& folder,
                                                   const vault::Key& key);
  // Makes an empty database in `folder`, which is not there.
  static base::Status make(const std::filesystem::path& folder, const vault::Key& key,
                           base::Random& random);

  XapianIndex(std::filesystem::path folder, vault::Key key, Position position);

  Position position() const override;
  vault::Key key() const override;
  base::Status apply(const Batch& batch) override;
  base::Status compact() override;
  base::Result<std::vector<base::TicketId>> find(
      std::span<const std::vector<Term>> all_of) const override;
  base::Result<std::vector<base::TicketId>> tickets(base::TicketId after,
                                                    std::size_t limit) const override;
  base::Result<std::vector<base::MessageId>> messages_of(base::TicketId id) const override;
  base::Bytes room() const override;

 private:
  template <typename Query>
  auto read(Query query) const -> base::Result<decltype(query(std::declval<Xapian::Database&>()))>;
  void write(const Batch& batch);
  void put(base::TicketId id, const Addition& addition);

  std::filesystem::path folder_;
  vault::Key key_;
  std::optional<Xapian::WritableDatabase> writable_;  // nothing: not opened, or failed since

  mutable std::mutex mutex_;  // of what follows: a Database is for one thread at a time
  mutable std::optional<Xapian::Database> readable_;
  Position position_;
};

}  // namespace beredd::search

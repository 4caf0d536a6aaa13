#pragma once
// Sorts every accepted message into a ticket, in the background and in the order of acceptance:
// reads it, finds its ticket, and queues its delivery to the desk's primary.

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "beredd/service/modes.h"

namespace beredd::service {

// One coroutine on `executor`; reading is the context's reader's matter.
//
// A mail that ends its reader is read once more, alone, and is opaque when that ends too. One that
// was being read when a former process ended is marked before it is read again; after the second
// time it is not read but becomes an opaque ticket: a restart never loops on it.
class Sort {
 public:
  // `sorted` runs after every commit, with the names of the primaries that have new deliveries.
  Sort(Context& context, Modes& modes, io::Executor executor,
       std::function<void(std::string_view primary)> sorted);
  ~Sort();

  void start();
  void wake();  // there is something to sort; any thread
  void stop();  // from the executor

 private:
  struct Item;
  struct Batch;

  io::Task<void> sort_forever();
  enum class Recovered { nothing, sorted, not_sorted };
  io::Task<Recovered> recover_one();
  io::Task<bool> sort_batch();  // false: nothing is unsorted
  std::shared_ptr<Batch> take(std::size_t limit);
  base::Status load(const store::ReadTxn& txn, Item& item, io::MailBatch& raw) const;
  io::Task<base::Status> read(std::shared_ptr<Batch> batch);
  io::Task<void> put_off(base::Error why, std::size_t messages);
  io::Task<base::Status> commit(std::shared_ptr<const std::vector<Item>> items);
  io::Task<std::size_t> commit_each(std::vector<Item> items);  // how many were sorted

  Context& context_;
  Modes& modes_;
  io::Executor executor_;
  std::function<void(std::string_view)> sorted_;
  std::unique_ptr<io::Timer> timer_;
  base::MessageId last_;                   // all up to here are sorted, or given up for now
  std::optional<base::MessageId> marked_;  // by this process, as being read
  bool stopping_ = false;
};

}  // namespace beredd::service

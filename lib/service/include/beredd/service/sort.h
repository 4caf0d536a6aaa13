#pragma once
// Sorts every accepted message into a ticket, in the background and in the order of acceptance:
// reads it, finds its ticket, and queues its delivery to the desk's primary.

#include <functional>
#include <memory>
#include <vector>

#include "beredd/service/modes.h"

namespace beredd::service {

// One coroutine on `executor`; reading runs on the context's pool.
//
// A mail whose reading ended a former process is read alone, marked first; the second time it is
// not read again but becomes an opaque ticket: a restart never loops on it.
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
  using Items = std::shared_ptr<std::vector<Item>>;

  io::Task<void> sort_forever();
  enum class Recovered { nothing, sorted, not_sorted };
  io::Task<Recovered> recover_one();
  io::Task<bool> sort_batch();  // false: nothing is unsorted
  Items take(std::size_t limit);
  base::Status load(const store::ReadTxn& txn, base::MessageId id, Item& item) const;
  io::Task<void> read(Items items);
  io::Task<base::Status> commit(Items items);
  io::Task<std::size_t> commit_each(Items items);  // how many were sorted

  Context& context_;
  Modes& modes_;
  io::Executor executor_;
  std::function<void(std::string_view)> sorted_;
  std::unique_ptr<io::Timer> timer_;
  base::MessageId last_;  // all up to here are sorted, or given up for now
  bool stopping_ = false;
};

}  // namespace beredd::service

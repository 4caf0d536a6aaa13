#pragma once
// Keeps the search index behind the store: takes up what was sorted, in the background, and answers
// who looks for something. The index is derived: when it is lost, damaged or another store's, it is
// made again from the store, and mail is none the wiser.

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "beredd/search/index.h"
#include "beredd/search/lexicon.h"
#include "beredd/service/context.h"

namespace beredd::service {

// Both from the pool's thread.
struct IndexPorts {
  std::function<base::Result<std::unique_ptr<search::Index>>()> open;
  std::function<base::Status()> discard;
};

// One coroutine on `executor`; the work is done on `pool`, a piece at a time. What is sorted is
// found a second later, or when the index has caught up. Once after the start and once a day the
// whole index is held against the store: tickets that are no longer there go, those whose mails are
// others now are taken up anew; then the files are made anew, so that nothing is left in them.
//
// It stands still while the disk has less than twice node.low_water left.
class Indexing {
 public:
  static constexpr base::Duration kGather = std::chrono::seconds(1);  // from a mail to its write
  static constexpr base::Duration kPause = std::chrono::minutes(1);   // after a failure
  static constexpr base::Duration kHoldEvery = std::chrono::hours(24);

  Indexing(Context& context, io::BlockingPool& pool, IndexPorts ports, io::Executor executor);
  ~Indexing();

  void start();
  void wake();  // something was sorted; any thread
  void stop();  // from the executor

  struct Found {
    std::vector<base::TicketId> tickets;  // ascending
    search::Query query;                  // its phrases are not verified
  };
  // Any thread. Errors: permanent/invalid when `text` is no query; transient/unreachable while
  // there is no index to look in.
  base::Result<Found> find(std::string_view text) const;

  // How many mails of the store are not in the index yet. Any thread.
  std::uint64_t behind(const store::ReadTxn& txn) const;

 private:
  enum class Step { more, through, failed };
  io::Task<void> index_forever();
  Step step();
  base::Status open();
  bool fits_store(const search::Index& index) const;
  bool has_room();
  base::Result<bool> collect();
  void pass_by(const store::ReadTxn& txn, std::size_t limit, bool& more);
  void take_up(const store::ReadTxn& txn, base::MessageId id);
  void take_late(const store::ReadTxn& txn);
  base::Status apply();
  base::Result<bool> hold_against_store();
  base::Status hold_piece(const search::Index& index);
  void hold_one(const store::ReadTxn& txn, base::TicketId id,
                const std::vector<base::MessageId>& indexed);
  Step fail(const base::Error& error);
  void begin_batch();
  std::shared_ptr<search::Index> index() const;
  void set_index(std::shared_ptr<search::Index> index);

  Context& context_;
  io::BlockingPool& pool_;
  IndexPorts ports_;
  io::Executor executor_;
  std::unique_ptr<io::Timer> timer_;  // waits for something to do
  std::unique_ptr<io::Timer> pause_;  // waits, whatever there is to do
  bool stopping_ = false;

  // Of the pool's thread.
  std::unique_ptr<search::Lexicon> lexicon_;
  search::Batch batch_;          // what is to be written next
  std::size_t batch_terms_ = 0;  // in it
  std::uint64_t taken_up_ = 0;   // since it was said last
  base::TicketId held_until_;    // how far the index was held against the store
  base::Instant held_{};         // when that was last begun
  bool holding_ = false;         // it is going on
  bool erased_ = false;          // something was, since the files were made anew
  bool discarded_ = false;       // the index was, and nothing was written since
  std::string complaint_;        // the last one, said once

  mutable std::mutex mutex_;
  std::shared_ptr<search::Index> index_;  // null: there is none to look in
};

}  // namespace beredd::service

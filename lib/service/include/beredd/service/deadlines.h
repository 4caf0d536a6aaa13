#pragma once
// Keeps what customers were promised: follows the journal, works out what of each ticket is due
// when, and writes each warning and each breach down, once.
//
// 1. What has been crossed follows from the ticket's messages and states and from the time alone
//    (ticket/service_level.h); so whatever a crash leaves undone is done by the next who looks, and
//    nothing depends on when it is looked.
// 2. A crossing that is in the ticket's record is not written again, whatever the clock or the
//    configuration say later. It is named by what it is and by when its deadline began.
// 3. The bookmark moves in the transaction that carries what was found up to it.

#include <map>
#include <string>

#include "beredd/calendar/hours.h"
#include "beredd/service/context.h"

namespace beredd::service {

// One coroutine on `executor`; the work is done on the context's pool, a piece at a time. Only
// tickets in our custody are measured; one that goes back ends there and then.
class Deadlines {
 public:
  static constexpr base::Duration kGather = std::chrono::milliseconds(500);
  static constexpr base::Duration kPause = std::chrono::minutes(1);  // after a failure
  // The wall clock may be set while we wait on the monotonic one.
  static constexpr base::Duration kLookEvery = std::chrono::minutes(1);

  // REQUIRES: the configuration has service levels, and its calendars are well formed.
  Deadlines(Context& context, io::Executor executor);
  ~Deadlines();

  void start();
  void wake();  // something was written; any thread
  void stop();  // from the executor

 private:
  struct Piece;
  enum class Step { more, through, failed };

  io::Task<void> follow_forever();
  io::Task<Step> step();
  base::Status collect(Piece& piece) const;
  base::Status measure(const store::ReadTxn& txn, base::TicketId id, Piece& piece) const;
  base::Duration until_next() const;
  void count(const Piece& piece);

  Context& context_;
  io::Executor executor_;
  std::map<std::string, calendar::Hours, std::less<>> hours_;
  std::string fingerprint_;  // of the part of the configuration that this follows
  std::unique_ptr<io::Timer> timer_;
  std::unique_ptr<io::Timer> pause_;
  bool stopping_ = false;
  std::string complaint_;  // the last one, said once
};

}  // namespace beredd::service

#pragma once
// Tells who writes that their mail has arrived, once (RFC 3834): follows the journal, and of each
// mail that came in decides, by ticket/notice.h, whether its sender is told.
//
// 1. The mail that tells, its way out, what is remembered of its sender, the line in the ticket's
//    history and the place in the journal are one transaction: no crash sends twice.
// 2. A mail is decided on once; why its sender was not told stands in the ticket's history too.
// 3. It is no answer: neither the ticket's state nor its deadlines change by it.
// 4. Who was told is forgotten after a week, also by a daemon that tells nobody any more.

#include <functional>
#include <memory>
#include <string>

#include "beredd/service/context.h"

namespace beredd::service {

// One coroutine on `executor`; the work is done on the context's pool, a piece at a time.
class Notices {
 public:
  static constexpr base::Duration kGather = std::chrono::milliseconds(500);
  static constexpr base::Duration kPause = std::chrono::minutes(1);  // after a failure
  static constexpr base::Duration kSweepEvery = std::chrono::minutes(10);

  // `queued` is told when something waits for its way out.
  Notices(Context& context, io::Executor executor, std::function<void()> queued);
  ~Notices();

  void start();
  void wake();  // something was written; any thread
  void stop();  // from the executor

 private:
  struct Piece;
  struct Verdict;
  struct Said;
  enum class Step { more, through, failed };

  io::Task<void> follow_forever();
  io::Task<Step> step();
  io::Task<Step> sweep();
  base::Status collect(Piece& piece);
  base::Status judge(const store::ReadTxn& txn, base::MessageId id, bool again, Said& said,
                     Piece& piece);
  base::Status write(store::WriteTxn& txn, const Piece& piece) const;
  void count(const Piece& piece);
  Step fail(const base::Error& error);

  Context& context_;
  io::Executor executor_;
  std::function<void()> queued_;
  std::string fingerprint_;  // of which desks tell whom; empty: none does
  std::unique_ptr<io::Timer> timer_;
  std::unique_ptr<io::Timer> pause_;
  base::Instant swept_{};  // on the steady clock
  bool stopping_ = false;
  std::string complaint_;  // the last one, said once
};

}  // namespace beredd::service

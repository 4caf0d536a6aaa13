#pragma once
// Opens tickets that are pending until a time when that time has come.

#include <memory>

#include "beredd/service/context.h"

namespace beredd::service {

// From the executor, except wake(). What fails is tried again a minute later, and said once.
class Reopening {
 public:
  // The wall clock may jump while the monotonic one is waited on.
  static constexpr base::Duration kLongest = std::chrono::minutes(10);

  Reopening(Context& context, io::Executor executor);

  void start();
  void stop();
  // A ticket has become pending until a time. Any thread.
  void wake() { timer_->wake(); }

 private:
  io::Task<void> reopen_forever();
  base::Result<base::Duration> until_next() const;
  // Opens those whose time has come. Whether there may be more of them.
  io::Task<base::Result<bool>> reopen_some();
  void complain(const base::Error& error);

  Context& context_;
  io::Executor executor_;
  std::unique_ptr<io::Timer> timer_;
  std::string complaint_;
  bool stopping_ = false;
};

}  // namespace beredd::service

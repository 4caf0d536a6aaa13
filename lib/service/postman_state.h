#pragma once
// The postman from within: postman.cc runs it, postman_round.cc takes a batch of mails to the
// target, postman_record.cc writes down what is offered and what became of it.

#include "fate.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "beredd/service/postman.h"

namespace beredd::service {

inline constexpr base::Duration kPostmanPause = std::chrono::seconds(1);  // the store failed

struct Postman::State {
  State(Context& its_context, io::Target& its_target, io::Executor its_executor)
      : context(its_context),
        target(its_target),
        executor(std::move(its_executor)),
        timer(context.timers.make(executor)),
        stopped_timer(context.timers.make(executor)) {}

  static io::Task<void> run(std::shared_ptr<State> self);
  io::Task<void> doubt_what_was_offered();
  io::Task<void> follow_clock();
  std::vector<Fate> due();
  base::Duration wait() const;
  io::Task<void> send(std::vector<Fate> mails);
  io::Task<bool> connect();
  io::Task<bool> write_offered(const std::vector<Fate>& mails);
  io::Task<void> take_back(const std::vector<Fate>& mails);
  io::Task<void> hand_over(std::vector<Fate> mails);
  io::Task<void> settle(std::vector<Fate> fates);
  void count(const Fate& fate) const;

  Context& context;
  io::Target& target;
  io::Executor executor;
  std::unique_ptr<io::Timer> timer, stopped_timer;
  std::unique_ptr<io::TargetSession> session;
  int failed_connects = 0;
  base::Instant connect_after{};
  std::string trouble;  // of the last connection
  bool doubts = true;   // what an earlier life offered is not looked at yet
  bool running = false, stopping = false;
};

}  // namespace beredd::service

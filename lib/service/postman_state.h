#pragma once
// The postman from within: postman.cc runs it, postman_pick.cc says what goes next and which way,
// postman_round.cc takes one batch of mails one way, postman_record.cc writes down what is offered
// and what became of it.
//
// 1. Everything happens on `executor`, one thing at a time between two suspensions.
// 2. A way has one round at a time, and a ticket is in one round only: so both keep their order.
// 3. A way's session is touched by its round alone, and by nobody while it is not busy.

#include "fate.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "beredd/service/postman.h"

namespace beredd::service {

inline constexpr base::Duration kPostmanPause = std::chrono::seconds(1);  // the store failed
inline constexpr base::Duration kPostmanIdle = std::chrono::seconds(20);  // then a way is closed

struct Postman::State : std::enable_shared_from_this<Postman::State> {
  State(Context& its_context, io::Target& its_target, io::Executor its_executor)
      : context(its_context),
        target(its_target),
        executor(std::move(its_executor)),
        timer(context.timers.make(executor)),
        stopped_timer(context.timers.make(executor)) {}

  // Where mail goes: the smarthost, which is called "", or the hosts of one domain.
  struct Way {
    std::unique_ptr<io::TargetSession> session;
    bool busy = false;  // a round, or its end, is under way
    base::Instant idle_since{};
    int failed_connects = 0;
    base::Instant connect_after{};
    std::string trouble;  // of the last connection
  };
  // What one round takes, and where.
  struct Load {
    std::string way;
    std::vector<Fate> mails;
  };
  struct Picked {
    std::vector<Load> loads;
    base::Duration wait{};  // then there may be more, unless wake() is called before
  };

  static io::Task<void> run(std::shared_ptr<State> self);
  io::Task<void> doubt_what_was_offered();
  io::Task<void> follow_clock();

  Picked pick() const;
  base::Status pick_from(const store::ReadTxn& txn, base::Instant now, Picked& picked) const;
  base::Result<std::optional<Load>> step_of(const store::ReadTxn& txn, const store::Lane& lane,
                                            base::Instant now) const;
  bool is_free(const std::string& way, base::Instant now) const;
  base::Instant free_from(const std::string& way, base::Instant now) const;
  base::Duration until_idle(base::Instant now) const;

  void begin(Load load);
  void end(const std::string& way, const std::vector<base::TicketId>& freed);
  static io::Task<void> round(std::shared_ptr<State> self, Load load);
  io::Task<void> take(Way& way, std::vector<Fate> mails);
  io::Task<bool> connect(Way& way);
  io::Task<void> hand_over(Way& way, std::vector<Fate> mails);
  void close_idle(bool all);
  static io::Task<void> close(std::shared_ptr<State> self, std::string way);

  io::Task<bool> write_offered(const std::vector<Fate>& mails);
  io::Task<void> take_back(const std::vector<Fate>& mails);
  io::Task<void> settle(std::vector<Fate> fates);
  io::Task<void> pause();
  void count(const Fate& fate) const;

  Context& context;
  io::Target& target;
  io::Executor executor;
  std::unique_ptr<io::Timer> timer, stopped_timer;
  std::map<std::string, Way> ways;   // that are open, or may not be opened again yet
  std::set<base::TicketId> carried;  // whose mails are in a round
  std::size_t rounds = 0;            // and ends of ways
  bool doubts = true;                // what an earlier life offered is not looked at yet
  bool running = false, stopping = false;
};

}  // namespace beredd::service

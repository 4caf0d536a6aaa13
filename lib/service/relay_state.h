#pragma once
// The relay's inside: what its workers, its settling and its steward share. Everything here runs on
// one strand, so nothing is locked.

#include "ramp.h"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "beredd/io/target.h"
#include "beredd/service/handback.h"
#include "beredd/service/modes.h"
#include "beredd/service/relay.h"

namespace beredd::service {

// A lane's head that a worker has taken on.
struct Claim {
  base::TicketId ticket;
  base::MessageId message;
};

// What became of one claim, waiting to be written down.
struct Settlement {
  Claim claim;
  io::Handover handover;
  bool lost = false;  // deferred because the connection broke, not by a word of the primary
};

struct Relay::State {
  State(Context& context, Modes& modes, Handback& handback, const config::Primary& primary,
        io::Target& target, io::Executor executor);

  // relay.cc: the workers
  static io::Task<void> keep(std::shared_ptr<State> state, io::Task<void> task);
  io::Task<void> work(std::size_t number);
  io::Task<bool> give(std::unique_ptr<io::TargetSession>& session, std::vector<Claim> claims);
  io::Task<bool> connect(std::unique_ptr<io::TargetSession>& session);
  io::Task<bool> write_offered(const std::vector<Claim>& claims);
  std::vector<Claim> claim();
  base::Duration idle_wait() const;
  void release(const std::vector<Claim>& claims);

  // relay_pace.cc: how much, and when not at all
  int window() const;
  bool may_give() const;
  failover::Mode mode() const { return modes.mode(primary.name); }

  // relay_settle.cc: writing down what became of them
  io::Task<void> settle_forever();
  io::Task<void> settle(std::vector<Settlement> settled);
  io::Task<void> settle_each(std::vector<Settlement> settled, base::Error why);
  base::Status write_settlement(store::WriteTxn& txn, const Settlement& one, failover::Mode mode,
                                base::Instant now) const;
  base::Status write_refusal(store::WriteTxn& txn, const Settlement& one, base::Instant now) const;
  base::Status write_deferral(store::WriteTxn& txn, const Settlement& one, failover::Mode mode,
                              base::Instant now) const;
  io::Task<void> learn(const std::vector<Settlement>& settled);
  io::Task<void> observe_passive(bool ok, std::string saw);

  // relay_steward.cc: what follows a change of mode
  io::Task<void> tend_forever();
  io::Task<void> follow_mode();
  io::Task<void> follow_clock();
  io::Task<void> move_lanes(bool hold);
  io::Task<void> judge_canary();
  io::Task<void> finish_handback();
  store::DeliveryCounts counts() const;
  bool nothing_due() const;

  // relay_look_up.cc: asking the primary what it has
  void find_unclear();
  io::Task<void> take_back_offers();
  io::Task<void> resolve_unclear();
  io::Task<bool> resolve(io::TargetSession& session, base::MessageId id);
  io::Task<void> prove_some();
  io::Task<io::LookUpResult> look_up(io::TargetSession& session, base::MessageId id);
  bool may_turn_up(base::MessageId id) const;
  io::Task<bool> record(base::MessageId id, const io::LookUpResult& result);

  void wake_all();

  Context& context;
  Modes& modes;
  Handback& handback;
  const config::Primary& primary;
  io::Target& target;
  io::Executor executor;

  std::vector<std::unique_ptr<io::Timer>> worker_timers;
  std::unique_ptr<io::Timer> steward_timer;
  std::unique_ptr<io::Timer> settle_timer;
  std::unique_ptr<io::Timer> stopped_timer;

  std::set<base::TicketId> busy;     // tickets whose head is on its way, or not written down yet
  std::deque<Settlement> unsettled;  // in the order in which they became known
  Ramp ramp;
  int refused_in_a_row = 0;  // different mails, without one that was taken between
  int failed_connects = 0;
  base::Instant connect_after{};                     // no new connection before
  std::optional<base::MessageId> canary;             // taken by the primary in this probation
  std::optional<failover::Mode> followed;            // the mode that the lanes were last moved for
  std::set<base::MessageId> unclear;                 // offered, answer not seen; to be looked up
  std::map<base::MessageId, base::TicketId> unsent;  // "offered" could not be written, as it seemed
  bool proves = true;                 // false once the target said that it cannot be asked
  std::set<base::MessageId> missing;  // acknowledged, looked up, not found
  int running = 0;                    // coroutines of ours
  bool stopping = false;
};

}  // namespace beredd::service

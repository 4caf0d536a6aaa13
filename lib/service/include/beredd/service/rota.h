#pragma once
// How work is shared: presence, deputies, assignment, escalation, answer leases, rules, the
// staffing level, and what to work on next. What sorting and staff do it sees in the store.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/service/context.h"
#include "beredd/ticket/lease.h"
#include "beredd/ticket/ranking.h"
#include "beredd/ticket/rota.h"
#include "beredd/ticket/rules.h"
#include "beredd/ticket/staffing.h"

namespace beredd::service {

// The configuration's rules and fields, made ready once.
struct Rulebook {
  std::vector<ticket::Rule> rules;
  std::vector<ticket::FieldFinder> fields;
};

struct Roll {
  std::vector<ticket::Colleague> people;  // as configured, with presence and load
  std::vector<ticket::Absence> absences;  // in force
  ticket::Level level = ticket::Level::normal;
  store::StaffingChoice choice;
  int presence = 100;  // percent
};

struct NextTicket {
  ticket::Ticket ticket;
  std::vector<std::string> reasons;
};

// One coroutine on `executor`. Absences and leases end by themselves; held tickets are triaged by
// the rules, released from who is absent and, where the configuration says so, assigned, within
// seconds of a wake() and a minute at most without. A pass takes at most a twentieth of the time.
class Rota {
 public:
  static constexpr base::Duration kEvery = std::chrono::minutes(1);
  static constexpr base::Duration kGather = std::chrono::seconds(1);
  static constexpr std::size_t kBatch = 100;  // tickets in one transaction
  static constexpr std::size_t kMost = 100'000;

  Rota(Context& context, io::Executor executor);

  void start();
  void stop();
  void wake() { timer_->wake(); }  // something was sorted, or a mode changed; any thread

  // All below: any strand; each change is one transaction with its journal entries. Errors:
  // permanent/not_found, /invalid, /conflict as told, and the store's.

  base::Result<Roll> roll() const;
  // What `person` is to work on now; nothing: there is no work for them. Where no people are
  // configured anybody can take everything. Errors: permanent/not_found: no such person.
  base::Result<std::optional<NextTicket>> next(std::string_view person) const;

  // From now on. Their tickets go to who stands in for them, or are released; their leases end.
  // Errors: permanent/not_found: no such person; permanent/invalid: `until` is over.
  io::Task<base::Status> set_absent(ticket::Absence absence);
  io::Task<base::Status> set_present(std::string person, std::string who);

  // Takes or renews. A refusal is a value: it says who has the ticket, and until when.
  io::Task<base::Result<ticket::Grant>> take_lease(base::TicketId id, std::string who);
  // Errors: permanent/not_found: there is none; permanent/conflict: it is another's and not
  // `anyone`.
  io::Task<base::Status> end_lease(base::TicketId id, std::string who, bool anyone);

  // To the least loaded present person of its line. Errors: permanent/conflict: there is nobody.
  io::Task<base::Result<ticket::Ticket>> assign(base::TicketId id, std::string who);
  // `by`: +1 up, -1 down. It is released from who does not work in the new line, and assigned there
  // where assignment is automatic. Errors: permanent/conflict: there is no such line, or nobody
  // works in it.
  io::Task<base::Result<ticket::Ticket>> move_line(base::TicketId id, int by, std::string note,
                                                   std::string who);

  io::Task<base::Status> set_staffing(std::optional<ticket::Level> level, std::string who);

 private:
  io::Task<void> look_after_forever();
  io::Task<base::Status> pass();
  io::Task<base::Status> end_what_is_over();
  base::Result<std::vector<base::TicketId>> work_to_do();
  base::Duration until_next() const;
  io::Task<base::Result<ticket::Ticket>> change(
      base::TicketId id, std::function<base::Status(store::WriteTxn&, ticket::Ticket&)> step);

  Context& context_;
  io::Executor executor_;
  std::unique_ptr<io::Timer> timer_;
  Rulebook book_;
  // The rules with a level or an age that each ticket was last held against, so that they are not
  // tried for nothing once a minute.
  std::map<base::TicketId, std::vector<std::string>> tried_;
  std::string complaint_;
  bool stopping_ = false;
};

}  // namespace beredd::service

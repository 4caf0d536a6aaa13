#pragma once
// The mode of every primary: kept, stored with its evidence, and told to whoever asked to be told.

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/failover/machine.h"
#include "beredd/io/task.h"
#include "beredd/service/context.h"

namespace beredd::service {

// What `failover status` shows of one primary.
struct PrimaryStanding {
  std::string primary;
  failover::Standing standing;
  bool frozen = false;
  std::vector<failover::Observation> evidence;
};

// Any thread. A change counts in memory at once and is on disk when the call completes. A full disk
// therefore never keeps a primary from falling (promise 7); after a crash in between, the checks
// find the mode again.
class Modes {
 public:
  explicit Modes(Context& context);
  ~Modes();

  // Reads the stored standings; call once before anything else. Errors: of the store.
  base::Status recover();

  // REQUIRES, of all below: a primary of the configuration.
  failover::Mode mode(std::string_view primary) const;
  PrimaryStanding standing(std::string_view primary) const;

  // Each completes when the transition that it caused, if any, is on disk.
  io::Task<base::Status> observe(std::string primary, failover::Observation observation);
  io::Task<base::Status> report(std::string primary, failover::Event event, std::string why);
  io::Task<base::Status> force(std::string primary, failover::Mode mode, std::string who);
  io::Task<base::Status> release(std::string primary, std::string who);
  bool dwell_over(std::string_view primary) const;

  // `told` runs after every change, on the thread that made it: wake a timer there, no more. Call
  // before the services start.
  void subscribe(std::function<void(std::string_view primary, failover::Mode mode)> told);

 private:
  struct Held;
  using Change = std::function<std::optional<failover::Transition>(failover::Machine&)>;
  io::Task<base::Status> apply(std::string primary, Change change, std::string journal_detail);
  io::Task<base::Status> persist(std::string primary,
                                 std::optional<failover::Transition> transition,
                                 std::string journal_detail);
  Held& held(std::string_view primary) const;

  Context& context_;
  mutable std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Held>, std::less<>> primaries_;
  std::vector<std::function<void(std::string_view, failover::Mode)>> told_;
};

}  // namespace beredd::service

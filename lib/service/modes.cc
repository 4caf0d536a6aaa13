#include "beredd/service/modes.h"

#include <utility>

#include "beredd/base/log.h"

namespace beredd::service {

using base::Status;
using failover::Machine;
using failover::Mode;
using failover::Transition;

struct Modes::Held {
  Held(const config::Primary& primary, failover::Standing standing)
      : machine(primary.failover, check_names(primary), std::move(standing)) {}

  static std::vector<std::string> check_names(const config::Primary& primary) {
    std::vector<std::string> names;
    for (const config::Check& check : primary.checks) names.push_back(check.name);
    return names;
  }

  Machine machine;
};

Modes::Modes(Context& context) : context_(context) {}
Modes::~Modes() = default;

Status Modes::recover() {
  const auto now = context_.clock.now();
  return context_.store.read([&](const store::ReadTxn& txn) -> Status {
    for (const config::Primary& primary : context_.config->primaries) {
      auto stored = txn.standing(primary.name);
      if (!stored) return stored.error();
      failover::Standing fresh;
      fresh.since = now;
      auto standing = stored->value_or(fresh);
      context_.metrics
          .gauge("beredd_mode", "0 normal, 1 suspect, 2 fallback, 3 probation, 4 handback",
                 base::label("primary", primary.name))
          .set(static_cast<std::int64_t>(standing.mode));
      primaries_.emplace(primary.name, std::make_unique<Held>(primary, std::move(standing)));
    }
    return {};
  });
}

Modes::Held& Modes::held(std::string_view primary) const {
  return *primaries_.find(primary)->second;
}

Mode Modes::mode(std::string_view primary) const {
  const std::lock_guard lock(mutex_);
  return held(primary).machine.mode();
}

PrimaryStanding Modes::standing(std::string_view primary) const {
  const std::lock_guard lock(mutex_);
  const Machine& machine = held(primary).machine;
  return {std::string(primary), machine.standing(), machine.frozen(context_.clock.now()),
          machine.evidence()};
}

bool Modes::dwell_over(std::string_view primary) const {
  const std::lock_guard lock(mutex_);
  return held(primary).machine.dwell_over(context_.clock.now());
}

void Modes::subscribe(std::function<void(std::string_view, Mode)> told) {
  told_.push_back(std::move(told));
}

io::Task<Status> Modes::observe(std::string primary, failover::Observation observation) {
  Change change = [observation](Machine& machine) { return machine.observe(observation); };
  return apply(std::move(primary), std::move(change), {});
}

io::Task<Status> Modes::report(std::string primary, failover::Event event, std::string why) {
  Change change = [this, event, why](Machine& machine) {
    return machine.on(event, context_.clock.now(), why);
  };
  return apply(std::move(primary), std::move(change), {});
}

io::Task<Status> Modes::force(std::string primary, Mode mode, std::string who) {
  Change change = [this, mode, who](Machine& machine) {
    return machine.force(mode, context_.clock.now(), fmt::format("forced by {}", who));
  };
  std::string detail = fmt::format("pinned to {} by {}", failover::name(mode), who);
  return apply(std::move(primary), std::move(change), std::move(detail));
}

io::Task<Status> Modes::release(std::string primary, std::string who) {
  Change change = [this](Machine& machine) -> std::optional<Transition> {
    machine.release(context_.clock.now());
    return std::nullopt;
  };
  std::string detail = fmt::format("given back to the checks by {}", who);
  return apply(std::move(primary), std::move(change), std::move(detail));
}

io::Task<Status> Modes::apply(std::string primary, Change change, std::string journal_detail) {
  std::optional<Transition> transition;
  Mode mode{};
  {
    const std::lock_guard lock(mutex_);
    Machine& machine = held(primary).machine;
    transition = change(machine);
    mode = machine.mode();
  }
  if (!transition && journal_detail.empty()) co_return Status{};
  if (transition) {
    base::log_warning("primary {}: {} -> {}: {}", primary, failover::name(transition->from),
                      failover::name(transition->to), transition->why);
    context_.metrics.gauge("beredd_mode", {}, base::label("primary", primary))
        .set(static_cast<std::int64_t>(mode));
  }
  for (const auto& told : told_) told(primary, mode);
  co_return co_await persist(std::move(primary), std::move(transition), std::move(journal_detail));
}

// The standing is read when the operation runs, so that of two changes on their way to the disk the
// later one always stands.
io::Task<Status> Modes::persist(std::string primary, std::optional<Transition> transition,
                                std::string journal_detail) {
  const auto now = context_.clock.now();
  store::Operation operation = [this, primary, transition, journal_detail,
                                now](store::WriteTxn& txn) -> Status {
    const auto standing = this->standing(primary).standing;
    if (auto put = txn.put_standing(primary, standing); !put) return put;
    if (transition) {
      if (auto added = txn.add_transition({primary, *transition}); !added) return added;
    }
    if (journal_detail.empty()) return {};
    store::JournalEntry entry;
    entry.at = now;
    entry.what = "forced";
    entry.target = primary;
    entry.detail = journal_detail;
    return txn.note(std::move(entry));
  };
  auto written = co_await context_.committer.commit(std::move(operation), base::Bytes(512));
  if (!written) {
    base::log_error("primary {}: the change of mode counts, but is not on disk: {}", primary,
                    base::to_string(written.error()));
  }
  co_return written;
}

}  // namespace beredd::service

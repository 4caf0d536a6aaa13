#include "beredd/service/watch.h"

#include <utility>

#include <boost/asio/post.hpp>

#include "beredd/base/log.h"

namespace beredd::service {

using base::Result;
using failover::Mode;
using failover::Observation;

namespace {

io::Probe probe_of(const config::Check& check) {
  io::Probe probe;
  switch (check.kind) {
    case config::CheckKind::http: probe.kind = io::ProbeKind::http; break;
    case config::CheckKind::smtp: probe.kind = io::ProbeKind::smtp; break;
    case config::CheckKind::imap: probe.kind = io::ProbeKind::imap; break;
    case config::CheckKind::tcp: probe.kind = io::ProbeKind::tcp; break;
  }
  probe.url = check.url;
  probe.expect = check.expect;
  probe.body = check.body;
  probe.at = {check.at.host, check.at.port};
  probe.tls = check.tls;
  probe.timeout = check.timeout;
  return probe;
}

std::string looks_at(const config::Check& check) {
  if (check.kind == config::CheckKind::http) return check.url;
  return fmt::format("{}:{}", check.at.host, check.at.port);
}

}  // namespace

struct Watch::Loop {
  const config::Primary& primary;
  const config::Check& check;
  std::unique_ptr<io::Timer> timer;
  mutable std::mutex mutex;
  std::optional<Observation> last;
};

Watch::Watch(Context& context, Modes& modes, io::Prober& prober, io::Executor executor)
    : context_(context), modes_(modes), prober_(prober), executor_(std::move(executor)) {
  for (const config::Primary& primary : context_.config->primaries) {
    for (const config::Check& check : primary.checks) {
      loops_.push_back(std::unique_ptr<Loop>(
          new Loop{primary, check, context_.timers.make(executor_), {}, std::nullopt}));
    }
  }
}

Watch::~Watch() = default;

void Watch::start() {
  for (auto& loop : loops_) io::spawn(executor_, look_forever(*loop), "watch");
}

void Watch::stop() {
  stopping_ = true;
  for (auto& loop : loops_) loop->timer->wake();
}

std::vector<CheckView> Watch::checks() const {
  std::vector<CheckView> views;
  for (const auto& loop : loops_) {
    const std::lock_guard lock(loop->mutex);
    views.push_back({loop->primary.name, loop->check.name, loop->check.kind, looks_at(loop->check),
                     loop->check.every, loop->last});
  }
  return views;
}

io::Task<void> Watch::look_forever(Loop& loop) {
  while (!stopping_) {
    const auto began = context_.clock.now();
    const Observation seen = co_await look(loop);
    if (stopping_) co_return;
    // What could not be written is logged where it failed; the next look tries again.
    const auto observed = co_await modes_.observe(loop.primary.name, seen);
    static_cast<void>(observed);
    const Mode mode = modes_.mode(loop.primary.name);
    const bool hurry = mode == Mode::suspect || mode == Mode::probation;
    const base::Duration every = hurry ? loop.check.every / 4 : loop.check.every;
    const base::Duration spent = context_.clock.now() - began;
    if (spent < every && spent >= base::Duration::zero()) co_await loop.timer->wait(every - spent);
  }
}

io::Task<Observation> Watch::look(Loop& loop) {
  io::Probe probe = probe_of(loop.check);
  const io::ProbeResult result = co_await prober_.probe(std::move(probe));
  Observation seen{loop.check.name, result.ok, context_.clock.now(), result.saw, false};
  {
    const std::lock_guard lock(loop.mutex);
    loop.last = seen;
  }
  context_.metrics
      .counter(
          result.ok ? "beredd_checks_passed_total" : "beredd_checks_failed_total",
          "Looks at a primary, by outcome",
          base::label("primary", loop.primary.name) + "," + base::label("check", loop.check.name))
      .add();
  co_return seen;
}

io::Task<Result<Observation>> Watch::run(std::string name) {
  Loop* found = nullptr;
  for (auto& loop : loops_) {
    if (name != loop->check.name && name != loop->primary.name + "/" + loop->check.name) continue;
    if (found != nullptr) {
      co_return base::permanent(
          base::Code::conflict,
          fmt::format("several primaries have a check \"{}\": say PRIMARY/{}", name, name));
    }
    found = loop.get();
  }
  if (found == nullptr) {
    co_return base::permanent(base::Code::not_found,
                              fmt::format("no check is called \"{}\"", name));
  }
  Observation seen = co_await look(*found);
  if (auto observed = co_await modes_.observe(found->primary.name, seen); !observed) {
    co_return observed.error();
  }
  co_return seen;
}

}  // namespace beredd::service

// How much the relay may have on its way, by mode.

#include "relay_state.h"

namespace beredd::service {

using failover::Mode;

namespace {
constexpr int kPerConnection = 20;  // messages pipelined on one connection in normal times
}

bool Relay::State::may_give() const {
  if (stopping || mode() == Mode::fallback) return false;
  const store::Switches switches = handback.switches(primary.name);
  if (switches.paused) return false;
  const bool waits_for_a_person =
      primary.start == config::HandbackStart::manual && !switches.released;
  return !(mode() == Mode::probation && waits_for_a_person);
}

int Relay::State::window() const {
  if (!may_give()) return 0;
  switch (mode()) {
    case Mode::normal:
    case Mode::suspect: return primary.target.connections * kPerConnection;
    case Mode::probation: return !canary && modes.dwell_over(primary.name) ? 1 : 0;
    case Mode::handback: return ramp.window();
    case Mode::fallback: break;
  }
  return 0;
}

}  // namespace beredd::service

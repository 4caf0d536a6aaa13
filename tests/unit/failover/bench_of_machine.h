#pragma once
// A machine on the bench: a clock that ticks ten seconds per look, and verbs for what is looked at.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "beredd/failover/machine.h"

namespace beredd::failover {

inline Standing standing_in(Mode mode) {
  Standing standing;
  standing.mode = mode;
  return standing;
}

class Bench {
 public:
  explicit Bench(Settings settings = {}, std::vector<std::string> checks = {"http"},
                 Standing standing = {})
      : machine(settings, std::move(checks), std::move(standing)) {}

  std::optional<Transition> good(const std::string& check = "http") { return look(check, true); }
  std::optional<Transition> bad(const std::string& check = "http") { return look(check, false); }
  std::optional<Transition> good_traffic() { return look("deliveries", true, true); }
  std::optional<Transition> bad_traffic() { return look("deliveries", false, true); }

  // The last transition of `times` looks, if the last look caused one.
  std::optional<Transition> good_times(int times, const std::string& check = "http") {
    for (int i = 1; i < times; ++i) good(check);
    return good(check);
  }
  std::optional<Transition> bad_times(int times, const std::string& check = "http") {
    for (int i = 1; i < times; ++i) bad(check);
    return bad(check);
  }

  // Brings a machine with the default settings and one check from normal to fallback or on from it.
  void fall() { bad_times(3); }
  void rise() { good_times(5); }
  void hand_back() {
    pass(std::chrono::minutes(2));
    machine.on(Event::proven, now, "canary seen");
  }

  void pass(base::Duration time) { now += time; }
  Mode mode() const { return machine.mode(); }

  Machine machine;
  base::Instant now = base::from_micros(1'795'000'000'000'000);

 private:
  std::optional<Transition> look(const std::string& check, bool ok, bool passive = false) {
    pass(std::chrono::seconds(10));
    return machine.observe({check, ok, now, ok ? "HTTP 200" : "connection refused", passive});
  }
};

}  // namespace beredd::failover

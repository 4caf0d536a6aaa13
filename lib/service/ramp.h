#pragma once
// How much may be on its way to a recovering primary at once: a slow start that stops itself. Pure.

#include <array>
#include <cstddef>

namespace beredd::service {

// Window of messages in flight: 1, 5, 20, 80. A window's worth of successes leads one step up; an
// error one step down; kPatience errors in a row without a success between mean that the primary is
// hurt.
class Ramp {
 public:
  static constexpr std::array<int, 4> kSteps = {1, 5, 20, 80};
  static constexpr int kPatience = 3;

  int window() const { return kSteps[step_]; }
  bool hurt() const { return errors_ >= kPatience; }

  void succeeded() {
    errors_ = 0;
    if (++successes_ < kSteps[step_] || step_ + 1 == kSteps.size()) return;
    ++step_;
    successes_ = 0;
  }
  void failed() {
    ++errors_;
    successes_ = 0;
    if (step_ > 0) --step_;
  }
  void restart() { *this = Ramp(); }

 private:
  std::size_t step_ = 0;
  int successes_ = 0;
  int errors_ = 0;
};

}  // namespace beredd::service

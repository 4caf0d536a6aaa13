#pragma once
// The terminal that the desk stands on: ncurses, and nothing else of the program knows it.

#include "desk_model.h"
#include "desk_screen.h"

#include <memory>

#include "beredd/base/result.h"

namespace beredd::beredctl {

// Main thread only. While it lives the terminal is in its hands; what stood there comes back after.
class Terminal {
 public:
  // `colour`: whether colours may be used where the terminal has any. Errors: permanent/unsupported
  // when stdin or stdout is no terminal, or it is of a kind that nobody knows ($TERM).
  static base::Result<std::unique_ptr<Terminal>> open(bool colour);
  virtual ~Terminal() = default;

  virtual Size size() const = 0;
  // Sends what has changed since the last time.
  virtual void show(const Screen& screen) = 0;
  virtual void redraw() = 0;  // all of it, the next time
  // What was typed meanwhile, `resized` when the size is another one. Nothing: no more for now.
  struct Input {
    Pressed pressed;
    bool resized = false;
  };
  virtual std::optional<Input> next() = 0;

  // Gives the terminal to somebody else, and takes it back.
  virtual void leave() = 0;
  virtual void come_back() = 0;
};

}  // namespace beredd::beredctl

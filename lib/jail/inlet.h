#pragma once
// Bytes that come piece by piece, from a socket or from memory of our own: whoever decodes them
// takes what is at hand without a call, and waits only where there is nothing.

#include <algorithm>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "beredd/base/result.h"

namespace beredd::jail {

class Inlet {
 public:
  virtual ~Inlet() = default;
  Inlet(const Inlet&) = delete;
  Inlet& operator=(const Inlet&) = delete;

  std::string_view at_hand() const { return at_hand_; }

  // Fills all of `into`, or fails: then nothing that was taken counts. Errors: those of more().
  base::Status take(std::span<char> into) {
    while (into.size() > at_hand_.size()) {
      into = into.subspan(take_some(into));
      auto next = more();
      if (!next) return next.error();
      at_hand_ = *next;
    }
    take_some(into);
    return {};
  }

  // REQUIRES: so much is at hand.
  std::string_view take_at_hand(std::size_t size) {
    const std::string_view taken = at_hand_.substr(0, size);
    at_hand_.remove_prefix(size);
    return taken;
  }

 protected:
  explicit Inlet(std::string_view at_hand = {}) : at_hand_(at_hand) {}
  // The next bytes, one at least; they stay as they are until the next call.
  virtual base::Result<std::string_view> more() = 0;

 private:
  std::size_t take_some(std::span<char> into) {
    const std::string_view piece = take_at_hand(std::min(into.size(), at_hand_.size()));
    std::copy(piece.begin(), piece.end(), into.begin());
    return piece.size();
  }

  std::string_view at_hand_;
};

// All that there is, and no more. `bytes` must outlive it, and nobody else may write to them.
class WholeInlet final : public Inlet {
 public:
  explicit WholeInlet(std::string_view bytes) : Inlet(bytes) {}

 private:
  base::Result<std::string_view> more() override {
    return base::permanent(base::Code::corrupt, "an answer that ends too soon");
  }
};

}  // namespace beredd::jail

#pragma once
// Looks for a CR or LF that stands alone in a message that comes without an end of its own, in
// pieces: CR at the end of one piece and LF at the beginning of the next are one line end.

#include <string_view>

namespace beredd::smtp {

// Not thread-safe; one per message.
class BareFinder {
 public:
  // How many octets of `bytes` come before the first one that shows a bare CR or LF: the LF itself,
  // or what stands where the LF of a CR should. All of them: none was found.
  std::size_t pass(std::string_view bytes);
  // The message is over and ends in a CR.
  bool ends_bare() const { return after_cr_; }

 private:
  bool after_cr_ = false;
};

}  // namespace beredd::smtp

#pragma once
// Counts the hops that a mail has behind it, while its header streams by (RFC 5321 §6.3). Pure.

#include <cstddef>
#include <string>
#include <string_view>

namespace beredd::service {

class HopCount {
 public:
  static constexpr int kMost = 100;  // of anybody's; RFC 5321 §6.3
  static constexpr int kMostOwn =
      3;  // through this store: forwarding between our desks is no loop yet

  // `own`: what stands in the id clause of every Received header of ours, up to the dot.
  explicit HopCount(std::string_view own) : own_id_("id " + std::string(own) + ".") {}

  // The next piece of the message; what follows the header block is passed over.
  void add(std::string_view bytes);

  bool loops() const { return all_ >= kMost || own_ >= kMostOwn; }

 private:
  void end_line();

  std::string own_id_;
  std::string line_;  // the line under way, its beginning
  bool in_received_ = false;
  bool in_header_ = true;
  int all_ = 0;
  int own_ = 0;
};

}  // namespace beredd::service

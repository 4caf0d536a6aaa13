#pragma once
// The command line, read (CLI11 stays behind it: see command_tree.h).

#include "command.h"

#include <iosfwd>
#include <string>
#include <variant>

namespace beredd::beredctl {

enum class Colour { automatic, always, never };

inline constexpr std::string_view kStandardSocket = "/run/beredd/control.sock";

struct Arguments {
  std::string socket;
  bool json = false;
  Colour colour = Colour::automatic;
  Command command;
};

// Nothing to carry out: help was asked for (0) or the usage is wrong (2). It has been said.
struct Ended {
  int status = 0;
};

// `socket`: used when the line names none. --json and --socket may stand before or after the
// command.
std::variant<Arguments, Ended> read_arguments(int argc, const char* const* argv, std::string socket,
                                              std::ostream& out, std::ostream& err);

}  // namespace beredd::beredctl

#pragma once
// What a worker says by ending.

namespace beredd::jail {

enum class ExitStatus : int {
  done = 0,     // the daemon closed the socket
  no_jail = 3,  // it said why before
  out_of_memory = 4,
  bad_request = 5,  // the daemon asked for what makes no sense
};

}  // namespace beredd::jail

#pragma once
// How a process gives up what reading mail does not need. Linux; one thread.

#include <cstdint>

#include "beredd/base/result.h"

namespace beredd::jail {

constexpr int kSocket = 3;           // the worker's only way out
constexpr int kMostDescriptors = 5;  // that, and the memory which mail comes in

struct Bounds {
  std::uint64_t address_space = 0;  // bytes; 0: none
  std::uint64_t cpu_seconds = 0;    // of the whole process
};

// Before anything is opened or loaded: dies with the daemon, heeds no signal that is meant for it,
// holds no descriptor but the socket, and is the first that the kernel ends when memory is short.
// Errors: permanent/invalid when there is no socket.
base::Status leave_the_daemon();

// Limits of resources, no new privileges, and the filter: from here on a system call that is not on
// the list ends the process. Errors: permanent/unsupported, saying what the system refuses.
base::Status shut(const Bounds& bounds);

}  // namespace beredd::jail

#pragma once
// The whole program but main(): so that a test can be beredd with another reader in its jail.

#include "beredd/jail/worker.h"

namespace beredd::daemon {

// Reads its configuration, opens what it needs, serves until it is told to stop; or, where the
// arguments say so, is the worker that reads mail for a daemon, by `reader`. Returns the exit
// status.
int run_program(int argc, char** argv, const jail::Reader& reader);

}  // namespace beredd::daemon

#pragma once
// What other threads have for the coroutines of an event loop. A commit completes a dozen sessions
// at once: the loop is woken for the first of them, and finds the others.

#include <functional>

#include "beredd/io/task.h"

namespace beredd::io {

// Has `call` run on `executor`, soon and never from within deliver(). From any thread. Calls to one
// loop run in the order of their delivery, between two of its other operations. A loop that ends
// destroys what it has not run.
void deliver(const Executor& executor, std::function<void()> call);

}  // namespace beredd::io

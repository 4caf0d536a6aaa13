#pragma once
// The name of a thread, for whoever looks at the process from outside (top -H, a core dump).

#include <pthread.h>

namespace beredd::base {

// Names the calling thread; at most 15 characters are kept by the system.
inline void name_thread(const char* name) { pthread_setname_np(pthread_self(), name); }

}  // namespace beredd::base

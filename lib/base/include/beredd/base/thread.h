#pragma once
// What a thread is called, and how much it may press.

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

namespace beredd::base {

// Names the calling thread, for whoever looks at the process from outside (top -H, a core dump); at
// most 15 characters are kept by the system.
inline void name_thread(const char* name) { pthread_setname_np(pthread_self(), name); }

// The calling thread runs when others have no use for the processor. Where that is not allowed, it
// runs as before.
inline void give_way() { ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 19); }

}  // namespace beredd::base

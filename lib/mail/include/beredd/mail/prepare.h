#pragma once
// Reading behind a filter of system calls.

namespace beredd::mail {

// Opens, loads and remembers whatever read() and part_bytes() would open, load or look up the first
// time: from then on they need memory, and nothing else of the system. A library that is added to
// reading and opens files of its own belongs in here. One thread.
void prepare();

}  // namespace beredd::mail

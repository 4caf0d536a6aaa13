#pragma once
// The reader's side of the jail: what its process does from its first instruction on.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "beredd/base/result.h"
#include "beredd/mail/reading.h"

namespace beredd::jail {

// What a worker is made for. Tests put hostile ones in; the daemon has mail's own.
struct Reader {
  std::function<void()> prepare;  // all that is opened or loaded lazily, before the jail is shut
  std::function<mail::Reading(std::string_view raw)> read;
  std::function<base::Result<std::string>(std::string_view raw, std::uint32_t index)> part;
};

// mail::prepare, mail::read and mail::part_bytes.
Reader honest();

// The first argument of a program that is started as a worker; jailed_reader() gives it.
constexpr std::string_view kWorkerArgument = "--read-mail";
inline bool is_worker(int argc, char** argv) {
  return argc > 1 && std::string_view(argv[1]) == kWorkerArgument;
}

// Gives up everything but memory, time and the socket at descriptor 3, and answers there until it
// is closed. Returns the exit status of the process. To be called first thing in main(), while
// there is one thread. `argv`: the program, kWorkerArgument, the most bytes of address space, the
// most seconds of computing.
int run_worker(int argc, char** argv, const Reader& reader);

}  // namespace beredd::jail

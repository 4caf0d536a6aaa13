#pragma once
// What a mail can do through the memory that its reader shares with the daemon. Only for programs
// that link with --wrap=mmap --wrap=close: that is how it knows where the memory is, as an attacker
// would who has had time to look around.

#include "little_endian.h"
#include "obedient.h"
#include "wire.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <span>

#include <time.h>

extern "C" void* __real_mmap(void* address, size_t size, int protection, int flags, int file,
                             off_t offset);

namespace beredd::hostile {

struct Shared {
  std::span<char> answers;       // the answer memory
  std::span<char> mail;          // the region that was mapped last
  bool keep_what_comes = false;  // the next descriptor of mail is not closed
  int kept = -1;
};
inline Shared& shared() {
  static Shared all;
  return all;
}

inline void put_at(std::size_t at, std::string_view bytes) {
  std::copy(bytes.begin(), bytes.end(), shared().answers.begin() + static_cast<std::ptrdiff_t>(at));
}

// Answers of which every length is now short and now beyond everything: whoever looks twice sees
// two things.
inline void scribble(std::uint32_t mails) {
  std::string reading;
  jail::encode(mail::Reading(), reading);
  std::string good, bad;
  for (std::uint32_t n = 0; n < mails; ++n) good += reading;
  while (bad.size() < good.size()) bad += '\x7f';
  put_at(jail::kAnswersAt, good);
  say(jail::encode_told({mails, static_cast<std::uint32_t>(good.size())}));
  for (;;) {
    for (std::size_t at = 0; at < good.size(); ++at) {
      put_at(jail::kAnswersAt + at, std::string_view(bad).substr(at, 1));
      put_at(jail::kAnswersAt + at, std::string_view(good).substr(at, 1));
    }
  }
}

// What it has answered so far, and then a string of 64 KiB, of which little ever comes.
inline void drip() {
  say({shared().answers.data(), jail::kAnswersHead});
  say(std::string("\0\0\1\0\0\0\0\0", 8));
  for (;;) {
    say("x");
    for (std::atomic<unsigned> n = 0; n < 100'000; ++n) {
    }
  }
}

// What came of trying to write to mail, in words.
inline std::string try_to_write() {
  std::string out;
  const auto outcome = [&out](const char* what, bool done) {
    out += std::string(what) + (done                                ? ": done\n"
                                : errno == EPERM || errno == EACCES ? ": refused\n"
                                                                    : ": failed otherwise\n");
  };
  const std::span<char> mail = shared().mail;
  outcome("unprotect", ::mprotect(mail.data(), mail.size(), PROT_READ | PROT_WRITE) == 0);
  outcome("map", __real_mmap(nullptr, mail.size(), PROT_READ | PROT_WRITE, MAP_SHARED,
                             shared().kept, 0) != MAP_FAILED);
  return out;
}

inline void compute_for(std::chrono::milliseconds time) {
  const auto used = [] {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
  };
  for (const auto end = used() + time; used() < end;) {
  }
}

// Does what `raw` asks for, and returns what there is to say of it, if that lets it.
inline std::string obey_through_memory(std::string_view raw) {
  const std::string_view deed = deed_of(raw);
  const auto address = [](const void* data) { return reinterpret_cast<long>(data); };
  if (deed == "promise too much") say(jail::encode_told({~0U, ~0U}));
  if (deed == "promise what is not there") say(jail::encode_told({3, 0}));
  if (deed == "promise more than it says") say(jail::encode_told({3, 1000}));
  if (deed == "promise and crash") {
    put_at(0, jail::encode_told({~0U, ~0U}));
    std::abort();
  }
  if (deed == "scribble") scribble(3);
  if (deed == "drip") drip();
  if (deed == "keep what comes") shared().keep_what_comes = true;
  if (deed == "write to mail") return try_to_write();
  if (deed == "shrink memory") call(SYS_ftruncate, shared().kept, 0);
  if (deed == "write mail") call(SYS_pwrite64, shared().kept, address("x"), 1, 0);
  if (deed == "empty memory")
    call(SYS_madvise, address(shared().answers.data()), static_cast<long>(shared().answers.size()),
         MADV_REMOVE);
  if (deed == "compute a little") compute_for(std::chrono::milliseconds(150));
  return {};
}

}  // namespace beredd::hostile

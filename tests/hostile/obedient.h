#pragma once
// A reader that does to its process what a mail tells it, as a parser with a hole would: a mail
// with a line "X-Do: crash" crashes it. Linked into test programs only.

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace beredd::hostile {

inline long call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0,
                 long f = 0) {
  return ::syscall(number, a, b, c, d, e, f);
}

inline std::string_view deed_of(std::string_view raw) {
  constexpr std::string_view kSign = "X-Do: ";
  const std::size_t at = raw.find(kSign);
  if (at == std::string_view::npos) return {};
  raw.remove_prefix(at + kSign.size());
  return raw.substr(0, raw.find_first_of("\r\n"));
}

inline void compute_for_ever() {
  for (std::atomic<unsigned long> n = 0;; ++n) {
  }
}

inline void eat_memory() {
  std::vector<char*> all;
  for (;;) {
    constexpr std::size_t kMuch = 16 << 20;
    char* more = new char[kMuch];
    std::memset(more, 1, kMuch);
    all.push_back(more);
  }
}

inline void say(std::string_view bytes) {
  [[maybe_unused]] const auto written = ::write(3, bytes.data(), bytes.size());
}

// As many answers as no request asks for.
inline void lie() {
  say(std::string("\xff\xff\xff\x7f\0\0\0\0", 8));
  compute_for_ever();
}

// System calls of which none has to do with reading mail. False: `deed` is none of them.
inline bool call_by_name(std::string_view deed) {
  static int mails = 0;
  ++mails;
  const auto address = [](const char* text) { return reinterpret_cast<long>(text); };
  if (deed == "open") return call(SYS_openat, AT_FDCWD, address("/etc/passwd"), O_RDONLY), true;
  if (deed == "create") return call(SYS_openat, AT_FDCWD, address("x"), O_CREAT, 0600), true;
  if (deed == "stat") return call(SYS_newfstatat, AT_FDCWD, address("/etc"), 0, 0), true;
  if (deed == "socket") return call(SYS_socket, AF_INET, SOCK_STREAM), true;
  if (deed == "exec") return call(SYS_execve, address("/bin/true")), true;
  if (deed == "fork") return call(SYS_clone, SIGCHLD), true;
  if (deed == "kill") return call(SYS_kill, ::getppid(), SIGTERM), true;
  if (deed == "trace") return call(SYS_ptrace, 16, 1), true;
  if (deed == "send") return call(SYS_sendmsg, 3), true;
  if (deed == "write elsewhere") return call(SYS_write, 2, address("x"), 1), true;
  if (deed == "wish") return call(SYS_prctl, 4, 1), true;
  if (deed == "raise limits") return call(SYS_prlimit64, 0, 9), true;
  if (deed == "name memory") return call(SYS_memfd_create, address("x")), true;
  if (deed == "run memory")
    return call(SYS_mmap, 0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1), true;
  if (deed == "crash in company" && mails > 1) std::abort();
  return false;
}

// Does what `raw` asks for, and returns if that lets it.
inline void obey(std::string_view raw) {
  const std::string_view deed = deed_of(raw);
  if (deed == "crash") std::abort();
  if (deed == "fault") ::raise(SIGSEGV);
  if (deed == "leave") ::_exit(0);
  if (deed == "compute") compute_for_ever();
  if (deed == "eat") eat_memory();
  if (deed == "lie") lie();
  if (deed == "babble") say(std::string(1 << 16, '\xff'));
  char byte = 0;
  if (deed == "sleep") [[maybe_unused]]
    const auto got = ::read(3, &byte, 1);
  call_by_name(deed);
}

}  // namespace beredd::hostile

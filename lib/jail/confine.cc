#include "confine.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include <fcntl.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace beredd::jail {
namespace {

#ifdef __SANITIZE_ADDRESS__
// Its shadow is terabytes of address space, it asks pipes whether memory is there, and what it
// finds is worth being heard. The tests have a worker without it, in every build, for what differs.
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

base::Error refused(const char* what, int code) {
  return base::permanent(base::Code::unsupported, std::string(what) + ": " + std::strerror(code));
}

base::Status limit(__rlimit_resource which, std::uint64_t most, const char* name) {
  const rlimit bound{most, most};
  if (::setrlimit(which, &bound) != 0) return refused(name, errno);
  return {};
}

base::Status set_limits(const Bounds& bounds) {
  if (bounds.address_space != 0 && !kSanitized) {
    if (auto set = limit(RLIMIT_AS, bounds.address_space, "RLIMIT_AS"); !set) return set;
  }
  constexpr std::array kNone{
      std::pair{RLIMIT_FSIZE, "RLIMIT_FSIZE"}, std::pair{RLIMIT_CORE, "RLIMIT_CORE"},
      std::pair{RLIMIT_NPROC, "RLIMIT_NPROC"}, std::pair{RLIMIT_MEMLOCK, "RLIMIT_MEMLOCK"},
      std::pair{RLIMIT_MSGQUEUE, "RLIMIT_MSGQUEUE"}};
  for (const auto& [which, name] : kNone) {
    if (auto set = limit(which, 0, name); !set) return set;
  }
  if (auto set = limit(RLIMIT_CPU, bounds.cpu_seconds, "RLIMIT_CPU"); !set) return set;
  constexpr int kPipe = kSanitized ? 2 : 0;
  return limit(RLIMIT_NOFILE, kMostDescriptors + kPipe, "RLIMIT_NOFILE");
}

struct Release {
  void operator()(void* filter) const { seccomp_release(filter); }
};

class Filter {
 public:
  // One thread is one process here, so that ending the thread will do where a sandbox around us
  // does not let libseccomp see that the process can be ended.
  Filter() : context_(seccomp_init(SCMP_ACT_KILL_PROCESS)) {
    if (!context_) context_.reset(seccomp_init(SCMP_ACT_KILL));
    if (!context_) failure_ = ENOSYS;
  }

  template <typename... Conditions>
  void allow(int call, Conditions... conditions) {
    if (failure_ != 0) return;
    failure_ = -seccomp_rule_add(context_.get(), SCMP_ACT_ALLOW, call, sizeof...(conditions),
                                 conditions...);
  }

  base::Status load() {
    if (failure_ == 0) failure_ = -seccomp_load(context_.get());
    if (failure_ != 0) return refused("seccomp", failure_);
    return {};
  }

 private:
  std::unique_ptr<void, Release> context_;
  int failure_ = 0;
};

void allow_memory(Filter& filter) {
  // Never executable: what a mail brings stays data.
  const auto not_executable = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
  filter.allow(SCMP_SYS(mmap), not_executable);
  filter.allow(SCMP_SYS(mprotect), not_executable);
  for (const int call : {SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(brk)}) filter.allow(call);
  // What the allocator says. Other advice can take pages out of memory that is shared.
  filter.allow(SCMP_SYS(madvise), SCMP_A2(SCMP_CMP_EQ, MADV_DONTNEED));
  if (kSanitized) filter.allow(SCMP_SYS(madvise));
}

void allow_socket(Filter& filter) {
  const auto at_socket = SCMP_A0(SCMP_CMP_EQ, kSocket);
  filter.allow(SCMP_SYS(read), at_socket);
  filter.allow(SCMP_SYS(write), at_socket);
  filter.allow(SCMP_SYS(recvmsg), at_socket);
  filter.allow(SCMP_SYS(close));
  filter.allow(SCMP_SYS(lseek), SCMP_A0(SCMP_CMP_EQ, kSocket + 1));
  if (kSanitized) {
    filter.allow(SCMP_SYS(write));
    filter.allow(SCMP_SYS(pipe2));
    filter.allow(SCMP_SYS(sigaltstack));  // at every throw
  }
}

void allow_process(Filter& filter) {
  for (const int call :
       {SCMP_SYS(exit_group), SCMP_SYS(exit), SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask),
        SCMP_SYS(restart_syscall), SCMP_SYS(futex), SCMP_SYS(sched_yield), SCMP_SYS(getpid),
        SCMP_SYS(gettid), SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(time),
        SCMP_SYS(getrandom), SCMP_SYS(rt_sigaction)}) {
    filter.allow(call);
  }
  // abort() signals itself.
  filter.allow(SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(::getpid())));
}

void nothing_at(int descriptor) {
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0) {
    ::close(descriptor);
  } else if (null != descriptor) {
    ::dup2(null, descriptor);
    ::close(null);
  }
}

void be_the_first_to_go() {
  const int file = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file < 0) return;  // no /proc: the kernel chooses by size
  [[maybe_unused]] const auto written = ::write(file, "1000", 4);
  ::close(file);
}

}  // namespace

base::Status leave_the_daemon() {
  // Whoever stops the daemon often signals the whole group; what is being read is finished, and
  // when the daemon goes, the socket and this process go with it.
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGUSR1, SIGUSR2}) {
    std::signal(signal, SIG_IGN);
  }
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return refused("PR_SET_PDEATHSIG", errno);
  int kind = 0;
  socklen_t size = sizeof(kind);
  if (::getsockopt(kSocket, SOL_SOCKET, SO_TYPE, &kind, &size) != 0 || kind != SOCK_STREAM) {
    return base::permanent(base::Code::invalid,
                           "--read-mail is for beredd itself: descriptor 3 is not its socket");
  }
  if (::close_range(kSocket + 1, ~0U, 0) != 0) return refused("close_range", errno);
  nothing_at(STDIN_FILENO);
  nothing_at(STDOUT_FILENO);
  if (!kSanitized) nothing_at(STDERR_FILENO);
  be_the_first_to_go();
  return {};
}

base::Status shut(const Bounds& bounds) {
  if (auto set = set_limits(bounds); !set) return set;
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return refused("PR_SET_NO_NEW_PRIVS", errno);
  if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return refused("PR_SET_DUMPABLE", errno);
  Filter filter;
  allow_memory(filter);
  allow_socket(filter);
  allow_process(filter);
  return filter.load();
}

}  // namespace beredd::jail

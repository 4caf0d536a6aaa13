#include "worker_process.h"

#include "confine.h"
#include "exit_status.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

namespace beredd::jail {
namespace {

constexpr base::Duration kGlance = std::chrono::milliseconds(100);
constexpr base::Duration kLongestPoll = std::chrono::seconds(60);
constexpr Allowance kToStart{std::chrono::seconds(20), std::chrono::seconds(60)};

base::Error failed(std::string_view what, int code) {
  return base::transient(base::Code::io, std::string(what) + ": " + std::strerror(code));
}

// What posix_spawn() wants, freed at the end.
class SpawnPlan {
 public:
  explicit SpawnPlan(int socket) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    // Also where it stands at 3 already: copying a descriptor to itself lets it outlive exec.
    ::posix_spawn_file_actions_adddup2(&actions_, socket, kSocket);
    ::posix_spawn_file_actions_addclosefrom_np(&actions_, kSocket + 1);
    sigset_t none;
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK);
  }
  ~SpawnPlan() {
    ::posix_spawnattr_destroy(&attributes_);
    ::posix_spawn_file_actions_destroy(&actions_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

// Nothing of the daemon's environment, which names its credentials; a sanitizer's options are ours.
std::vector<std::string> environment() {
#ifdef __SANITIZE_ADDRESS__
  return {"ASAN_OPTIONS=detect_leaks=0:handle_segv=0:handle_abort=0:allocator_may_return_null=0"};
#else
  return {};
#endif
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (std::string& one : strings) out.push_back(one.data());
  out.push_back(nullptr);
  return out;
}

}  // namespace

io::ReaderEnd reader_end(Halt halt, int wait_status) {
  if (halt == Halt::cpu) return io::ReaderEnd::cpu;
  if (halt == Halt::wall) return io::ReaderEnd::wall;
  if (halt == Halt::none) return io::ReaderEnd::garbled;  // it would have gone on talking
  if (WIFSIGNALED(wait_status)) {
    switch (WTERMSIG(wait_status)) {
      case SIGSYS: return io::ReaderEnd::forbidden;
      case SIGXCPU: return io::ReaderEnd::cpu;
      case SIGKILL: return io::ReaderEnd::memory;  // nobody but the kernel does that to it
      default: return io::ReaderEnd::crash;
    }
  }
  if (WEXITSTATUS(wait_status) == static_cast<int>(ExitStatus::out_of_memory))
    return io::ReaderEnd::memory;
  return io::ReaderEnd::crash;
}

base::Result<std::unique_ptr<WorkerProcess>> WorkerProcess::start(const Command& command) {
  auto answers = AnswerMemory::make();
  if (!answers) return answers.error();
  std::unique_ptr<WorkerProcess> worker(new WorkerProcess(command.stop_event, *std::move(answers)));
  if (auto spawned = worker->spawn(command); !spawned) return spawned.error();
  const auto greeted = worker->send(encode_hello(), worker->answers_.descriptor());
  worker->allow({kToStart});
  if (auto ready = decode_ready(*worker); !ready) {
    const Halt halt = worker->halt();
    if (halt == Halt::none || halt == Halt::stopped) return ready.error();
    return base::transient(
        base::Code::io,
        "a mail reader " + std::string(io::explanation(worker->end())) + " while it started");
  }
  if (!greeted) return greeted.error();
  return worker;
}

base::Status WorkerProcess::spawn(const Command& command) {
  int pair[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
    return failed("socketpair", errno);
  socket_ = pair[0];
  SpawnPlan plan(pair[1]);
  std::vector<std::string> arguments = command.arguments;
  std::vector<std::string> variables = environment();
  const int code = ::posix_spawn(&pid_, command.program.c_str(), &plan.actions_, &plan.attributes_,
                                 pointers(arguments).data(), pointers(variables).data());
  ::close(pair[1]);
  if (code == 0) return {};
  pid_ = -1;
  return failed("a mail reader cannot be started: " + command.program, code);
}

WorkerProcess::~WorkerProcess() {
  kill();
  if (socket_ >= 0) ::close(socket_);
}

void WorkerProcess::kill() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);  // one that has ended keeps its own status
  while (::waitpid(pid_, &wait_status_, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

io::ReaderEnd WorkerProcess::end() {
  kill();
  return reader_end(halt_, wait_status_);
}

base::Status WorkerProcess::send(std::string_view request, std::uint8_t slot, int memory) {
  if (auto cleared = answers_.clear_head(); !cleared) return cleared;
  auto sent = send(request, memory);
  if (sent && slot != 0) has_[slot] = true;
  return sent;
}

base::Status WorkerProcess::send(std::string_view bytes, int descriptor) {
  iovec piece{const_cast<char*>(bytes.data()), bytes.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  if (descriptor >= 0) {
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* ancillary = CMSG_FIRSTHDR(&message);
    ancillary->cmsg_level = SOL_SOCKET;
    ancillary->cmsg_type = SCM_RIGHTS;
    ancillary->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(ancillary), &descriptor, sizeof(descriptor));
  }
  ssize_t sent = 0;
  do {
    sent = ::sendmsg(socket_, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  } while (sent < 0 && errno == EINTR);
  // A request is small, and nothing else is under way to an idle worker: it goes whole.
  if (sent == static_cast<ssize_t>(bytes.size())) return {};
  return base::transient(base::Code::closed, "the mail reader has ended");
}

void WorkerProcess::allow(std::vector<Allowance> each) {
  allowances_ = std::move(each);
  at_ = 0;
  counting_ = false;
}

base::Result<Told> WorkerProcess::told(std::size_t mails) {
  const auto head = answers_.copy(0, kAnswersHead);
  if (!head) return head.error();
  WholeInlet inlet(*head);
  return decode_told(inlet, mails);
}

base::Result<std::string_view> WorkerProcess::answers(const Told& told) {
  return answers_.copy(kAnswersAt, told.bytes);
}

base::Result<std::string_view> WorkerProcess::more() {
  for (;;) {
    const ssize_t got = ::recv(socket_, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (got > 0) return std::string_view(buffer_.data(), static_cast<std::size_t>(got));
    if (got < 0 && errno == EINTR) continue;
    if (got == 0 || errno != EAGAIN) return give_up(Halt::closed).error();
    if (auto waited = wait(); !waited) return waited.error();
  }
}

// An answer that lies in the memory is told there: the next one is waited for, with its own
// allowance.
bool WorkerProcess::has_come_on() {
  if (at_ + 1 >= allowances_.size()) return false;
  const auto so_far = told(allowances_.size());
  if (!so_far || so_far->answers <= at_) return false;
  at_ = std::min<std::size_t>(so_far->answers, allowances_.size() - 1);
  counting_ = false;
  return true;
}

base::Status WorkerProcess::wait() {
  if (!counting_) {
    counting_ = true;
    wall_began_ = Steady::now();
    cpu_began_ = cpu_used();
  }
  const auto wall_spent = std::chrono::duration_cast<base::Duration>(Steady::now() - wall_began_);
  const Allowance& allowance = allowances_[at_];
  const base::Duration cpu_left = allowance.cpu - (cpu_used() - cpu_began_);
  const base::Duration wall_left = allowance.wall - wall_spent;
  std::array<pollfd, 2> both{pollfd{socket_, POLLIN, 0}, pollfd{stop_event_, POLLIN, 0}};
  // One thread computes no faster than time goes by.
  const base::Duration longest = at_ + 1 < allowances_.size() ? kGlance : kLongestPoll;
  const auto patience = std::chrono::ceil<std::chrono::milliseconds>(
      std::clamp(std::min(cpu_left, wall_left), base::Duration::zero(), longest));
  const int ready = ::poll(both.data(), both.size(), static_cast<int>(patience.count()));
  if (ready < 0 && errno != EINTR) return give_up(Halt::closed);
  if (ready > 0 && both[1].revents != 0) return give_up(Halt::stopped);
  // What has come counts, late as it may be; but not drop by drop for ever.
  if (ready > 0 && wall_spent < 2 * allowance.wall) return {};
  if (has_come_on()) return {};
  if (cpu_left <= base::Duration::zero()) return give_up(Halt::cpu);
  if (wall_left <= base::Duration::zero()) return give_up(Halt::wall);
  return {};
}

base::Status WorkerProcess::give_up(Halt why) {
  halt_ = why;
  if (why == Halt::stopped) return base::transient(base::Code::cancelled, "reading was stopped");
  return base::transient(base::Code::closed, "the mail reader gives no answer");
}

base::Duration WorkerProcess::cpu_used() const {
  clockid_t clock{};
  timespec used{};
  if (::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &used) != 0) return {};
  return std::chrono::duration_cast<base::Duration>(std::chrono::seconds(used.tv_sec) +
                                                    std::chrono::nanoseconds(used.tv_nsec));
}

}  // namespace beredd::jail

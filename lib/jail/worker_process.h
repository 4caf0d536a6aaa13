#pragma once
// One worker, as the daemon holds it: a child process and a socket. Blocks; one thread at a time,
// and the thread that starts it must outlive it, because it dies with that thread.

#include "wire.h"

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

#include "beredd/base/result.h"
#include "beredd/base/units.h"
#include "beredd/io/mail_reader.h"

namespace beredd::jail {

// What one answer may cost.
struct Allowance {
  base::Duration cpu{}, wall{};
};

// Why an answer did not come.
enum class Halt { none, closed, cpu, wall, stopped };

// How a worker ended, from why no more was read of it and from what waitpid() says.
io::ReaderEnd reader_end(Halt halt, int wait_status);

class WorkerProcess {
 public:
  struct Command {
    std::string program;
    std::vector<std::string> arguments;  // the first is its name
    int stop_event = -1;                 // readable: whoever waits gives up
  };
  // Returns when the worker has shut itself in. Errors: transient/io; permanent/unsupported with
  // what the system refuses to the worker; transient/cancelled.
  static base::Result<std::unique_ptr<WorkerProcess>> start(const Command& command);
  ~WorkerProcess();  // kills it
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  // Errors: transient/closed when it has ended.
  base::Status send(std::string_view request, int memory);
  // The next answer may cost this much, counted from when it is first waited for. Where more are to
  // come behind it, they are given time to gather: to be woken for each costs as much as to read
  // it.
  enum class Behind { nothing, more };
  void allow(const Allowance& allowance, Behind behind = Behind::nothing);
  // Fills `into` with what comes next. Errors: transient/closed, halt() says why.
  base::Status read(std::span<char> into);
  Halt halt() const { return halt_; }
  // Kills it and says how it ended.
  io::ReaderEnd end();
  base::Duration cpu_used() const;

 private:
  using Steady = std::chrono::steady_clock;

  explicit WorkerProcess(int stop_event) : stop_event_(stop_event) {}
  base::Status spawn(const Command& command);
  base::Status fill();
  base::Status wait();
  base::Status give_up(Halt why);
  int kill_and_wait();

  const int stop_event_;
  pid_t pid_ = -1;
  int socket_ = -1;
  Halt halt_ = Halt::none;
  Allowance allowance_;
  bool counting_ = false;
  bool gathering_ = false;  // wait a little before asking the system to be woken
  Steady::time_point wall_began_;
  base::Duration cpu_began_{};
  std::array<char, 65536> buffer_;
  std::size_t begin_ = 0, end_ = 0;  // what is in the buffer
};

}  // namespace beredd::jail

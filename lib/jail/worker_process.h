#pragma once
// One worker, as the daemon holds it: a child process and a socket. Blocks; one thread at a time,
// and the thread that starts it must outlive it, because it dies with that thread.

#include "inlet.h"
#include "unnamed_memory.h"
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

// What it says over the socket comes out of it as an Inlet. Errors of that: transient/closed,
// halt() says why.
class WorkerProcess final : public Inlet {
 public:
  struct Command {
    std::string program;
    std::vector<std::string> arguments;  // the first is its name
    int stop_event = -1;                 // readable: whoever waits gives up
  };
  // Returns when the worker has shut itself in. Errors: transient/io; permanent/unsupported with
  // what the system refuses to the worker; transient/cancelled.
  static base::Result<std::unique_ptr<WorkerProcess>> start(const Command& command);
  ~WorkerProcess() override;  // kills it

  // Whether it has mapped the region of `slot`; never so for 0.
  bool has(std::uint8_t slot) const { return has_[slot]; }
  // `memory` goes with the request, for good where it is that of a slot; -1: it has it already.
  // Errors: transient/closed when it has ended; transient/io.
  base::Status send(std::string_view request, std::uint8_t slot, int memory);
  // The answers that come next may cost so much, one after the other; counted from when it is first
  // waited for them. In the answer memory they come unseen: how far it is is looked at now and
  // then, so that one may take a tenth of a second longer.
  void allow(std::vector<Allowance> each);
  // What it says in the answer memory, to a request for `mails`, also when it has ended.
  // Errors: transient/io; permanent/corrupt.
  base::Result<Told> told(std::size_t mails);
  // A copy of the first so many bytes of answers there, valid until told() is asked or waited for.
  // Errors: transient/io.
  base::Result<std::string_view> answers(const Told& told);
  Halt halt() const { return halt_; }
  void kill();
  // Kills it and says how it ended.
  io::ReaderEnd end();
  base::Duration cpu_used() const;

 private:
  using Steady = std::chrono::steady_clock;

  WorkerProcess(int stop_event, AnswerMemory answers)
      : stop_event_(stop_event), answers_(std::move(answers)) {}
  base::Status spawn(const Command& command);
  base::Status send(std::string_view bytes, int descriptor);
  base::Result<std::string_view> more() override;
  base::Status wait();
  bool has_come_on();
  base::Status give_up(Halt why);

  const int stop_event_;
  AnswerMemory answers_;
  std::array<bool, kSlots + 1> has_{};
  pid_t pid_ = -1;
  int wait_status_ = 0;
  int socket_ = -1;
  Halt halt_ = Halt::none;
  std::vector<Allowance> allowances_;
  std::size_t at_ = 0;  // the answer that is waited for, of those
  bool counting_ = false;
  Steady::time_point wall_began_;
  base::Duration cpu_began_{};
  std::array<char, 65536> buffer_;
};

}  // namespace beredd::jail

#pragma once
// Reading foreign mail as a port: the daemon reads in a jail (beredd/jail), which a mail may end;
// tests read in process, or have a script say how it goes.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/result.h"
#include "beredd/io/task.h"
#include "beredd/mail/reading.h"

namespace beredd::io {

// The raw bytes of mails, on their way to a reader: written mail by mail, in pieces.
class MailBatch {
 public:
  virtual ~MailBatch() = default;
  // To the mail that is being written. Errors: transient/io when there is no memory for it.
  virtual base::Status append(std::string_view piece) = 0;
  virtual void end_mail() = 0;            // it is whole; the next append() begins another
  virtual void drop_mail() = 0;           // what was written of it is forgotten
  virtual std::size_t mails() const = 0;  // that are whole
};

// How a reader ended that did not finish.
enum class ReaderEnd {
  crash,      // a signal, or an exit that nobody asked for
  cpu,        // more computing than a mail of that size may take
  wall,       // no answer in time
  memory,     // more memory than a reader may have
  forbidden,  // a system call that reading mail does not need
  garbled,    // an answer that no honest reader gives
};
std::string_view name(ReaderEnd end);         // "crash", for metrics
std::string_view explanation(ReaderEnd end);  // "crashed", for "its reader ..."

// What became of some mails, in their order. Neither `ended` nor as many readings as mails: the
// reader was replaced meanwhile, and whoever asked asks for the rest.
struct ReadMails {
  std::vector<mail::Reading> readings;
  std::optional<ReaderEnd> ended;  // at the mail behind `readings`
};

class MailReader {
 public:
  virtual ~MailReader() = default;
  virtual std::unique_ptr<MailBatch> batch() = 0;
  // Whether mail can be read at present. Errors: those of read().
  virtual Task<base::Status> ready() = 0;
  // Reads the mails [first, first + count) of `batch`, a batch of this reader that nobody writes to
  // any more. A reader that ended is replaced by the next call; one that reads a single mail is
  // always a new one when `alone` says so. One call at a time reads, the others wait.
  // Errors: transient/io when no reader can be started; transient/cancelled after stop().
  enum class Company { shared, alone };
  virtual Task<base::Result<ReadMails>> read(std::shared_ptr<MailBatch> batch, std::size_t first,
                                             std::size_t count, Company company) = 0;
  // The decoded bytes of leaf `index` of the first mail of `batch`.
  // Errors: those of mail::part_bytes and of read(); permanent/corrupt when the reader ended by it.
  virtual Task<base::Result<std::string>> part(std::shared_ptr<MailBatch> batch,
                                               std::uint32_t index) = 0;
  // Ends what is being read; every call gives transient/cancelled from now on. Any thread.
  virtual void stop() = 0;
};

// Reads where it is called: for tests on simulated time, where mail is not hostile.
std::unique_ptr<MailReader> in_process_reader();

}  // namespace beredd::io

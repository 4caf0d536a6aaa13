#pragma once
// One IMAP connection (RFC 3501, RFC 9051) through libetpan. Its calls block; one thread at a time.

#include "blocking_socket.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/clock.h"
#include "beredd/base/result.h"
#include "beredd/remote/imap_target.h"

struct mailimap;

namespace beredd::remote {

// What became of a message that was put into a mailbox.
struct Appended {
  enum class Kind {
    taken,
    later,    // the server, or the network, says later
    never,    // no mailbox of this server can hold it
    unknown,  // all of it was sent, and no answer came
  };
  Kind kind = Kind::later;
  std::string words;  // the server's, one line; of what was taken, its UID where UIDPLUS names it
};

class ImapSession {
 public:
  // Connects, starts TLS as the options say, and logs in. Errors: transient/unreachable, /timeout,
  // /tls, /refused (a greeting or a login that says no), /closed, /cancelled.
  static base::Result<std::unique_ptr<ImapSession>> open(
      const ImapOptions& options, std::shared_ptr<const Cancellation> cancellation);
  ~ImapSession();
  ImapSession(const ImapSession&) = delete;
  ImapSession& operator=(const ImapSession&) = delete;

  // APPEND (§6.3.12), with its INTERNALDATE and without flags. A mailbox that is not there is made.
  Appended append(const std::string& mailbox, std::string_view content, base::Instant date);

  // Opens a mailbox for reading only; what came into it since the last call can be found after it.
  // Errors: transient/not_found for a mailbox of which the server says that it is not there
  // (NONEXISTENT, RFC 5530), /refused, and those of open().
  base::Status examine(const std::string& mailbox);
  // Of the open mailbox: the UIDs of messages not older than the day before `since` that have
  // `part` in a header field `field`. Errors: as examine().
  base::Result<std::vector<std::uint32_t>> find(const std::string& field, const std::string& part,
                                                base::Instant since);
  std::uint32_t uid_validity() const;  // of the open mailbox
  // Octets of a message (RFC822.SIZE); 0 for one that is gone.
  base::Result<base::Bytes> size(std::uint32_t uid);
  // The message as it lies there, `size` octets, piece by piece; nothing becomes \Seen.
  base::Status read(std::uint32_t uid, base::Bytes size,
                    const std::function<void(std::string_view piece)>& piece);

  bool alive() const { return alive_; }
  void log_out();

 private:
  struct FreeImap {
    void operator()(mailimap* session) const;
  };

  ImapSession(ImapOptions options, std::unique_ptr<BlockingSocket> socket);
  base::Status greet();
  base::Status start_tls();
  base::Status log_in();
  static constexpr base::Bytes kAnswers = base::mebibytes(4);  // of those that carry no message

  // Before each command: its time, and what may come in for it.
  void begin(base::Bytes budget, base::Bytes transfer = {});
  // The server's words of its last answer, with their code: "[OVERQUOTA] the mailbox is full".
  std::string words() const;
  base::Status failure(int result, std::string_view what);
  Appended append_once(const std::string& mailbox, std::string_view content, base::Instant date,
                       bool& mailbox_missing);

  const ImapOptions options_;
  std::unique_ptr<BlockingSocket> socket_;
  std::unique_ptr<mailimap, FreeImap> imap_;
  std::string examined_;
  bool alive_ = true;
};

}  // namespace beredd::remote

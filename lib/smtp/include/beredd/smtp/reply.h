#pragma once
// Replies: three digits, an enhanced status code, text (RFC 5321 §4.2, RFC 2034, RFC 3463).
// Shared by the server, which writes them, and the client, which reads them.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/result.h"

namespace beredd::smtp {

struct Reply {
  int code = 0;                    // 200..599
  std::string enhanced;            // "2.1.0", or empty
  std::vector<std::string> lines;  // without code; at least one, may be empty

  bool positive() const { return code >= 200 && code < 300; }
  bool intermediate() const { return code >= 300 && code < 400; }
  bool transient() const { return code >= 400 && code < 500; }
  bool permanent() const { return code >= 500; }
};

Reply reply(int code, std::string enhanced, std::string text);

// On the wire, CRLF-terminated, "250-" on all lines but the last. Text is cut so that a line holds
// at most 512 octets; control characters and bytes over 0x7E become '?'.
std::string wire(const Reply& reply);
// One line for logs and receipts: "550 5.7.1 not here".
std::string one_line(const Reply& reply);

// The public text for a failure of ours: made from the class and the code, never from the detail.
Reply reply_for(const base::Error& error);

// Gathers the lines of one reply. Limits: 2,048 octets a line, 128 lines a reply.
class ReplyReader {
 public:
  // Takes one line without CRLF. A reply when it was the last line, nothing when more follow.
  // Errors: permanent/invalid on anything that is no reply line; the reader is then unusable.
  base::Result<std::optional<Reply>> line(std::string_view line);

 private:
  Reply gathering_;
  bool unusable_ = false;
};

}  // namespace beredd::smtp

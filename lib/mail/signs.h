#pragma once
// The header fields that tell who or what wrote a mail. Beside header_block.h, which yields what a
// mail says: these say how it came about, and most of them have no standard.

#include <string>
#include <string_view>
#include <vector>

namespace beredd::mail {

struct Signs {
  bool auto_reply = false;  // X-Autoreply, X-Autorespond, X-Auto-Response-Suppress, Precedence …
  bool vacation = false;    // X-Vacation and its like
  bool list = false;        // List-Id (RFC 2919), List-Post (RFC 2369), X-Mailing-List …
  bool bulk = false;        // Precedence, List-Unsubscribe, X-Campaign
  bool null_return_path = false;        // Return-Path: <>
  bool daemon_return_path = false;      // Return-Path: <MAILER-DAEMON…>
  std::vector<std::string> failed;      // X-Failed-Recipients, lower case
  std::vector<std::string> former_ids;  // X-Original-Message-ID and its like
  std::vector<std::string> loop_marks;  // X-Loop and its like, lower case
  std::vector<std::string> answered;    // whatever stands in brackets in In-Reply-To
  std::string thread_index;             // Thread-Index: the first 22 bytes in hex; empty: none
};

// `header`: the raw block of the message, up to its empty line. Linear.
Signs signs_of(std::string_view header);

}  // namespace beredd::mail

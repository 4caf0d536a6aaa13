#include "socket_error.h"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include "beredd/base/text.h"

namespace beredd::io {

std::string system_words(int number) {
  std::string words = std::generic_category().message(number);
  if (!words.empty()) words.replace(0, 1, base::lower(words.substr(0, 1)));
  return words;
}

base::Error lost_stream(int number, std::string_view what) {
  std::string detail = fmt::format("{}: {}", what, system_words(number));
  switch (number) {
    case ECONNRESET:
    case EPIPE:
    case ECONNABORTED:
    case ENOTCONN:
    case ESHUTDOWN:
    case ETIMEDOUT:  // the kernel gave up on retransmitting or on keep-alives
    case EHOSTUNREACH:
    case ENETUNREACH:
    case ENETDOWN: return base::transient(base::Code::closed, std::move(detail));
    default: return base::transient(base::Code::io, std::move(detail));
  }
}

base::Error stream_timeout(std::string_view what) {
  return base::transient(base::Code::timeout,
                         fmt::format("{}: nothing came within its time", what));
}

base::Error stream_cancelled() {
  return base::transient(base::Code::cancelled, "the stream was closed on our side");
}

base::Error stream_ended() {
  return base::transient(base::Code::closed, "read: the peer has ended");
}

}  // namespace beredd::io

#pragma once
// What RFC 5321 says about data, a second time and as simply as it can be said: over the whole
// stream at once, with no state. The DataReader is held against it.

#include <optional>
#include <string>
#include <string_view>

namespace beredd::testing {

struct ReferenceData {
  std::string message;   // as sent, without transparency and the final dot
  bool bare = false;     // it holds a CR or LF that stands alone
  std::size_t used = 0;  // octets of the stream, with the final dot
};

// A CR or LF that stands alone: what stays when every CRLF has been taken out.
inline bool has_bare_line_end(std::string message) {
  for (auto at = message.find("\r\n"); at != message.npos; at = message.find("\r\n", at)) {
    message.replace(at, 2, "  ");
  }
  return message.find_first_of("\r\n") != message.npos;
}

// Nothing when the end is not in `stream`.
inline std::optional<ReferenceData> read_data_reference(std::string_view stream) {
  // A CRLF put in front makes the empty message no special case.
  const std::string padded = "\r\n" + std::string(stream);
  const auto end = padded.find("\r\n.\r\n");
  if (end == std::string::npos) return {};
  ReferenceData data;
  data.used = end + 3;
  const std::string raw = padded.substr(0, end + 2);
  for (std::size_t i = 2; i < raw.size(); ++i) {
    const bool lone_cr = raw[i] == '\r' && (i + 1 == raw.size() || raw[i + 1] != '\n');
    const bool lone_lf = raw[i] == '\n' && raw[i - 1] != '\r';
    data.bare = data.bare || lone_cr || lone_lf;
    const bool stuffed = raw[i] == '.' && raw[i - 1] == '\n' && raw[i - 2] == '\r';
    if (!stuffed) data.message += raw[i];
  }
  return data;
}

}  // namespace beredd::testing

#include "plain_text.h"

#include <algorithm>
#include <cstring>

namespace beredd::mail {
namespace {

struct FlowedLine {
  std::size_t depth = 0;
  std::string_view text;
  bool flows = false;  // goes on in the next line
};

FlowedLine flowed_line(std::string_view line) {
  FlowedLine out;
  while (out.depth < line.size() && line[out.depth] == '>') ++out.depth;
  out.text = line.substr(out.depth);
  if (out.text.starts_with(' ')) out.text.remove_prefix(1);
  // "-- " is the signature's separator, not half a paragraph.
  out.flows = out.text.ends_with(' ') && out.text != "-- ";
  return out;
}

}  // namespace

std::string with_line_feeds(std::string text) {
  const void* first = std::memchr(text.data(), '\r', text.size());
  if (first == nullptr) return text;
  std::size_t to = static_cast<std::size_t>(static_cast<const char*>(first) - text.data());
  std::size_t from = to;
  while (from < text.size()) {
    // Here text[from] is a CR.
    const bool crlf = from + 1 < text.size() && text[from + 1] == '\n';
    text[to++] = '\n';
    from += crlf ? 2 : 1;
    const std::size_t next = std::min(text.find('\r', from), text.size());
    std::memmove(text.data() + to, text.data() + from, next - from);
    to += next - from;
    from = next;
  }
  text.resize(to);
  return text;
}

std::string unflow(std::string_view text, bool delete_space) {
  std::string out;
  out.reserve(text.size());
  std::size_t depth_before = 0;
  bool joins = false;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const bool ended = end != std::string_view::npos;
    const FlowedLine line = flowed_line(text.substr(0, end));
    text.remove_prefix(ended ? end + 1 : text.size());
    if (joins && (line.depth != depth_before || line.text == "-- ")) {
      out.push_back('\n');
      joins = false;
    }
    if (!joins && line.depth > 0) out.append(line.depth, '>').push_back(' ');
    std::string_view said = line.text;
    if (line.flows && delete_space) said.remove_suffix(1);
    out.append(said);
    joins = line.flows;
    depth_before = line.depth;
    if (!joins && ended) out.push_back('\n');
  }
  if (joins) out.push_back('\n');
  return out;
}

bool is_blank_text(std::string_view utf8) {
  for (std::size_t i = 0; i < utf8.size();) {
    const std::string_view rest = utf8.substr(i);
    if (static_cast<unsigned char>(utf8[i]) <= ' ') {
      i += 1;
    } else if (rest.starts_with("\xC2\xA0")) {  // no-break space
      i += 2;
    } else if (rest.starts_with("\xE2\x80\x8B") || rest.starts_with("\xEF\xBB\xBF") ||
               rest.starts_with("\xE3\x80\x80")) {  // zero width, byte order mark, ideographic
      i += 3;
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace beredd::mail

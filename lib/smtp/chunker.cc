#include "chunker.h"

#include "command.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace beredd::smtp {

void Chunker::piece(std::string_view bytes) {
  while (!bytes.empty()) {
    if (std::exchange(after_cr_, false)) {
      held_ += "\r\n";
      if (bytes.front() == '\n') {
        bytes.remove_prefix(1);
        continue;
      }
    }
    const auto cr = std::min(bytes.find('\r'), bytes.size());
    const auto run = std::min(bytes.substr(0, cr).find('\n'), cr);
    held_ += bytes.substr(0, run);
    if (run == bytes.size()) return;
    after_cr_ = bytes[run] == '\r';
    if (!after_cr_) held_ += "\r\n";
    bytes.remove_prefix(run + 1);
  }
}

void Chunker::end() {
  if (std::exchange(after_cr_, false)) held_ += "\r\n";
  ended_ = true;
}

std::optional<Chunker::Chunk> Chunker::next() {
  const bool last = ended_ && held_.size() <= size_;
  if (last_given_ || (!last && held_.size() <= size_)) return {};
  last_given_ = last;
  const auto count = std::min(held_.size(), size_);
  Chunk chunk{command(Verb::bdat, fmt::format("{}{}", count, last ? " LAST" : "")), last};
  chunk.wire.append(held_, 0, count);
  held_.erase(0, count);
  return chunk;
}

}  // namespace beredd::smtp

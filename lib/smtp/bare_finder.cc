#include "bare_finder.h"

#include <algorithm>

namespace beredd::smtp {

std::size_t BareFinder::pass(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (after_cr_) {
      if (bytes[at] != '\n') return at;
      after_cr_ = false;
      ++at;
      continue;
    }
    const auto cr = std::min(bytes.find('\r', at), bytes.size());
    const auto lf = bytes.substr(0, cr).find('\n', at);
    if (lf != std::string_view::npos) return lf;
    after_cr_ = cr < bytes.size();
    at = std::min(cr + 1, bytes.size());
  }
  return at;
}

}  // namespace beredd::smtp

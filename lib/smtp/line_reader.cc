#include "line_reader.h"

#include <algorithm>
#include <utility>

namespace beredd::smtp {

LineReader::Found LineReader::read(std::string_view& input) {
  if (std::exchange(complete_, false)) line_.clear();
  while (!input.empty()) {
    if (std::exchange(after_cr_, false)) {
      if (input.front() != '\n') return Found::bare;
      input.remove_prefix(1);
      return end_line();
    }
    const auto length = std::min(input.find_first_of("\r\n"), input.size());
    if (line_.size() + length > kMaxLine - 2) too_long_ = true;
    if (!too_long_) line_.append(input.substr(0, length));
    input.remove_prefix(length);
    if (input.empty()) break;
    if (input.front() == '\n') return Found::bare;
    after_cr_ = true;
    input.remove_prefix(1);
  }
  return Found::nothing;
}

LineReader::Found LineReader::end_line() {
  complete_ = true;
  return std::exchange(too_long_, false) ? Found::too_long : Found::line;
}

}  // namespace beredd::smtp

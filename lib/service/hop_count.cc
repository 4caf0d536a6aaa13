#include "hop_count.h"

#include <algorithm>

#include "beredd/base/text.h"

namespace beredd::service {

namespace {

constexpr std::string_view kField = "received:";
constexpr std::size_t kKept = 1000;  // a line's rest says nothing that is counted

}  // namespace

void HopCount::add(std::string_view bytes) {
  while (in_header_ && !bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const std::string_view part = bytes.substr(0, end);
    line_.append(part.substr(0, kKept - std::min(kKept, line_.size())));
    if (end == std::string_view::npos) return;
    bytes.remove_prefix(end + 1);
    end_line();
  }
}

void HopCount::end_line() {
  const std::string_view line = base::trim(line_);
  const bool continued = !line_.empty() && (line_.front() == ' ' || line_.front() == '\t');
  if (line.empty() && !continued) in_header_ = false;
  if (!continued) {
    in_received_ = base::same_ignoring_case(line.substr(0, kField.size()), kField);
    if (in_received_) ++all_;
  }
  if (in_received_ && line.find(own_id_) != std::string_view::npos) ++own_;
  line_.clear();
}

}  // namespace beredd::service

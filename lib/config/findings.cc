#include "findings.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "beredd/base/text.h"

namespace beredd::config {

void Findings::add(int line, std::string_view text, bool fatal) {
  const std::string place = line > 0 ? fmt::format("{}:{}", file_, line) : file_;
  const std::string whole = fmt::format("{} ({})", text, place);
  const int rank = line > 0 ? line : std::numeric_limits<int>::max();
  found_.push_back({rank, {base::for_terminal(whole), fatal}});
}

bool Findings::fatal() const {
  return std::any_of(found_.begin(), found_.end(),
                     [](const Finding& one) { return one.problem.fatal; });
}

std::vector<Problem> Findings::in_file_order() const {
  std::vector<Finding> sorted = found_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Finding& a, const Finding& b) { return a.line < b.line; });
  std::vector<Problem> problems;
  problems.reserve(sorted.size());
  for (Finding& one : sorted) problems.push_back(std::move(one.problem));
  return problems;
}

}  // namespace beredd::config

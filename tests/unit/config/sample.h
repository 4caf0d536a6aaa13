#pragma once
// The smallest good configuration, and what one edit of it leads to.

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "beredd/base/text.h"
#include "beredd/config/config.h"

namespace beredd::config {

inline constexpr std::string_view kSmallest = R"([smtp]
hostname = "mx2.example.org"
[[desk]]
name = "support"
addresses = ["support@example.org"]
primary = "helpdesk"
[[primary]]
name = "helpdesk"
target = { host = "in.helpdesk.example" }
[[primary.check]]
kind = "tcp"
)";

// One edit of kSmallest: a line put below line `line`, or in its place.
struct Edit {
  enum class How { below, instead };
  How how;
  int line;
  std::string text;
};

inline Edit below(int line, std::string text) { return {Edit::How::below, line, std::move(text)}; }
inline Edit instead(int line, std::string text) {
  return {Edit::How::instead, line, std::move(text)};
}

inline std::string edited(const Edit& edit) {
  std::string out;
  int number = 0;
  for (const std::string_view line : base::split(base::trim(kSmallest), '\n')) {
    ++number;
    const bool here = number == edit.line;
    if (!here || edit.how == Edit::How::below) out += std::string(line) + '\n';
    if (here) out += edit.text + '\n';
  }
  return edit.line == 0 ? edit.text + '\n' + out : out;
}

inline std::vector<std::string> texts_of(const std::vector<Problem>& problems) {
  std::vector<std::string> texts;
  for (const Problem& problem : problems)
    texts.push_back((problem.fatal ? "" : "warning: ") + problem.text);
  return texts;
}

inline std::vector<std::string> problems_in(std::string_view toml) {
  return texts_of(parse(toml, "beredd.toml").problems);
}

// A table-driven case: its name is a sentence in CamelCase.
struct Case {
  std::string sentence;
  Edit edit;
  std::vector<std::string> problems;
};

inline void PrintTo(const Case& one, std::ostream* out) { *out << one.edit.text; }

inline std::string sentence_of(const testing::TestParamInfo<Case>& info) {
  return info.param.sentence;
}

inline std::string contents_of(const std::string& file) {
  std::ifstream in(file);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace beredd::config

#pragma once
// What is wrong with a file, gathered in any order and told in the file's.

#include <string>
#include <string_view>
#include <vector>

#include "beredd/config/config.h"

namespace beredd::config {

class Findings {
 public:
  explicit Findings(std::string file) : file_(std::move(file)) {}

  // `line` 0: the file as a whole; such findings come last.
  void error(int line, std::string_view text) { add(line, text, true); }
  void warning(int line, std::string_view text) { add(line, text, false); }
  bool fatal() const;
  std::vector<Problem> in_file_order() const;

 private:
  struct Finding {
    int line;
    Problem problem;
  };
  void add(int line, std::string_view text, bool fatal);

  std::string file_;
  std::vector<Finding> found_;
};

}  // namespace beredd::config

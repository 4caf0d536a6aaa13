#pragma once
// What is wrong with a mail, noted once each while it is read.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace beredd::mail {

class Defects {
 public:
  // The texts are constants of ours, so their number is small and comparing them all is cheap.
  void add(std::string_view what) {
    if (!has(what)) list_.emplace_back(what);
  }
  bool has(std::string_view what) const {
    return std::find(list_.begin(), list_.end(), what) != list_.end();
  }
  std::vector<std::string> take() { return std::move(list_); }
  const std::vector<std::string>& list() const { return list_; }

 private:
  std::vector<std::string> list_;
};

}  // namespace beredd::mail

#pragma once
// The plain page that HTML is rendered on.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace beredd::mail {

// Lines as they come out: blanks collapse, blank lines are held back until text follows.
class Page {
 public:
  void word(std::string_view text) {
    if (line_is_empty_) begin_line();
    if (space_) out_.push_back(' ');
    space_ = false;
    out_.append(text);
  }
  void blank() { space_ = !line_is_empty_ && !out_.ends_with('\t'); }
  void tab() {
    space_ = false;
    if (!line_is_empty_) word("\t");
  }
  // Ends the line if there is one, and asks for `blank_lines` before the next text.
  void line_end(unsigned blank_lines) {
    if (!line_is_empty_) {
      while (out_.ends_with('\t') || out_.ends_with(' ')) out_.pop_back();
      out_.push_back('\n');
      line_is_empty_ = true;
    }
    space_ = false;
    if (!out_.empty()) pending_ = std::max(pending_, blank_lines);
  }
  // <br>: an empty line if the line is empty.
  void line_break() {
    if (line_is_empty_) {
      if (!out_.empty()) pending_ = std::min(pending_ + 1, 3U);
      return;
    }
    line_end(0);
  }
  void quote_in() {
    line_end(0);
    depth_ = std::min(depth_ + 1, kDeepestQuote);
  }
  void quote_out() {
    line_end(0);
    depth_ = depth_ > 0 ? depth_ - 1 : 0;
  }
  std::size_t size() const { return out_.size(); }
  std::string_view since(std::size_t at) const {
    return std::string_view(out_).substr(std::min(at, out_.size()));
  }

  std::string finish() {
    line_end(0);
    return std::move(out_);
  }

 private:
  static constexpr std::size_t kDeepestQuote = 8;

  void begin_line() {
    for (; pending_ > 0; --pending_) {
      quote_marks();
      out_.push_back('\n');
    }
    quote_marks();
    line_is_empty_ = false;
    space_ = false;
  }
  void quote_marks() {
    for (std::size_t i = 0; i < depth_; ++i) out_.append("> ");
  }

  std::string out_;
  std::size_t depth_ = 0;
  unsigned pending_ = 0;
  bool line_is_empty_ = true;
  bool space_ = false;
};

}  // namespace beredd::mail

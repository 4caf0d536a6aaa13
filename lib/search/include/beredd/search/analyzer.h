#pragma once
// Which terms a text is found under, in the clear; search/lexicon.h hides them.
//
// Nobody knows which language a mail is in, and many are in two. So a word stands under its stem in
// each of Swedish, Finnish, Norwegian and English, and whoever looks for a word looks for any of
// its stems: the word itself, which has the same four, is among what is found. What has no stem, a
// number or a name in another script, stands under itself.

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/search/tokens.h"

namespace beredd::search {

// Where a word stands. A word of a narrower field also stands in `any`.
enum class Field : char { any = 'w', from = 'f', subject = 's', file = 'n' };

// Not for two threads at once: stemmers keep state.
class Analyzer {
 public:
  Analyzer();
  ~Analyzer();
  Analyzer(Analyzer&&) noexcept;
  Analyzer& operator=(Analyzer&&) noexcept;

  // The terms that a mail which says `compound` is found under: every token's forms, kept and
  // plain; characters of scripts without spaces alone and in pairs; the compound as a whole and
  // what of it follows an @ or a dot while a dot remains ("mail.example.org", "example.org").
  std::vector<std::string> terms_of(std::string_view compound) const;

  // What one token of a query is looked for under: its stems, or itself; nothing twice.
  std::vector<std::string> forms_of(const Token& token) const;

 private:
  struct Stemmers;
  void add_forms(const std::string& word, std::vector<std::string>& forms) const;

  std::unique_ptr<Stemmers> stemmers_;
};

}  // namespace beredd::search

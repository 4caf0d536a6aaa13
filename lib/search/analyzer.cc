#include "beredd/search/analyzer.h"

#include <algorithm>

#include <xapian.h>

namespace beredd::search {
namespace {

constexpr std::size_t kLeastToStem = 3;   // bytes; a shorter word is all stem
constexpr std::size_t kMostToStem = 48;   // a longer one is no word
constexpr std::size_t kMostSuffixes = 4;  // of a compound

// Only words of letters that these languages have: a stem of "b2" or of Greek would be chance.
bool has_stems(std::string_view word) {
  if (word.size() < kLeastToStem || word.size() > kMostToStem) return false;
  for (std::size_t at = 0; at < word.size(); ++at) {
    if (word[at] >= 'a' && word[at] <= 'z') continue;
    const std::string_view two = word.substr(at, 2);
    if (two != "å" && two != "ä" && two != "ö") return false;
    ++at;
  }
  return true;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

void keep_once(std::vector<std::string>& terms) {
  std::sort(terms.begin(), terms.end());
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
}

void add_both(const Token& token, std::vector<std::string>& terms) {
  terms.push_back(token.kept);
  if (token.plain != token.kept) terms.push_back(token.plain);
}

void add_compound(std::string_view compound, std::vector<std::string>& terms) {
  add_both(fold(compound), terms);
  std::size_t at = compound.find_first_of("@.");
  for (std::size_t n = 0; n < kMostSuffixes && at != std::string_view::npos; ++n) {
    const std::string_view rest = compound.substr(at + 1);
    if (rest.find('.') == std::string_view::npos) break;
    add_both(fold(rest), terms);
    at = compound.find_first_of("@.", at + 1);
  }
}

}  // namespace

struct Analyzer::Stemmers {
  Xapian::Stem swedish{"swedish"}, finnish{"finnish"}, norwegian{"norwegian"}, english{"english"};
};

Analyzer::Analyzer() : stemmers_(std::make_unique<Stemmers>()) {}
Analyzer::~Analyzer() = default;
Analyzer::Analyzer(Analyzer&&) noexcept = default;
Analyzer& Analyzer::operator=(Analyzer&&) noexcept = default;

void Analyzer::add_forms(const std::string& word, std::vector<std::string>& forms) const {
  if (!has_stems(word)) {
    forms.push_back(word);
    return;
  }
  forms.push_back(stemmers_->swedish(word));
  forms.push_back(stemmers_->finnish(word));
  forms.push_back(stemmers_->english(word));
  // Norwegian knows its own two letters only.
  const std::string own = replaced(replaced(word, "ä", "æ"), "ö", "ø");
  forms.push_back(replaced(replaced(stemmers_->norwegian(own), "æ", "ä"), "ø", "ö"));
}

std::vector<std::string> Analyzer::forms_of(const Token& token) const {
  std::vector<std::string> forms;
  add_forms(token.kept, forms);
  keep_once(forms);
  return forms;
}

std::vector<std::string> Analyzer::terms_of(std::string_view compound) const {
  std::vector<std::string> terms;
  const std::vector<Token> tokens = tokens_of(compound);
  const Token* before = nullptr;
  for (const Token& token : tokens) {
    add_forms(token.kept, terms);
    if (token.plain != token.kept) add_forms(token.plain, terms);
    if (token.character && before != nullptr) terms.push_back(before->kept + token.kept);
    before = token.character ? &token : nullptr;
  }
  if (tokens.size() > 1) add_compound(compound, terms);
  std::erase(terms, std::string());
  keep_once(terms);
  return terms;
}

}  // namespace beredd::search

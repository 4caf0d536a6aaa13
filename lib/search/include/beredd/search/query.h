#pragma once
// What somebody looks for. Pure; any thread.
//
//   word          a mail of the ticket says it, or another form of it
//   "two words"   one after the other, in these forms
//   from:anna  subject:"late delivery"  file:pdf
//
// All of it must be found in the ticket, though not in the same mail. An address or a host
// ("anna@example.org", "example.org") is looked for as a whole; so is a version or a file's name
// with a dot in it. Other words that a sign holds together ("e-mail") are several words.

#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/result.h"
#include "beredd/search/analyzer.h"

namespace beredd::search {

// One of its terms, in the clear, must stand in `field`.
struct Clause {
  Field field = Field::any;
  std::vector<std::string> any_of;
  friend bool operator==(const Clause&, const Clause&) = default;
};

// What the index cannot tell: whoever wants to be sure reads the mails.
struct Phrase {
  Field field = Field::any;
  std::vector<Token> tokens;
  friend bool operator==(const Phrase&, const Phrase&) = default;
};

struct Query {
  std::vector<Clause> all_of;
  std::vector<Phrase> phrases;  // each one's words are clauses too
};

inline constexpr std::size_t kMostWords = 32;
inline constexpr std::size_t kMostQueryBytes = 1024;

// Errors: permanent/invalid, in words for whoever typed it.
base::Result<Query> parse_query(std::string_view text, const Analyzer& analyzer);

}  // namespace beredd::search

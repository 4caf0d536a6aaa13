#pragma once
// How a text falls into tokens, and how a token is folded. Pure; any thread.
//
// A token is a run of letters, digits and marks. Tokens that only . @ - _ + or an apostrophe holds
// together are one compound: "anna@mail.example.org" is one compound of four tokens. Scripts that
// put no space between words (Han, Kana, Hangul, Thai, Lao, Khmer, Burmese) are cut into single
// characters, which whoever looks for them takes in pairs.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace beredd::search {

// A token as it is compared. `kept`: lower case, compatibility forms and diacritics resolved (é is
// e, ß is ss), but å, ä and ö stay, æ is ä and ø is ö: the languages of the north tell them apart
// and spell each other's names. `plain`: the same with å and ä as a, ö as o, so that they are found
// from any keyboard. Neither is longer than kMostTokenBytes; both empty: nothing to look for.
struct Token {
  std::string kept;
  std::string plain;
  bool character = false;  // one of a script without spaces
  friend bool operator==(const Token&, const Token&) = default;
};

inline constexpr std::size_t kMostTokenBytes = 96;
inline constexpr std::size_t kMostCompoundBytes = 254;  // an address's longest (RFC 5321 §4.5.3.1)

// Calls `take` with every compound of `text` (UTF-8; what is not, parts tokens), as it is written.
void each_compound(std::string_view text, const std::function<void(std::string_view)>& take);

// The tokens of a compound, in order, folded.
std::vector<Token> tokens_of(std::string_view compound);
// All tokens of a text, in order.
std::vector<Token> tokens_of_text(std::string_view text);

// A compound folded as one, its joints kept. `character` means nothing here.
Token fold(std::string_view compound);

// Does `phrase` stand in `text`, token after token? An å of the phrase is only found by an å, an a
// by both.
bool stands_in(const std::vector<Token>& phrase, std::string_view text);

}  // namespace beredd::search

#pragma once
// The terms of mails as numbers that tell nothing without the key.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "beredd/mail/envelope.h"
#include "beredd/mail/reading.h"
#include "beredd/search/analyzer.h"
#include "beredd/search/query.h"
#include "beredd/vault/key.h"

namespace beredd::search {

// The first 6 bytes, big-endian, of the HMAC-SHA256 of a term and its field. In an index of ten
// million terms, one word in 28 million that nobody wrote is taken for another and finds too much.
using Term = std::uint64_t;

// Of a mail, no more than this much text is taken up.
inline constexpr std::size_t kMostText = std::size_t{256} * 1024;

// Not for two threads at once. Remembers, in memory, the terms of the last compounds that it met:
// most words of a mail were in the one before.
class Lexicon {
 public:
  explicit Lexicon(vault::Key key) : key_(std::move(key)) {}

  // Every term of a mail, ascending, nothing twice: its subject, its people with the envelope's
  // sender, its text and the names of its attachments.
  std::vector<Term> terms_of(const mail::Envelope& envelope, const mail::Reading& reading);

  // For Index::find(): of each clause, the terms of which one must be there.
  std::vector<std::vector<Term>> terms_of(const Query& query) const;

  const Analyzer& analyzer() const { return analyzer_; }
  void forget();  // what it remembers

 private:
  void add(Field field, std::string_view text, std::vector<Term>& terms);
  void add_person(const mail::Address& person, std::vector<Term>& terms);
  const std::vector<Term>& remembered(Field field, std::string_view compound);
  Term hidden(Field field, std::string_view term) const;

  vault::Key key_;
  Analyzer analyzer_;
  std::unordered_map<std::string, std::vector<Term>> known_;
  std::string name_;  // of the compound at hand in known_; kept for its memory
};

// Does a mail say this phrase, where its field wants it?
bool says(const mail::Envelope& envelope, const mail::Reading& reading, const Phrase& phrase);

}  // namespace beredd::search

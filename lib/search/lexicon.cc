#include "beredd/search/lexicon.h"

#include <algorithm>

#include "beredd/vault/seal.h"

namespace beredd::search {
namespace {

constexpr std::size_t kTermBytes = 6;
constexpr std::size_t kMostKnown = 65'536;  // compounds; some 10 MiB with their terms
constexpr std::size_t kLongToKnow = 40;     // a longer compound hardly comes again

std::string_view text_taken_up(const mail::Reading& reading) {
  return std::string_view(reading.text).substr(0, kMostText);
}

// Of the null path, nothing.
std::string sender_of(const mail::Envelope& envelope) {
  return envelope.reverse_path ? envelope.reverse_path->text() : std::string();
}

bool any_says(const std::vector<mail::Address>& people, const std::vector<Token>& phrase) {
  return std::any_of(people.begin(), people.end(), [&](const mail::Address& person) {
    return stands_in(phrase, person.name) || stands_in(phrase, person.address);
  });
}

bool sender_says(const mail::Envelope& envelope, const mail::Reading& reading,
                 const std::vector<Token>& phrase) {
  return any_says(reading.from, phrase) || stands_in(phrase, sender_of(envelope));
}

bool file_says(const mail::Reading& reading, const std::vector<Token>& phrase) {
  return std::any_of(
      reading.attachments.begin(), reading.attachments.end(),
      [&](const mail::Attachment& attachment) { return stands_in(phrase, attachment.name); });
}

}  // namespace

Term Lexicon::hidden(Field field, std::string_view term) const {
  std::string text(1, static_cast<char>(field));
  text += term;
  const vault::Blind blind = vault::blind(key_, text);
  Term number = 0;
  for (std::size_t i = 0; i < kTermBytes; ++i) {
    number = number << 8 | std::to_integer<Term>(blind[i]);
  }
  return number;
}

const std::vector<Term>& Lexicon::remembered(Field field, std::string_view compound) {
  name_.assign(1, static_cast<char>(field));
  name_ += compound;
  if (const auto found = known_.find(name_); found != known_.end()) return found->second;
  if (known_.size() >= kMostKnown) known_.clear();
  std::vector<Term> terms;
  for (const std::string& term : analyzer_.terms_of(compound)) {
    terms.push_back(hidden(field, term));
  }
  return known_.emplace(name_, std::move(terms)).first->second;
}

void Lexicon::add(Field field, std::string_view text, std::vector<Term>& terms) {
  each_compound(text, [&](std::string_view compound) {
    if (compound.size() <= kLongToKnow) {
      const std::vector<Term>& found = remembered(field, compound);
      terms.insert(terms.end(), found.begin(), found.end());
      return;
    }
    for (const std::string& term : analyzer_.terms_of(compound)) {
      terms.push_back(hidden(field, term));
    }
  });
}

void Lexicon::add_person(const mail::Address& person, std::vector<Term>& terms) {
  add(Field::any, person.name, terms);
  add(Field::any, person.address, terms);
}

std::vector<Term> Lexicon::terms_of(const mail::Envelope& envelope, const mail::Reading& reading) {
  std::vector<Term> terms;
  add(Field::any, reading.subject, terms);
  add(Field::subject, reading.subject, terms);
  const std::string sender = sender_of(envelope);
  add(Field::any, sender, terms);
  add(Field::from, sender, terms);
  for (const mail::Address& person : reading.from) {
    add_person(person, terms);
    add(Field::from, person.name, terms);
    add(Field::from, person.address, terms);
  }
  for (const auto* people : {&reading.to, &reading.cc, &reading.reply_to}) {
    for (const mail::Address& person : *people) add_person(person, terms);
  }
  for (const mail::Attachment& attachment : reading.attachments) {
    add(Field::any, attachment.name, terms);
    add(Field::file, attachment.name, terms);
  }
  add(Field::any, text_taken_up(reading), terms);
  std::sort(terms.begin(), terms.end());
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
  return terms;
}

std::vector<std::vector<Term>> Lexicon::terms_of(const Query& query) const {
  std::vector<std::vector<Term>> all_of;
  for (const Clause& clause : query.all_of) {
    std::vector<Term> any_of;
    for (const std::string& term : clause.any_of) any_of.push_back(hidden(clause.field, term));
    all_of.push_back(std::move(any_of));
  }
  return all_of;
}

void Lexicon::forget() { known_ = {}; }

bool says(const mail::Envelope& envelope, const mail::Reading& reading, const Phrase& phrase) {
  const std::vector<Token>& words = phrase.tokens;
  switch (phrase.field) {
    case Field::from: return sender_says(envelope, reading, words);
    case Field::subject: return stands_in(words, reading.subject);
    case Field::file: return file_says(reading, words);
    case Field::any: break;
  }
  return stands_in(words, reading.subject) || stands_in(words, text_taken_up(reading)) ||
         sender_says(envelope, reading, words) || file_says(reading, words) ||
         any_says(reading.to, words) || any_says(reading.cc, words) ||
         any_says(reading.reply_to, words);
}

}  // namespace beredd::search

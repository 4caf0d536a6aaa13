#include "beredd/search/lexicon.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::search {
namespace {

vault::Key key_of(unsigned char byte) {
  std::array<std::byte, vault::Key::kSize> bytes{};
  bytes.fill(std::byte{byte});
  return vault::Key(bytes);
}

mail::Reading letter() {
  mail::Reading reading;
  reading.subject = "Försenad leverans";
  reading.from = {{"Anna Ångström", "anna@example.org"}};
  reading.to = {{"Support", "support@example.com"}};
  reading.text = "Paketet har inte kommit.\nMvh Anna\n";
  mail::Attachment file;
  file.name = "kvitto_2026.pdf";
  reading.attachments = {file};
  return reading;
}

bool found(std::string_view query, const mail::Reading& reading = letter(),
           const mail::Envelope& envelope = {}) {
  Lexicon lexicon(key_of(1));
  const auto terms = lexicon.terms_of(envelope, reading);
  const auto all_of = lexicon.terms_of(*parse_query(query, lexicon.analyzer()));
  return std::all_of(all_of.begin(), all_of.end(), [&](const std::vector<Term>& any_of) {
    return std::any_of(any_of.begin(), any_of.end(), [&](Term term) {
      return std::binary_search(terms.begin(), terms.end(), term);
    });
  });
}

TEST(Lexicon, AMailIsFoundByItsSubjectPeopleTextAndFiles) {
  for (const char* query :
       {"försenad", "forsenad", "leveranser", "anna", "angstrom", "anna@example.org",
        "support@example.com", "paket", "kvitto", "kvitto_2026.pdf"}) {
    EXPECT_TRUE(found(query)) << query;
  }
  EXPECT_FALSE(found("faktura"));
  EXPECT_TRUE(found("leverans paketet anna"));
  EXPECT_FALSE(found("leverans faktura"));
}

TEST(Lexicon, AFieldFindsOnlyWhatStandsInIt) {
  EXPECT_TRUE(found("subject:leverans"));
  EXPECT_FALSE(found("subject:paketet"));
  EXPECT_TRUE(found("from:anna"));
  EXPECT_TRUE(found("from:example.org"));
  EXPECT_FALSE(found("from:support"));
  EXPECT_TRUE(found("file:pdf"));
  EXPECT_FALSE(found("file:paketet"));
}

TEST(Lexicon, TheEnvelopesSenderIsOneOfTheSenders) {
  mail::Envelope envelope;
  envelope.reverse_path = mail::Mailbox{"bounce", "lists.example.net"};
  EXPECT_TRUE(found("from:lists.example.net", letter(), envelope));
}

TEST(Lexicon, TermsTellNothingWithoutTheKey) {
  Lexicon one(key_of(1)), other(key_of(2));
  const auto terms = one.terms_of({}, letter());
  const auto others = other.terms_of({}, letter());
  ASSERT_EQ(terms.size(), others.size());
  std::vector<Term> both;
  std::set_intersection(terms.begin(), terms.end(), others.begin(), others.end(),
                        std::back_inserter(both));
  EXPECT_TRUE(both.empty());
}

TEST(Lexicon, TheSameWordInTwoFieldsIsTwoTermsThatTellNothingOfEachOther) {
  Lexicon lexicon(key_of(1));
  const auto any = lexicon.terms_of(*parse_query("4711", lexicon.analyzer()));
  const auto subject = lexicon.terms_of(*parse_query("subject:4711", lexicon.analyzer()));
  EXPECT_NE(any, subject);
}

TEST(Lexicon, RemembersMoreWordsThanItKeepsAndStillSaysTheSame) {
  Lexicon lexicon(key_of(1));
  mail::Reading many;
  for (int n = 0; n < 40'000; ++n) many.text += std::to_string(n) + " ";
  const auto first = lexicon.terms_of({}, many);
  lexicon.forget();
  EXPECT_EQ(first, lexicon.terms_of({}, many));
  EXPECT_EQ(first.size(), 40'000u);
}

TEST(Lexicon, OfAnEndlessTextTheBeginningIsTakenUp) {
  mail::Reading endless = letter();
  endless.text = "first " + std::string(kMostText, '.') + " last";
  EXPECT_TRUE(found("first", endless));
  EXPECT_FALSE(found("last", endless));
}

TEST(Phrases, AreVerifiedWhereTheirFieldWantsThem) {
  const Analyzer analyzer;
  const auto says_it = [&](std::string_view query) {
    return says({}, letter(), parse_query(query, analyzer)->phrases.front());
  };
  EXPECT_TRUE(says_it("\"inte kommit\""));
  EXPECT_TRUE(says_it("\"forsenad leverans\""));
  EXPECT_FALSE(says_it("\"kommit inte\""));
  EXPECT_TRUE(says_it("subject:\"försenad leverans\""));
  EXPECT_FALSE(says_it("subject:\"inte kommit\""));
  EXPECT_TRUE(says_it("from:\"Anna Ångström\""));
  EXPECT_TRUE(says_it("file:\"kvitto 2026\""));
}

}  // namespace
}  // namespace beredd::search

// Which words find which: the terms of what was written meet the forms of what is looked for.

#include "beredd/search/analyzer.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::search {
namespace {

using testing::Contains;
using testing::Not;

bool finds(std::string_view looked_for, std::string_view written) {
  const Analyzer analyzer;
  const auto terms = analyzer.terms_of(written);
  const auto forms = analyzer.forms_of(fold(looked_for));
  return std::find_first_of(terms.begin(), terms.end(), forms.begin(), forms.end()) != terms.end();
}

struct Pair {
  std::string_view looked_for, written;
};

class Stems : public testing::TestWithParam<Pair> {};

TEST_P(Stems, FindOtherFormsOfTheirWord) {
  EXPECT_TRUE(finds(GetParam().looked_for, GetParam().written));
  EXPECT_TRUE(finds(GetParam().written, GetParam().looked_for));
}

INSTANTIATE_TEST_SUITE_P(Swedish, Stems,
                         testing::Values(Pair{"faktura", "fakturor"}, Pair{"bil", "bilarna"},
                                         Pair{"räkning", "räkningar"},
                                         Pair{"leverans", "leveranser"},
                                         Pair{"användare", "användaren"}));
INSTANTIATE_TEST_SUITE_P(Norwegian, Stems,
                         testing::Values(Pair{"regning", "regninger"}, Pair{"bruker", "brukere"},
                                         Pair{"brev", "brevene"}, Pair{"kjøp", "kjøpet"}));
INSTANTIATE_TEST_SUITE_P(Finnish, Stems,
                         testing::Values(Pair{"lasku", "laskun"}, Pair{"laskujen", "lasku"},
                                         Pair{"asiakas", "asiakas"}, Pair{"talo", "talossa"}));
INSTANTIATE_TEST_SUITE_P(English, Stems,
                         testing::Values(Pair{"invoice", "invoices"}, Pair{"delay", "delayed"},
                                         Pair{"connect", "connection"},
                                         Pair{"printer", "printers"}));

TEST(Analyzer, AWordFindsItselfInAnyCase) {
  EXPECT_TRUE(finds("INVOICE", "invoice"));
  EXPECT_TRUE(finds("привет", "Привет"));
}

TEST(Analyzer, OtherWordsAreNotFound) {
  EXPECT_FALSE(finds("invoice", "printer"));
  EXPECT_FALSE(finds("order", "border"));
}

TEST(Analyzer, APlainLetterFindsTheLetterOfTheNorthButNotTheOtherWayRound) {
  EXPECT_TRUE(finds("rakning", "räkning"));
  EXPECT_TRUE(finds("rakningar", "räkningar"));
  EXPECT_FALSE(finds("får", "far"));
  EXPECT_TRUE(finds("far", "får"));
}

TEST(Analyzer, NumbersAndCodesHaveNoStems) {
  const Analyzer analyzer;
  EXPECT_THAT(analyzer.forms_of(fold("AB12s")), testing::ElementsAre("ab12s"));
  EXPECT_FALSE(finds("4711", "47111"));
}

TEST(Analyzer, AnAddressIsFoundByItselfItsPartsAndItsDomains) {
  const Analyzer analyzer;
  const auto terms = analyzer.terms_of("anna.berg@mail.example.org");
  for (const char* term :
       {"anna.berg@mail.example.org", "mail.example.org", "example.org", "anna", "berg"}) {
    EXPECT_THAT(terms, Contains(term));
  }
  EXPECT_THAT(terms, Not(Contains("berg@mail")));
}

TEST(Analyzer, CharactersWithoutSpacesStandAloneAndInPairs) {
  const Analyzer analyzer;
  EXPECT_THAT(analyzer.terms_of("東京都"),
              testing::IsSupersetOf({"東", "京", "都", "東京", "京都"}));
}

TEST(Analyzer, SaysNothingTwice) {
  const Analyzer analyzer;
  const auto terms = analyzer.terms_of("mail-mail-mail");
  EXPECT_EQ(std::adjacent_find(terms.begin(), terms.end()), terms.end());
}

}  // namespace
}  // namespace beredd::search

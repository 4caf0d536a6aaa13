#include "beredd/search/query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::search {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const Analyzer analyzer;

Query parsed(std::string_view text) {
  auto query = parse_query(text, analyzer);
  EXPECT_TRUE(query.ok()) << text;
  return query.value_or(Query{});
}

std::string refusal(std::string_view text) {
  const auto query = parse_query(text, analyzer);
  if (query) return "taken";
  EXPECT_EQ(query.error().code, base::Code::invalid);
  EXPECT_EQ(query.error().fault, base::Fault::permanent);
  return query.error().detail;
}

TEST(Query, EveryWordIsAClause) {
  const Query query = parsed("  late\tinvoice ");
  ASSERT_THAT(query.all_of, SizeIs(2));
  EXPECT_EQ(query.all_of[0].field, Field::any);
  EXPECT_THAT(query.all_of[1].any_of, Contains("invoic"));
  EXPECT_THAT(query.phrases, IsEmpty());
}

TEST(Query, AFieldRestrictsWhatFollowsIt) {
  const Query query = parsed("from:anna SUBJECT:invoice file:pdf late");
  ASSERT_THAT(query.all_of, SizeIs(4));
  EXPECT_EQ(query.all_of[0].field, Field::from);
  EXPECT_EQ(query.all_of[1].field, Field::subject);
  EXPECT_EQ(query.all_of[2].field, Field::file);
  EXPECT_EQ(query.all_of[3].field, Field::any);
}

TEST(Query, APhraseIsItsWordsAsWrittenAndIsToBeVerified) {
  const Query query = parsed("\"Late deliveries\"");
  ASSERT_THAT(query.all_of, SizeIs(2));
  ASSERT_THAT(query.phrases, SizeIs(1));
  EXPECT_EQ(query.phrases[0].tokens[1].kept, "deliveries");
}

TEST(Query, TheWordsOfAPhraseAreFoundWhereTheyAreWritten) {
  const auto terms = analyzer.terms_of("deliveries");
  const Query query = parsed("\"deliveries\"");
  for (const std::string& form : query.all_of[0].any_of) EXPECT_THAT(terms, Contains(form));
}

TEST(Query, APhraseCanHaveAField) {
  const Query query = parsed("subject:\"late delivery\"");
  ASSERT_THAT(query.phrases, SizeIs(1));
  EXPECT_EQ(query.phrases[0].field, Field::subject);
  EXPECT_EQ(query.all_of[1].field, Field::subject);
}

TEST(Query, AnAddressOrAHostIsLookedForAsAWhole) {
  EXPECT_THAT(parsed("Anna@Example.org").all_of,
              ElementsAre(Clause{Field::any, {"anna@example.org"}}));
  EXPECT_THAT(parsed("from:example.org").all_of, ElementsAre(Clause{Field::from, {"example.org"}}));
}

TEST(Query, OtherCompoundsAreTheirWords) {
  EXPECT_THAT(parsed("e-mail").all_of, SizeIs(2));
  EXPECT_THAT(parsed("2026-11-27").all_of, SizeIs(3));
}

TEST(Query, CharactersWithoutSpacesAreLookedForInPairs) {
  EXPECT_THAT(parsed("東京都").all_of,
              ElementsAre(Clause{Field::any, {"東京"}}, Clause{Field::any, {"京都"}}));
  EXPECT_THAT(parsed("東").all_of, ElementsAre(Clause{Field::any, {"東"}}));
}

TEST(Query, ATimeAndAPageAreNoFields) {
  EXPECT_THAT(parsed("12:30").all_of, SizeIs(2));
  EXPECT_THAT(parsed("https://example.org/help").all_of, SizeIs(3));
}

TEST(Query, RefusesWhatHoldsNothingToLookFor) {
  EXPECT_THAT(refusal(""), HasSubstr("no letter or digit"));
  EXPECT_THAT(refusal(" - ... \"\" "), HasSubstr("no letter or digit"));
}

TEST(Query, RefusesAnOpenQuotationMark) {
  EXPECT_THAT(refusal("late \"delivery"), HasSubstr("never closed"));
}

TEST(Query, RefusesAFieldThatThereIsNot) {
  EXPECT_THAT(refusal("to:anna"), HasSubstr("no field \"to\": only from:, subject: and file:"));
}

TEST(Query, RefusesAFieldWithNothingBehindIt) {
  EXPECT_THAT(refusal("from: anna"), HasSubstr("from:anna"));
  EXPECT_THAT(refusal("late from:"), HasSubstr("from:anna"));
}

TEST(Query, RefusesTooManyWordsAndTooLongATextInsteadOfWorkingForEver) {
  std::string many;
  for (int n = 0; n < 33; ++n) many += "w" + std::to_string(n) + " ";
  EXPECT_THAT(refusal(many), HasSubstr("no more than 32 words"));
  EXPECT_THAT(refusal(std::string(2000, 'a')), HasSubstr("longer than 1024 bytes"));
}

}  // namespace
}  // namespace beredd::search

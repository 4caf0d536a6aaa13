#include "etpan.h"

#include "letters.h"

#include <gtest/gtest.h>

namespace beredd::mail {
namespace {

TEST(StrictAddresses, TakeAListByTheRules) {
  const auto list = strict_addresses("A <a@example.org>, Group: b@example.org, c@example.org;");
  ASSERT_TRUE(list.has_value());
  ASSERT_EQ(list->size(), 3U);
  EXPECT_EQ(list->at(0).name, "A");
  EXPECT_EQ(list->at(2).address, "c@example.org");
}

TEST(StrictAddresses, RefuseWhatIsReadOnlyInPart) {
  for (const std::string_view value : {"a@[IPv6:2001:db8::1]", "a@example.org,", ""}) {
    EXPECT_FALSE(strict_addresses(value).has_value()) << value;
  }
}

TEST(StrictAddresses, AreNotAskedAboutWhatHurtsTheLibrary) {
  EXPECT_FALSE(strict_addresses("a@example.org (comment)").has_value());
  EXPECT_FALSE(strict_addresses(std::string_view("a@example.org\0b", 15)).has_value());
  EXPECT_FALSE(strict_addresses(repeated("a@example.org, ", 2000) + "a@example.org").has_value());
}

TEST(StrictDate, TakesADateByTheRules) {
  const auto at = strict_date("Mon, 23 Nov 2026 01:30:26 -0330");
  ASSERT_TRUE(at.has_value());
  EXPECT_EQ(base::rfc3339(*at), "2026-11-23T05:00:26Z");
}

TEST(StrictDate, RefusesTheRest) {
  for (const std::string_view value :
       {"Mon, 23 Nov 2026 01:30:26 +0000 junk", "Mon Nov 23 01:30:26 2026", "", "23 Nov"}) {
    EXPECT_FALSE(strict_date(value).has_value()) << value;
  }
}

}  // namespace
}  // namespace beredd::mail

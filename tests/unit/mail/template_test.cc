#include "beredd/mail/template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::mail {
namespace {

using ::testing::HasSubstr;
using Values = std::map<std::string, std::string, std::less<>>;

std::string filled(std::string_view text, const Values& values) {
  const auto made = Template::parse(text);
  EXPECT_TRUE(made.ok()) << made.error().detail;
  return made.ok() ? made->fill(values) : "";
}

std::string wrong(std::string_view text) {
  const auto made = Template::parse(text);
  EXPECT_FALSE(made.ok()) << text;
  return made.ok() ? "" : made.error().detail;
}

TEST(Templates, PutEachValueInItsPlace) {
  EXPECT_EQ(filled("Hej {customer},\nditt nummer är {ticket}; {ticket}!\n",
                   {{"customer", "Örjan"}, {"ticket", "1042"}}),
            "Hej Örjan,\nditt nummer är 1042; 1042!\n");
}

TEST(Templates, KnowAllTheirNames) {
  for (const std::string_view name : template_names()) {
    EXPECT_EQ(filled("<{" + std::string(name) + "}>", {{std::string(name), "x"}}), "<x>") << name;
  }
}

TEST(Templates, WriteABraceTwice) {
  EXPECT_EQ(filled("a {{ticket}} }} {{ {ticket}", {{"ticket", "7"}}), "a {ticket} } { 7");
}

TEST(Templates, DoNotLookIntoValues) {
  EXPECT_EQ(filled("{customer}", {{"customer", "{ticket} {{"}, {"ticket", "7"}}), "{ticket} {{");
}

TEST(Templates, LeaveOutALineOfNothingButEmptyValues) {
  const std::string_view text = "a\n\n {phone} \nb: {phone}\n";
  EXPECT_EQ(filled(text, {}), "a\n\nb: \n");
  EXPECT_EQ(filled(text, {{"phone", "+46 8 1"}}), "a\n\n +46 8 1 \nb: +46 8 1\n");
}

TEST(Templates, SayWhichValueIsUnknownAndWhichWasMeant) {
  EXPECT_EQ(wrong("a\nb {Ticket}"), "line 2: unknown value {Ticket}; did you mean {ticket}?");
  EXPECT_EQ(wrong("{customer_name}"),
            "line 1: unknown value {customer_name}; did you mean {customer}?");
  EXPECT_THAT(wrong("{x}"), HasSubstr("known are: ticket, customer, desk, subject, agent"));
  EXPECT_THAT(wrong("{}"), HasSubstr("unknown value {}"));
}

TEST(Templates, SayWhichBraceStandsAlone) {
  EXPECT_THAT(wrong("a {ticket\nb}"), HasSubstr("line 1: a { without its }"));
  EXPECT_THAT(wrong("a\nticket}"), HasSubstr("line 2: a } without its {"));
  EXPECT_THAT(wrong("{"), HasSubstr("line 1"));
  EXPECT_THAT(wrong("}"), HasSubstr("line 1"));
}

TEST(Templates, OfNothingAreNothing) {
  EXPECT_EQ(filled("", {}), "");
  EXPECT_EQ(filled("\n\n", {}), "\n\n");
}

}  // namespace
}  // namespace beredd::mail

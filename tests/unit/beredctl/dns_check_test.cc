// How findings about DNS are shown.

#include "dns_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::beredctl {
namespace {

using preflight::Finding;
using preflight::Severity;

Finding finding(Severity severity) {
  return {severity, "null_mx", "example.org", "the MX is null", "mail is bounced", "publish one"};
}

TEST(Findings, AreThreeLinesEach) {
  EXPECT_EQ(findings_text({finding(Severity::error), finding(Severity::note)}, Style{}),
            "error: example.org: the MX is null\n  so: mail is bounced\n  do: publish one\n"
            "note: example.org: the MX is null\n  so: mail is bounced\n  do: publish one\n");
}

TEST(Findings, ThatQuoteAForeignRecordAreSafeForTheTerminal) {
  Finding hostile = finding(Severity::warning);
  hostile.what = "the record says \x1b[2J\nerror: all is lost";
  const std::string text = findings_text({hostile}, Style{});
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
}

TEST(Findings, FailOnlyWhereOneIsAnError) {
  EXPECT_FALSE(has_errors({}));
  EXPECT_FALSE(has_errors({finding(Severity::warning), finding(Severity::note)}));
  EXPECT_TRUE(has_errors({finding(Severity::note), finding(Severity::error)}));
}

}  // namespace
}  // namespace beredd::beredctl

#include "beredd/base/log.h"

#include "log_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace beredd::base {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

class Log : public testing::Test {
 protected:
  void SetUp() override { unsetenv("JOURNAL_STREAM"); }
  void TearDown() override { open_log(Level::warning); }
};

template <typename Work>
std::string stderr_of(Work work) {
  testing::internal::CaptureStderr();
  work();
  return testing::internal::GetCapturedStderr();
}

TEST_F(Log, WritesOneLineWithItsTimeAndLevel) {
  open_log(Level::info);
  EXPECT_THAT(stderr_of([] { log_info("mail accepted id={} size={}", 42, "4KiB"); }),
              MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z info "
                           "mail accepted id=42 size=4KiB\n"));
}

TEST_F(Log, WritesUtcWhateverTheZoneIs) {
  open_log(Level::info);
  setenv("TZ", "XXX-9", 1);
  tzset();
  const std::time_t before = std::time(nullptr);
  const std::string line = stderr_of([] { log_info("now"); });
  const std::time_t after = std::time(nullptr);
  unsetenv("TZ");
  tzset();
  const auto hour = [](std::time_t t) { return fmt::format("T{:02}:", t / 3600 % 24); };
  EXPECT_THAT(line, testing::AnyOf(HasSubstr(hour(before)), HasSubstr(hour(after))));
}

TEST_F(Log, LeavesOutWhatIsBelowTheThreshold) {
  open_log(Level::warning);
  const std::string lines = stderr_of([] {
    log(Level::debug, "debugging");
    log_info("informing");
    log_warning("warning");
    log_error("erring");
  });
  EXPECT_THAT(lines, Not(HasSubstr("debugging")));
  EXPECT_THAT(lines, Not(HasSubstr("informing")));
  EXPECT_THAT(lines, HasSubstr(" warning warning\n"));
  EXPECT_THAT(lines, HasSubstr(" error erring\n"));
}

TEST_F(Log, CannotBeMadeToForgeALine) {
  const std::string line = stderr_of(
      [] { log_error("helo name={}", "x\n2026-11-23T00:00:00.000Z info all is well\x1b[2J"); });
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  EXPECT_THAT(line, HasSubstr("name=x\\n2026-11-23"));
  EXPECT_THAT(line, HasSubstr("\\x1b[2J"));
}

TEST_F(Log, TakesBracesAsText) {
  EXPECT_THAT(stderr_of([] { log_line(Level::error, "{} {0:x} {{"); }), HasSubstr("{} {0:x} {{\n"));
}

TEST(Journal, IsWhereDeviceAndInodeMatch) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  struct stat status {};
  ASSERT_EQ(fstat(ends[1], &status), 0);
  const std::string same = fmt::format("{}:{}", status.st_dev, status.st_ino);
  const std::string other = fmt::format("{}:{}", status.st_dev, status.st_ino + 1);
  EXPECT_TRUE(is_journal(same.c_str(), ends[1]));
  EXPECT_FALSE(is_journal(other.c_str(), ends[1]));
  EXPECT_FALSE(is_journal((same + "x").c_str(), ends[1]));
  EXPECT_FALSE(is_journal("", ends[1]));
  EXPECT_FALSE(is_journal(nullptr, ends[1]));
  close(ends[0]);
  close(ends[1]);
  EXPECT_FALSE(is_journal(same.c_str(), ends[1]));
}

}  // namespace
}  // namespace beredd::base

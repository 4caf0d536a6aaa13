#include "beredd/base/units.h"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "beredd/base/random.h"

namespace beredd::base {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

TEST(ParseBytes, KnowsEveryUnitExactly) {
  struct Row {
    std::string_view text;
    std::uint64_t count;
  };
  for (const Row& row : std::vector<Row>{{"0B", 0},
                                         {"512B", 512},
                                         {"1kB", 1'000},
                                         {"1KB", 1'000},
                                         {"64KiB", 65'536},
                                         {"3MB", 3'000'000},
                                         {"40MiB", 41'943'040},
                                         {"1GB", 1'000'000'000},
                                         {"2GiB", 2'147'483'648},
                                         {"1TB", 1'000'000'000'000},
                                         {"1TiB", 1'099'511'627'776},
                                         {"18446744073709551615B", kMost},
                                         {"16777215TiB", kMost - (1ULL << 40) + 1}}) {
    const Result<Bytes> read = parse_bytes(row.text);
    ASSERT_TRUE(read.ok()) << row.text;
    EXPECT_EQ(read->count(), row.count) << row.text;
  }
}

TEST(ParseBytes, RefusesOverflow) {
  for (const std::string_view text :
       {"18446744073709551616B", "16777216TiB", "99999999999999999999999TiB"}) {
    const Result<Bytes> read = parse_bytes(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_NE(read.error().detail.find("too large"), std::string::npos);
  }
}

TEST(ParseBytes, SaysWhatItExpected) {
  for (const std::string_view text : {"", "MiB", "40 MiB", "40mib", "40M", "-1B", "+1B", "1.5GB",
                                      "0x10B", "1MiB2B", " 1B", "1B ", "40MiBs"}) {
    const Result<Bytes> read = parse_bytes(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().code, Code::invalid);
    EXPECT_EQ(read.error().detail, fmt::format("expected a size such as 40MiB, got \"{}\"", text));
  }
}

TEST(ParseBytes, AsksForTheUnitOfABareNumber) {
  EXPECT_EQ(
      parse_bytes("4096").error().detail,
      "expected a size such as 40MiB, got \"4096\": add a unit, one of B kB KiB MB MiB GB GiB "
      "TB TiB");
}

TEST(ParseDuration, KnowsEveryUnitAndTheirSequences) {
  struct Row {
    std::string_view text;
    Duration duration;
  };
  for (const Row& row : std::vector<Row>{{"0s", 0s},
                                         {"7us", 7us},
                                         {"250ms", 250ms},
                                         {"10s", 10s},
                                         {"5m", 5min},
                                         {"48h", 48h},
                                         {"30d", 720h},
                                         {"2w", 336h},
                                         {"1h30m", 90min},
                                         {"1w1d1h1m1s1ms1us", 193h + 1min + 1s + 1ms + 1us},
                                         {"9223372036854775807us", Duration::max()}}) {
    const Result<Duration> read = parse_duration(row.text);
    ASSERT_TRUE(read.ok()) << row.text;
    EXPECT_EQ(*read, row.duration) << row.text;
  }
}

TEST(ParseDuration, RefusesOverflowInEveryPlace) {
  for (const std::string_view text :
       {"9223372036854775808us", "99999999999999999999s", "15250285w", "106751991d5h"}) {
    const Result<Duration> read = parse_duration(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_NE(read.error().detail.find("too large"), std::string::npos) << text;
  }
}

TEST(ParseDuration, SaysWhatItExpected) {
  for (const std::string_view text :
       {"", "s", "10 s", "10S", "-5s", "1.5h", "5min", "1h 30m", "h1", "5s "}) {
    const Result<Duration> read = parse_duration(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().detail,
              fmt::format("expected a duration such as 30s or 1h30m, got \"{}\"", text));
  }
}

TEST(ParseDuration, AsksForTheUnitOfABareNumber) {
  for (const std::string_view text : {"10", "1h30"}) {
    EXPECT_EQ(
        parse_duration(text).error().detail,
        fmt::format("expected a duration such as 30s or 1h30m, got \"{}\": add a unit, one of "
                    "us ms s m h d w",
                    text));
  }
}

TEST(ParseDuration, WantsTheLargerUnitFirstAndEachOnce) {
  for (const std::string_view text : {"30m1h", "5m5m"}) {
    EXPECT_NE(parse_duration(text).error().detail.find("larger unit first"), std::string::npos);
  }
}

TEST(PrintedBytes, AreTheShortestExactForm) {
  EXPECT_EQ(to_string(Bytes(0)), "0B");
  EXPECT_EQ(to_string(mebibytes(40)), "40MiB");
  EXPECT_EQ(to_string(kibibytes(64)), "64KiB");
  EXPECT_EQ(to_string(kibibytes(1024)), "1MiB");
  EXPECT_EQ(to_string(Bytes(1'000)), "1kB");
  EXPECT_EQ(to_string(Bytes(1'001)), "1001B");
  EXPECT_EQ(to_string(Bytes(kMost)), "18446744073709551615B");
}

TEST(PrintedDurations, AreShortAndExact) {
  EXPECT_EQ(to_string(0s), "0s");
  EXPECT_EQ(to_string(90min), "1h30m");
  EXPECT_EQ(to_string(48h), "2d");
  EXPECT_EQ(to_string(720h), "30d");
  EXPECT_EQ(to_string(336h), "2w");
  EXPECT_EQ(to_string(1500us), "1ms500us");
  EXPECT_EQ(to_string(-90s), "-1m30s");
  EXPECT_EQ(to_string(Duration::min()), "-106751991d4h54s775ms808us");
}

TEST(PrintedUnits, AreReadBackExactly) {
  SeededRandom random(7);
  for (int i = 0; i < 5'000; ++i) {
    const std::uint64_t any = random.next() >> random.below(63);
    const Bytes bytes(any);
    const Result<Bytes> bytes_back = parse_bytes(to_string(bytes));
    ASSERT_TRUE(bytes_back.ok()) << to_string(bytes);
    EXPECT_EQ(*bytes_back, bytes);

    const Duration duration(static_cast<std::int64_t>(any >> 1));
    const Result<Duration> duration_back = parse_duration(to_string(duration));
    ASSERT_TRUE(duration_back.ok()) << to_string(duration);
    EXPECT_EQ(*duration_back, duration);
  }
}

TEST(ForPeople, ShowsTwoUnitsAtMostAndRounds) {
  EXPECT_EQ(for_people(0s), "0s");
  EXPECT_EQ(for_people(350us), "350us");
  EXPECT_EQ(for_people(850ms), "850ms");
  EXPECT_EQ(for_people(850ms + 700us), "851ms");
  EXPECT_EQ(for_people(999'600us), "1s");
  EXPECT_EQ(for_people(1s + 250ms), "1s 250ms");
  EXPECT_EQ(for_people(200s), "3m 20s");
  EXPECT_EQ(for_people(2h), "2h");
  EXPECT_EQ(for_people(59min + 59s + 700ms), "1h");
  EXPECT_EQ(for_people(24h - 1s), "1d");
  EXPECT_EQ(for_people(52h + 20min), "2d 4h");
  EXPECT_EQ(for_people(-200s), "-3m 20s");
}

TEST(ForPeople, ShowsSizesWithOneDigitBehindThePoint) {
  EXPECT_EQ(for_people(Bytes(0)), "0 B");
  EXPECT_EQ(for_people(Bytes(1023)), "1023 B");
  EXPECT_EQ(for_people(kibibytes(64)), "64 KiB");
  EXPECT_EQ(for_people(Bytes(1'468'006)), "1.4 MiB");
  EXPECT_EQ(for_people(Bytes((1U << 20) - 1)), "1 MiB");
  EXPECT_EQ(for_people(Bytes(kMost)), "16 EiB");
}

TEST(Bytes, AddAndCompare) {
  static_assert(kibibytes(1) + Bytes(1) == Bytes(1025));
  static_assert(mebibytes(1) > kibibytes(1023));
  EXPECT_EQ((Bytes(1) + Bytes(2)).count(), 3U);
}

}  // namespace
}  // namespace beredd::base

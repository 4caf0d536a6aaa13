#include "careful_reading.h"

#include "simulation.h"

#include <deque>

#include <gtest/gtest.h>

#include "beredd/base/log.h"

namespace beredd::service {
namespace {

using io::MailReader;
using io::ReaderEnd;
using Company = MailReader::Company;

// Says what a script tells it, and keeps what it was asked.
class ScriptedReader final : public MailReader {
 public:
  struct Question {
    std::size_t first, count;
    Company company;
    friend bool operator==(const Question&, const Question&) = default;
  };
  std::deque<base::Result<io::ReadMails>> says;
  std::vector<Question> asked;

  std::unique_ptr<io::MailBatch> batch() override { return nullptr; }
  io::Task<base::Status> ready() override { co_return base::Status(); }
  io::Task<base::Result<io::ReadMails>> read(std::shared_ptr<io::MailBatch>, std::size_t first,
                                             std::size_t count, Company company) override {
    asked.push_back({first, count, company});
    if (says.empty()) co_return base::bug("asked too often");
    auto answer = std::move(says.front());
    says.pop_front();
    co_return answer;
  }
  io::Task<base::Result<std::string>> part(std::shared_ptr<io::MailBatch>, std::uint32_t) override {
    co_return base::bug("not asked for");
  }
  void stop() override {}
};

// Readings that are told apart by their subjects.
io::ReadMails mails(const std::vector<std::string>& subjects,
                    std::optional<ReaderEnd> ended = std::nullopt) {
  io::ReadMails out;
  for (const std::string& subject : subjects) {
    out.readings.emplace_back();
    out.readings.back().subject = subject;
  }
  out.ended = ended;
  return out;
}

class CarefulReading : public testing::Test {
 protected:
  // The subjects, in order; "(opaque)" for a mail that is.
  std::vector<std::string> read(std::size_t count) {
    std::vector<base::MessageId> ids;
    for (std::size_t n = 1; n <= count; ++n) ids.emplace_back(n);
    auto given = world.run(read_carefully(reader, nullptr, ids, metrics));
    EXPECT_TRUE(given.has_value());
    last = given->value_or({});
    std::vector<std::string> out;
    for (const auto& one : last) out.push_back(one.opaque ? "(opaque)" : one.subject);
    return out;
  }

  std::uint64_t opaque(std::string_view cause) {
    return metrics
        .counter("beredd_mail_opaque_total", "Messages that could not be read",
                 base::label("cause", cause))
        .value();
  }

  using Subjects = std::vector<std::string>;
  simulation::World world{3};
  base::Metrics metrics;
  ScriptedReader reader;
  std::vector<mail::Reading> last;
};

TEST_F(CarefulReading, AsksForAllAtOnceWhereNothingHappens) {
  reader.says = {mails({"a", "b", "c"})};
  EXPECT_EQ(read(3), (Subjects{"a", "b", "c"}));
  EXPECT_EQ(reader.asked, (std::vector<ScriptedReader::Question>{{0, 3, Company::shared}}));
}

TEST_F(CarefulReading, GoesOnWhereAReaderWasReplaced) {
  reader.says = {mails({"a"}), mails({"b", "c"})};
  EXPECT_EQ(read(3), (Subjects{"a", "b", "c"}));
  EXPECT_EQ(reader.asked[1], (ScriptedReader::Question{1, 2, Company::shared}));
}

TEST_F(CarefulReading, ReadsAMailThatEndedItsReaderOnceMoreAndAlone) {
  reader.says = {mails({"a"}, ReaderEnd::crash), mails({"b"}), mails({"c"})};
  EXPECT_EQ(read(3), (Subjects{"a", "b", "c"}));
  EXPECT_EQ(reader.asked,
            (std::vector<ScriptedReader::Question>{
                {0, 3, Company::shared}, {1, 1, Company::alone}, {2, 1, Company::shared}}));
  EXPECT_EQ(opaque("crash"), 0U);
}

TEST_F(CarefulReading, KeepsAMailUnreadThatEndsItsReaderTwice) {
  reader.says = {mails({"a"}, ReaderEnd::crash), mails({}, ReaderEnd::cpu), mails({"c"})};
  EXPECT_EQ(read(3), (Subjects{"a", "(opaque)", "c"}));
  EXPECT_EQ(last[1].defects, (Subjects{"its reader computed for too long twice"}));
  EXPECT_EQ(opaque("cpu"), 1U);
}

TEST_F(CarefulReading, AFirstAndALastMailThatAreEvilHarmNoOther) {
  reader.says = {mails({}, ReaderEnd::memory), mails({}, ReaderEnd::memory),
                 mails({"b"}, ReaderEnd::wall), mails({}, ReaderEnd::wall)};
  EXPECT_EQ(read(3), (Subjects{"(opaque)", "b", "(opaque)"}));
}

TEST_F(CarefulReading, BlamesNoMailWhereThereIsNoReader) {
  reader.says = {mails({"a"}, ReaderEnd::crash),
                 base::transient(base::Code::io, "no process can be started")};
  auto given =
      world.run(read_carefully(reader, nullptr, {base::MessageId(1), base::MessageId(2)}, metrics));
  ASSERT_TRUE(given.has_value());
  ASSERT_FALSE(given->ok());
  EXPECT_EQ(given->error().code, base::Code::io);
  EXPECT_EQ(opaque("crash"), 0U);
}

}  // namespace
}  // namespace beredd::service

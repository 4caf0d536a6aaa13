// The jail with real processes: the daemon's own worker, and one whose reader does what a mail
// says.

#include "beredd/jail/jail.h"

#include "live.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include "beredd/base/text.h"

namespace beredd::jail {
namespace {

using namespace std::chrono_literals;
using Company = io::MailReader::Company;
using io::ReaderEnd;

std::string program(const char* name) {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
}

std::string telling(std::string_view deed) {
  return "Subject: x\r\nX-Do: " + std::string(deed) + "\r\n\r\nbody\r\n";
}

class JailTest : public testing::Test {
 protected:
  void use(const char* name) {
    options.program = program(name);
    reader = jailed_reader(options, metrics);
  }

  std::shared_ptr<io::MailBatch> batch(const std::vector<std::string>& mails) {
    std::shared_ptr<io::MailBatch> batch = reader->batch();
    for (const std::string& mail : mails) {
      EXPECT_TRUE(batch->append(mail).ok());
      batch->end_mail();
    }
    return batch;
  }

  io::ReadMails read(const std::vector<std::string>& mails, Company company = Company::shared) {
    base::Result<io::ReadMails> out = base::bug("not read");
    loop.run(read_into(batch(mails), mails.size(), company, out));
    EXPECT_TRUE(out.ok()) << out.error().detail;
    return out.value_or({});
  }

  io::Task<void> read_into(std::shared_ptr<io::MailBatch> mails, std::size_t count, Company company,
                           base::Result<io::ReadMails>& out) {
    out = co_await reader->read(mails, 0, count, company);
  }

  io::Task<void> part_into(std::shared_ptr<io::MailBatch> mails, std::uint32_t index,
                           base::Result<std::string>& out) {
    out = co_await reader->part(mails, index);
  }

  std::uint64_t started() {
    return metrics
        .counter("beredd_jail_workers_started_total", "Processes that were started to read mail")
        .value();
  }

  // An evil deed ends the worker in this way, and the next mail is read all the same.
  void expect_end(std::string_view deed, ReaderEnd end) {
    const io::ReadMails evil = read({"Subject: first\r\n\r\n", telling(deed), "never"});
    EXPECT_EQ(evil.readings.size(), 1U) << deed;
    ASSERT_TRUE(evil.ended.has_value()) << deed;
    EXPECT_EQ(io::name(*evil.ended), io::name(end)) << deed;
    const io::ReadMails next = read({"Subject: next\r\n\r\n"});
    ASSERT_EQ(next.readings.size(), 1U) << deed;
    EXPECT_EQ(next.readings[0].text, "Subject: next\r\n\r\n") << deed;
  }

  // Who is caught lying is believed in nothing of the request, and the next mail is read all the
  // same.
  void expect_disbelief(std::string_view deed) {
    const io::ReadMails evil = read({"Subject: first\r\n\r\n", telling(deed), "never"});
    EXPECT_TRUE(evil.readings.empty()) << deed;
    EXPECT_EQ(evil.ended, ReaderEnd::garbled) << deed;
    EXPECT_EQ(read({"Subject: next\r\n\r\n"}).readings.size(), 1U) << deed;
  }

  live::Loop loop;
  base::Metrics metrics;
  Options options;
  std::unique_ptr<io::MailReader> reader;
};

TEST_F(JailTest, ReadsEveryMailOfTheTestsAsInProcess) {
  use("beredd");
  std::vector<std::string> mails;
  for (const auto& file : std::filesystem::directory_iterator(BEREDD_TEST_DATA "/mail")) {
    if (file.path().extension() != ".eml") continue;
    std::ifstream in(file.path(), std::ios::binary);
    mails.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  ASSERT_GT(mails.size(), 50U);
  const io::ReadMails jailed = read(mails);
  EXPECT_FALSE(jailed.ended.has_value()) << io::name(*jailed.ended);
  ASSERT_EQ(jailed.readings.size(), mails.size());
  for (std::size_t n = 0; n < mails.size(); ++n) {
    EXPECT_EQ(jailed.readings[n], mail::read(mails[n])) << mails[n].substr(0, 200);
  }
  EXPECT_EQ(started(), 1U);
}

TEST_F(JailTest, ReadsMailsInCharsetsThatNobodyKnows) {
  use("beredd");
  const std::string raw =
      "Subject: =?x-unheard-of-7?Q?=E5?=\r\n"
      "Content-Type: text/plain; charset=ibm-12345_P100-1995\r\n\r\nr\xE4ksm\xF6rg\xE5s\r\n";
  const io::ReadMails jailed = read({raw});
  ASSERT_EQ(jailed.readings.size(), 1U);
  EXPECT_EQ(jailed.readings[0], mail::read(raw));
}

TEST_F(JailTest, ReadsALargeMailAndGivesItsAttachment) {
  use("beredd");
  std::string body;
  while (body.size() < 12'000'000)
    body += "Um9vdCBiZWVyIGFuZCBtb3JlIG9mIGl0LCBldmVyeSBkYXkgb2YgdGhlIHdlZWsu\r\n";
  const std::string raw =
      "Subject: large\r\nContent-Type: application/pdf; name=a.pdf\r\n"
      "Content-Transfer-Encoding: base64\r\n\r\n" +
      body;
  const io::ReadMails jailed = read({raw, "Subject: small\r\n\r\n"});
  ASSERT_EQ(jailed.readings.size(), 1U) << "a worker that has read a large mail is replaced";
  EXPECT_FALSE(jailed.ended.has_value());
  EXPECT_EQ(jailed.readings[0], mail::read(raw));
  base::Result<std::string> part = std::string();
  loop.run(part_into(batch({raw}), 1, part));
  ASSERT_TRUE(part.ok()) << part.error().detail;
  EXPECT_EQ(*part, *mail::part_bytes(raw, 1));
}

TEST_F(JailTest, APartThatIsNotThereIsNotFound) {
  use("beredd");
  base::Result<std::string> part = std::string();
  loop.run(part_into(batch({"Subject: x\r\n\r\n"}), 9, part));
  ASSERT_FALSE(part.ok());
  EXPECT_EQ(part.error().code, base::Code::not_found);
}

TEST_F(JailTest, ACrashEndsTheWorkerAndNothingElse) {
  use("jail_hostile");
  expect_end("crash", ReaderEnd::crash);
  expect_end("fault", ReaderEnd::crash);
  expect_end("leave", ReaderEnd::crash);
}

TEST_F(JailTest, WhoeverComputesForTooLongIsEnded) {
  options.cpu = 200ms;
  use("jail_hostile");
  expect_end("compute", ReaderEnd::cpu);
}

TEST_F(JailTest, WhoeverGivesNoAnswerIsEnded) {
  options.wall = 200ms;
  use("jail_hostile");
  expect_end("sleep", ReaderEnd::wall);
}

TEST_F(JailTest, AnAnswerDropByDropEndsAsWell) {
  options.cpu = 10s;
  options.wall = 200ms;
  use("jail_hostile");
  expect_end("drip", ReaderEnd::wall);
}

TEST_F(JailTest, WhoeverWantsTooMuchMemoryIsEnded) {
  options.memory = base::mebibytes(128);
  options.memory_factor = 0;
  use("jail_hostile");
  expect_end("eat", ReaderEnd::memory);
}

TEST_F(JailTest, EverySystemCallThatReadingDoesNotNeedEndsTheWorker) {
  use("jail_hostile");
  for (const char* deed : {"open", "create", "stat", "socket", "exec", "fork", "kill", "trace",
                           "send", "write elsewhere", "wish", "raise limits", "name memory",
                           "run memory", "shrink memory", "write mail", "empty memory"}) {
    expect_end(deed, ReaderEnd::forbidden);
  }
}

TEST_F(JailTest, AnAnswerThatMakesNoSenseEndsTheWorker) {
  use("jail_hostile");
  for (const char* deed : {"lie", "babble"}) expect_disbelief(deed);
}

TEST_F(JailTest, WhoeverLiesAboutItsAnswersIsEnded) {
  use("jail_hostile");
  expect_disbelief("promise too much");
  for (const char* deed : {"promise what is not there", "promise more than it says"}) {
    const std::string secret(1000, 's');
    EXPECT_EQ(read({secret, secret, secret}).readings.size(), 3U);  // and left their answers there
    const io::ReadMails evil = read({"Subject: first\r\n\r\n", telling(deed), "never"});
    EXPECT_EQ(evil.ended, ReaderEnd::garbled) << deed;
    for (const mail::Reading& reading : evil.readings) {
      EXPECT_EQ(reading.text.find(secret), std::string::npos) << deed;
    }
    EXPECT_EQ(read({"Subject: next\r\n\r\n"}).readings.size(), 1U) << deed;
  }
}

TEST_F(JailTest, LastWordsThatMakeNoSenseAreNotBelieved) {
  use("jail_hostile");
  const io::ReadMails evil = read({"first", telling("promise and crash"), "never"});
  EXPECT_EQ(evil.ended, ReaderEnd::crash);
  EXPECT_TRUE(evil.readings.empty());
}

// Whatever the daemon makes of such answers, it makes of one state of them, and it stays whole.
TEST_F(JailTest, AnswersThatChangeWhileTheyAreReadDoNoHarm) {
  use("jail_hostile");
  for (int round = 0; round < 50; ++round) {
    const io::ReadMails evil = read({"first", telling("scribble"), "never"}, Company::alone);
    EXPECT_LE(evil.readings.size(), 3U);
    EXPECT_EQ(evil.ended.has_value(), evil.readings.size() < 3) << round;
    for (const mail::Reading& reading : evil.readings) {
      EXPECT_TRUE(base::is_utf8(reading.text));
      EXPECT_EQ(reading.subject.find('\n'), std::string::npos);
    }
  }
}

TEST_F(JailTest, AWorkerCannotWriteToMail) {
  use("jail_hostile");
  const auto first = batch({telling("keep what comes")});
  base::Result<io::ReadMails> out = base::bug("not read");
  loop.run(read_into(first, 1, Company::shared, out));
  ASSERT_TRUE(out.ok());
  const io::ReadMails second = read({telling("write to mail")});  // `first` has the first region
  ASSERT_EQ(second.readings.size(), 1U);
  EXPECT_EQ(second.readings[0].text,
            telling("write to mail") + "unprotect: refused\nmap: refused\n");
}

TEST_F(JailTest, AnswersThatHaveNoRoomInTheMemoryComeAllTheSame) {
  use("jail_hostile");
  std::vector<std::string> mails;
  for (char c = 'a'; c <= 'z'; ++c) mails.emplace_back(100'000, c);
  mails.emplace_back("short");
  const io::ReadMails all = read(mails);
  ASSERT_EQ(all.readings.size(), mails.size());
  for (std::size_t n = 0; n < mails.size(); ++n) EXPECT_EQ(all.readings[n].text, mails[n]);
  EXPECT_EQ(started(), 1U);
}

TEST_F(JailTest, MailThatHasNoRoomInARegionIsReadAllTheSame) {
  use("jail_hostile");
  const std::string large(3'000'000, 'x');
  for (int n = 0; n < 2; ++n) {
    const io::ReadMails all = read({"first", large, large});
    ASSERT_EQ(all.readings.size(), 3U);
    EXPECT_EQ(all.readings[2].text, large);
    EXPECT_EQ(read({"small"}).readings.size(), 1U);
  }
  EXPECT_EQ(started(), 1U);
}

TEST_F(JailTest, EveryMailOfABatchHasItsOwnTime) {
  options.cpu = 300ms;
  use("jail_hostile");
  const std::vector<std::string> mails(4, telling("compute a little"));
  const io::ReadMails all = read(mails);
  EXPECT_EQ(all.readings.size(), 4U);
  EXPECT_FALSE(all.ended.has_value());
}

TEST_F(JailTest, AMailThatIsReadAloneHasAWorkerOfItsOwn) {
  use("jail_hostile");
  const io::ReadMails together = read({"Subject: x\r\n\r\n", telling("crash in company")});
  EXPECT_EQ(together.ended, ReaderEnd::crash);
  const io::ReadMails before = read({"Subject: y\r\n\r\n"});
  EXPECT_EQ(before.readings.size(), 1U);
  const io::ReadMails alone = read({telling("crash in company")}, Company::alone);
  EXPECT_EQ(alone.readings.size(), 1U);
}

TEST_F(JailTest, AWorkerIsReplacedAfterSoManyMails) {
  options.mails_per_worker = 2;
  use("jail_hostile");
  for (int n = 0; n < 6; ++n) EXPECT_EQ(read({"Subject: x\r\n\r\n"}).readings.size(), 1U);
  EXPECT_EQ(started(), 3U);
}

// The worker's pid: the only child of this process.
pid_t only_child() {
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream stat(entry.path() / "stat");
    std::string pid, command, state, parent;
    stat >> pid >> command >> state >> parent;
    if (parent == std::to_string(::getpid()) && state != "Z") return std::stoi(pid);
  }
  return 0;
}

TEST_F(JailTest, AWorkerThatWasKilledWhileIdleIsNoMailsFault) {
  use("jail_hostile");
  EXPECT_EQ(read({"Subject: x\r\n\r\n"}).readings.size(), 1U);
  const pid_t worker = only_child();
  ASSERT_GT(worker, 0);
  ASSERT_EQ(::kill(worker, SIGKILL), 0);
  siginfo_t gone{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(worker), &gone, WEXITED | WNOWAIT), 0);
  const io::ReadMails next = read({"Subject: y\r\n\r\n"});
  EXPECT_EQ(next.readings.size(), 1U);
  EXPECT_FALSE(next.ended.has_value());
}

TEST_F(JailTest, AWorkerHeedsNoSignalThatIsMeantForTheDaemon) {
  use("jail_hostile");
  EXPECT_EQ(read({"Subject: x\r\n\r\n"}).readings.size(), 1U);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) ::kill(only_child(), signal);
  EXPECT_EQ(read({"Subject: y\r\n\r\n"}).readings.size(), 1U);
  EXPECT_EQ(started(), 1U);
}

TEST_F(JailTest, NothingButASocketIsInherited) {
  const int leaky = ::dup(STDIN_FILENO);  // as a library would that knows no O_CLOEXEC
  use("jail_hostile");
  EXPECT_EQ(read({"Subject: x\r\n\r\n"}).readings.size(), 1U);
  const std::string folder = "/proc/" + std::to_string(only_child()) + "/fd";
  std::vector<std::string> open;
  std::error_code unreadable;  // the worker is not dumpable: only root may look
  for (const auto& entry : std::filesystem::directory_iterator(folder, unreadable)) {
    open.push_back(entry.path().filename());
  }
  ::close(leaky);
  if (unreadable) GTEST_SKIP() << "only root may look into a worker: " << unreadable.message();
  std::sort(open.begin(), open.end());
  EXPECT_EQ(open, (std::vector<std::string>{"0", "1", "2", "3"}));
  EXPECT_EQ(std::filesystem::read_symlink(folder + "/0"), "/dev/null");
  EXPECT_EQ(std::filesystem::read_symlink(folder + "/2"), "/dev/null");
}

TEST_F(JailTest, APersonWhoStartsAWorkerIsToldThatItIsNotForThem) {
  const int status = std::system((program("beredd") + " --read-mail 3<&- 2>/dev/null").c_str());
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 3);
}

TEST_F(JailTest, StopEndsWhatIsBeingRead) {
  use("jail_hostile");
  base::Result<io::ReadMails> out = base::bug("not read");
  std::jthread stopper([this] { reader->stop(); });
  loop.run(read_into(batch({telling("compute")}), 1, Company::shared, out));
  ASSERT_FALSE(out.ok());
  EXPECT_EQ(out.error().code, base::Code::cancelled);
}

TEST_F(JailTest, WithoutAProgramItSaysSoAndGoesOnOnceThereIsOne) {
  const std::string link = testing::TempDir() + "jail-program-" + std::to_string(::getpid());
  options.program = link;
  reader = jailed_reader(options, metrics);
  base::Result<io::ReadMails> out = base::bug("not read");
  loop.run(read_into(batch({"Subject: x\r\n\r\n"}), 1, Company::shared, out));
  ASSERT_FALSE(out.ok());
  EXPECT_EQ(out.error().fault, base::Fault::transient);
  std::filesystem::create_symlink(program("jail_hostile"), link);
  EXPECT_EQ(read({"Subject: x\r\n\r\n"}).readings.size(), 1U);
  std::filesystem::remove(link);
}

}  // namespace
}  // namespace beredd::jail

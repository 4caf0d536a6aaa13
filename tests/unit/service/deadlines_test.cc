// The deadlines service on simulated time, over a real store: each crossing is written once,
// whatever happens to the process and to the clock.

#include "beredd/service/deadlines.h"

#include "simulation.h"

#include <filesystem>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "beredd/io/commit.h"
#include "beredd/service/outgoing.h"
#include "beredd/store/lmdb_store.h"
#include "beredd/vault/key.h"

namespace beredd::service {
namespace {

using namespace std::chrono_literals;
using base::Status;
using base::TicketId;
using testing::ElementsAre;
using testing::IsEmpty;

// A Monday, at eight in Stockholm.
constexpr base::Instant kMonday = base::from_micros(1'795'417'200'000'000);

class ShiftedClock final : public base::Clock {
 public:
  explicit ShiftedClock(const base::Clock& true_time) : true_time_(true_time) {}
  base::Instant now() const override { return true_time_.now() + shift; }
  base::Instant steady() const override { return true_time_.now(); }
  base::Duration shift{};

 private:
  const base::Clock& true_time_;
};

config::Config office() {
  config::Config config;
  config.desks.push_back({"support", {"@help.example"}, "support@help.example", "helpdesk"});
  config::Calendar calendar;
  calendar.name = "office";
  calendar.zone = "Europe/Stockholm";
  calendar.hours = {"mon-fri 08:00-17:00"};
  config.calendars.push_back(calendar);
  config::ServiceLevel level;
  level.calendar = "office";
  level.first_answer = 4h;
  level.solution = 18h;
  config.service_levels.push_back(level);
  return config;
}

class DeadlinesTest : public testing::Test {
 protected:
  DeadlinesTest() {
    std::string name = testing::TempDir() + "deadlines-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    live();
  }
  ~DeadlinesTest() override {
    die();
    std::filesystem::remove_all(folder_);
  }

  void live() {
    const std::array<std::byte, 32> bytes{};
    store::LmdbOptions options;
    options.directory = folder_;
    options.map_size = base::mebibytes(64);
    options.intake_log = base::kibibytes(256);
    options.sync = false;
    auto opened = store::open_lmdb(options, vault::Key(bytes), world_.random());
    ASSERT_TRUE(opened) << base::to_string(opened.error());
    store_ = *std::move(opened);
    committer_ = io::immediate_committer(*store_);
    context_.reset(new Context{std::make_shared<const config::Config>(config_), *store_,
                               *committer_, world_.timers(), *pool_, clock_, world_.random(),
                               metrics_, *reader_});
    deadlines_ = std::make_unique<Deadlines>(*context_, world_.executor());
    committer_->when_changed([this] { deadlines_->wake(); });
    deadlines_->start();
  }
  // As a crash: nothing is finished. What still waits in the world keeps its objects.
  void die() {
    if (!deadlines_) return;
    deadlines_->stop();
    world_.run_for(0s);
    deadlines_.reset();
    context_.reset();
    committer_.reset();
    store_.reset();
  }

  void must(const store::Operation& operation) {
    store::Operation copy = operation;
    const auto done = world_.run(committer_->commit(std::move(copy), base::Bytes(0)));
    ASSERT_TRUE(done && done->ok()) << (done ? base::to_string(done->error()) : "it did not end");
  }
  TicketId open(ticket::Custody custody = ticket::Custody::fallback) {
    TicketId id;
    must([&](store::WriteTxn& txn) -> Status {
      ticket::Ticket fresh;
      fresh.desk = "support";
      fresh.subject = "help";
      fresh.custody = custody;
      fresh.requester.address = "anna@example.com";
      fresh.created = fresh.updated = clock_.now();
      auto opened = txn.open_ticket(fresh);
      if (!opened) return opened.error();
      id = *opened;
      store::Message message;
      message.desk = "support";
      message.envelope.reverse_path = mail::Mailbox{"anna", "example.com"};
      message.envelope.forward_paths = {{"support", "help.example"}};
      message.received = clock_.now();
      auto accepted = txn.accept(message);
      if (!accepted) return accepted.error();
      store::Sorted sorted;
      sorted.ticket = id;
      sorted.reading.from = {{"Anna", "anna@example.com"}};
      return txn.put_sorted(*accepted, sorted);
    });
    return id;
  }
  void note(TicketId id, std::string what, std::string detail = {}) {
    must([&](store::WriteTxn& txn) {
      store::JournalEntry entry;
      entry.at = clock_.now();
      entry.what = what;
      entry.ticket = id;
      entry.detail = detail;
      return txn.note(entry);
    });
  }
  void change(TicketId id, const std::function<void(ticket::Ticket&)>& edit) {
    must([&](store::WriteTxn& txn) -> Status {
      auto ticket = txn.ticket(id);
      if (!ticket) return ticket.error();
      edit(*ticket);
      return txn.update_ticket(*ticket);
    });
  }
  void answer(TicketId id, std::string_view author = "bo", mail::Kind kind = mail::Kind::person) {
    must([&](store::WriteTxn& txn) -> Status {
      store::Message message;
      message.direction = store::Direction::out;
      message.source = store::Source::staff;
      message.author = author;
      message.desk = "support";
      message.envelope.forward_paths = {{"anna", "example.com"}};
      message.received = clock_.now();
      store::Sorted sorted;
      sorted.ticket = id;
      sorted.reading.kind = kind;
      auto added = txn.add_message(message, sorted);
      return added ? Status() : Status(added.error());
    });
  }

  // "1 first answer warning +3h", hours since Monday morning.
  std::vector<std::string> events() {
    std::vector<std::string> lines;
    const auto read = store_->read([&](const store::ReadTxn& txn) -> Status {
      const auto all = txn.service_events({}, 1000);
      if (!all) return all.error();
      for (const store::ServiceEvent& one : *all) {
        lines.push_back(fmt::format(
            "{} {} {} +{}", one.ticket.value(), ticket::name(one.crossing.measure),
            ticket::name(one.crossing.kind), base::to_string(one.crossing.at - kMonday)));
      }
      return {};
    });
    EXPECT_TRUE(read.ok());
    return lines;
  }
  std::optional<store::TicketDeadlines> deadlines_of(TicketId id) {
    std::optional<store::TicketDeadlines> found;
    const auto read = store_->read([&](const store::ReadTxn& txn) -> Status {
      const auto record = txn.deadlines(id);
      if (record) found = *record;
      return record ? Status() : Status(record.error());
    });
    EXPECT_TRUE(read.ok());
    return found;
  }
  std::optional<base::Duration> due_of(TicketId id) {
    const auto record = deadlines_of(id);
    if (!record || !record->due) return std::nullopt;
    return record->due->at - kMonday;
  }

  std::filesystem::path folder_;
  simulation::World world_{7, kMonday};
  ShiftedClock clock_{world_.clock()};
  config::Config config_ = office();
  base::Metrics metrics_;
  std::unique_ptr<io::BlockingPool> pool_ = io::inline_pool();
  std::unique_ptr<io::MailReader> reader_ = io::in_process_reader();
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<io::Committer> committer_;
  std::unique_ptr<Context> context_;
  std::unique_ptr<Deadlines> deadlines_;
};

TEST_F(DeadlinesTest, KnowASecondLaterWhatIsDue) {
  const TicketId id = open();
  world_.run_for(1s);
  EXPECT_EQ(due_of(id), 4h);
  EXPECT_THAT(events(), IsEmpty());
}

TEST_F(DeadlinesTest, WriteWarningAndBreachWhenTheyCome) {
  open();
  world_.run_for(3h - 1s);
  EXPECT_THAT(events(), IsEmpty());
  world_.run_for(2s);
  EXPECT_THAT(events(), ElementsAre("1 first answer warning +3h"));
  world_.run_for(1h);
  EXPECT_THAT(events(), ElementsAre("1 first answer warning +3h", "1 first answer breach +4h"));
  world_.run_for(48h);
  EXPECT_THAT(events(), ElementsAre("1 first answer warning +3h", "1 first answer breach +4h",
                                    "1 solution warning +1d4h30m", "1 solution breach +1d9h"));
}

TEST_F(DeadlinesTest, ANoticeIsNoAnswer) {
  const TicketId id = open();
  answer(id, kNoticeAuthor, mail::Kind::auto_reply);
  world_.run_for(5h);
  EXPECT_THAT(events(), ElementsAre("1 first answer warning +3h", "1 first answer breach +4h"));
}

TEST_F(DeadlinesTest, AnAnswerInTimeLeavesNoEvent) {
  const TicketId id = open();
  world_.run_for(2h);
  answer(id);
  world_.run_for(24h * 3);
  EXPECT_THAT(events(), IsEmpty());
  EXPECT_EQ(due_of(id), std::nullopt);
}

TEST_F(DeadlinesTest, FollowWhatStaffDoToTheState) {
  const TicketId id = open();
  world_.run_for(1h);
  note(id, "state set", "pending until 2026-11-24T07:00:00Z (was new)");
  world_.run_for(24h);
  EXPECT_THAT(events(), IsEmpty());
  note(id, "reopened", "it was pending until 2026-11-24T07:00:00Z");
  world_.run_for(1s);
  EXPECT_EQ(due_of(id), 28h);
  note(id, "state set", "solved (was open)");
  world_.run_for(1s);
  EXPECT_EQ(due_of(id), std::nullopt);
}

TEST_F(DeadlinesTest, OfTicketsInAnothersCustodyAreNone) {
  const TicketId id = open(ticket::Custody::primary);
  world_.run_for(24h);
  EXPECT_EQ(deadlines_of(id), std::nullopt);
}

TEST_F(DeadlinesTest, EndWhenTheTicketHasGoneBack) {
  const TicketId id = open();
  world_.run_for(3h + 1s);
  change(id, [](ticket::Ticket& ticket) { ticket.custody = ticket::Custody::returned; });
  note(id, "acknowledged");
  world_.run_for(24h * 3);
  EXPECT_THAT(events(), ElementsAre("1 first answer warning +3h"));
  EXPECT_EQ(due_of(id), std::nullopt);
}

TEST_F(DeadlinesTest, ThatCameWhileTheDaemonWasDownAreWrittenAtTheStart) {
  open();
  world_.run_for(1min);
  die();
  world_.run_for(10h);
  live();
  world_.run_for(1s);
  EXPECT_THAT(events(), ElementsAre("1 first answer warning +3h", "1 first answer breach +4h"));
}

TEST_F(DeadlinesTest, AreNotLostWhenNobodyHadSeenTheTicketBefore) {
  open();  // and down at once
  die();
  world_.run_for(10h);
  live();
  world_.run_for(1s);
  EXPECT_THAT(events(), ElementsAre("1 first answer warning +3h", "1 first answer breach +4h"));
}

TEST_F(DeadlinesTest, AreWrittenOnceHoweverOftenTheDaemonStarts) {
  open();
  for (int life = 0; life < 20; ++life) {
    world_.run_for(17min);
    die();
    live();
  }
  world_.run_for(1s);
  EXPECT_THAT(events(), ElementsAre("1 first answer warning +3h", "1 first answer breach +4h"));
}

TEST_F(DeadlinesTest, AreWrittenOnceHoweverTheClockJumps) {
  const TicketId id = open();
  world_.run_for(1h);
  clock_.shift = 5h;  // ahead
  world_.run_for(2min);
  EXPECT_THAT(events(), ElementsAre("1 first answer warning +3h", "1 first answer breach +4h"));
  clock_.shift = -2h;  // and far back
  world_.run_for(2min);
  note(id, "tagged");
  world_.run_for(8h);
  clock_.shift = 0s;
  world_.run_for(1h);
  EXPECT_THAT(events(), ElementsAre("1 first answer warning +3h", "1 first answer breach +4h"));
}

TEST_F(DeadlinesTest, ComeAMinuteLaterAtMostWhenTheClockIsSetForward) {
  open();
  world_.run_for(1min);
  clock_.shift = 3h;
  world_.run_for(1min);
  EXPECT_THAT(events(), ElementsAre("1 first answer warning +3h"));
}

TEST_F(DeadlinesTest, AreMeasuredAnewWhenSomethingElseWasPromised) {
  const TicketId id = open();
  world_.run_for(1h);
  die();
  config_.service_levels.front().first_answer = 2h;
  live();
  world_.run_for(1s);
  EXPECT_EQ(due_of(id), 2h);
  die();
  config_.service_levels.front().priorities = {"urgent"};
  live();
  world_.run_for(1s);
  EXPECT_EQ(due_of(id), std::nullopt);
}

TEST_F(DeadlinesTest, FollowTheTicketsPriority) {
  config::ServiceLevel urgent = config_.service_levels.front();
  urgent.priorities = {"urgent"};
  urgent.first_answer = 1h;
  die();
  config_.service_levels.insert(config_.service_levels.begin(), urgent);
  live();
  const TicketId id = open();
  world_.run_for(1s);
  EXPECT_EQ(due_of(id), 4h);
  change(id, [](ticket::Ticket& ticket) { ticket.priority = ticket::Priority::urgent; });
  note(id, "priority set", "urgent (was normal)");
  world_.run_for(1s);
  EXPECT_EQ(due_of(id), 1h);
}

TEST_F(DeadlinesTest, OfATicketThatWentUpInAnotherAreInherited) {
  const TicketId first = open();
  world_.run_for(3h + 1s);
  const TicketId second = open();
  world_.run_for(1s);
  must([&](store::WriteTxn& txn) {
    return txn.merge_ticket(first, second, {"bo", "the same", clock_.now()});
  });
  world_.run_for(1s);
  EXPECT_EQ(deadlines_of(first), std::nullopt);
  EXPECT_EQ(due_of(second), 4h);
  EXPECT_THAT(events(), ElementsAre("1 first answer warning +3h"));
}

// Hundreds at once, with lives that end at any moment: the list is the same as with one long life.
TEST_F(DeadlinesTest, OfManyTicketsAreAllThereAndNoneTwice) {
  constexpr std::uint64_t kTickets = 300;
  for (std::uint64_t n = 0; n < kTickets; ++n) {
    open();
    if (n % 50 == 49) {
      die();
      live();
    }
  }
  for (int life = 0; life < 10; ++life) {
    world_.run_for(29min + std::chrono::seconds(life * 7));
    die();
    live();
  }
  world_.run_for(1min);
  auto all = events();
  EXPECT_EQ(all.size(), 2 * kTickets);
  std::sort(all.begin(), all.end());
  EXPECT_EQ(std::unique(all.begin(), all.end()), all.end());
}

}  // namespace
}  // namespace beredd::service

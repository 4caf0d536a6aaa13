// Machines that answer each other's machines: each such conversation ends by itself.

#include "notice_desk.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::scenario {
namespace {

using testing::Each;
using testing::IsEmpty;
using testing::Le;
using testing::Pair;

// A whole daemon beside others, in a world of its own.
class Side final : public NoticeDesk {
 public:
  Side(std::uint64_t dice, std::string its_address) : NoticeDesk(dice), address(its_address) {
    config.desks.front().addresses = {address};
    config.desks.front().from = "Desk <" + address + ">";
    config.desks.front().notice->when = config::NoticeWhen::always;
    NoticeDesk::SetUp();
  }
  ~Side() override { NoticeDesk::TearDown(); }
  Side(const Side&) = delete;
  Side& operator=(const Side&) = delete;
  void TestBody() override {}

  void take(const std::string& bytes, mail::Envelope envelope) {
    auto connector = world->network().connector("203.0.113.5");
    const auto said = world->run(
        deliver(*connector, world->executor(), std::string(bytes), std::move(envelope)), 10min);
    EXPECT_TRUE(said && said->starts_with("250")) << said.value_or("nothing");
    world->run_for(2min);
  }
  // What has left since it was asked last.
  std::vector<SimulatedPrimary::Kept> sent() {
    std::vector<SimulatedPrimary::Kept> out(smarthost.kept.begin() + told, smarthost.kept.end());
    told = static_cast<std::ptrdiff_t>(smarthost.kept.size());
    return out;
  }
  using NoticeDesk::said;

  const std::string address;
  std::ptrdiff_t told = 0;
};

std::string without_field(std::string text, std::string_view name) {
  const auto at = text.find("\r\n" + std::string(name) + ":");
  if (at == std::string::npos) return text;
  std::size_t end = text.find("\r\n", at + 2);
  while (end + 2 < text.size() && (text[end + 2] == ' ' || text[end + 2] == '\t')) {
    end = text.find("\r\n", end + 2);
  }
  return text.erase(at, end - at);
}

// How a host between the two spoils what passes.
enum class Gateway { honest, gives_a_path, strips_submission, strips_everything };

void pass(const SimulatedPrimary::Kept& mail, const Side& from, Side& to, Gateway gateway) {
  mail::Envelope envelope;
  envelope.reverse_path = mail.envelope.reverse_path;
  envelope.forward_paths = mail.envelope.forward_paths;
  std::string bytes = mail.bytes;
  if (gateway != Gateway::honest) envelope.reverse_path = *mail::parse_mailbox(from.address);
  if (gateway >= Gateway::strips_submission) bytes = without_field(bytes, "Auto-Submitted");
  if (gateway == Gateway::strips_everything) bytes = without_field(bytes, "X-Beredd-Ticket");
  to.take(bytes, envelope);
}

class Between : public testing::TestWithParam<Gateway> {};

TEST_P(Between, TwoDaemonsWiredToEachOtherEndByThemselves) {
  Side one(1, "support@help.example"), other(2, "helpdesk@other.example");
  mail::Envelope envelope{
      *mail::parse_mailbox(other.address), {*mail::parse_mailbox(one.address)}, {}};
  one.take(
      "From: Desk <helpdesk@other.example>\r\nTo: support@help.example\r\nSubject: hello\r\n"
      "Message-ID: <1@other.example>\r\n\r\nCan you help us with this, please?\r\n",
      envelope);
  int passed = 0;
  for (bool more = true; more && passed < 20;) {
    more = false;
    for (const auto& mail : one.sent()) {
      pass(mail, one, other, GetParam());
      more = true;
      ++passed;
    }
    for (const auto& mail : other.sent()) {
      pass(mail, other, one, GetParam());
      more = true;
      ++passed;
    }
  }
  // The worst gateway leaves nothing to know a machine by but that it was told before.
  EXPECT_EQ(passed, GetParam() == Gateway::strips_everything ? 2 : 1);
}

INSTANTIATE_TEST_SUITE_P(Gateways, Between,
                         testing::Values(Gateway::honest, Gateway::gives_a_path,
                                         Gateway::strips_submission, Gateway::strips_everything));

class Away : public NoticeDesk {
 protected:
  Away() : NoticeDesk(3) {}

  // Answers whatever comes, as no machine should: from a path, and without saying what it is.
  // Returns how often it did this time.
  int answer_everything(int most) {
    const int before = answers_sent;
    for (; seen < smarthost.kept.size() && answers_sent - before < most; ++seen) {
      take(
          fmt::format("From: Anna <anna@customer.example>\r\nTo: support@help.example\r\n"
                      "Subject: I am away\r\nMessage-ID: <away{}@customer.example>\r\n\r\n"
                      "I am skiing.\r\n",
                      ++answers_sent));
    }
    return answers_sent - before;
  }

  int answers_sent = 0;
  std::size_t seen = 0;
};

TEST_F(Away, AnAutoresponderThatAnswersEverythingEndsByItself) {
  take(letter("login"));
  EXPECT_EQ(answer_everything(50), 1);
  EXPECT_EQ(smarthost.kept.size(), 1U);
}

TEST_F(Away, AndSoItDoesWhenStaffAnswerInBetween) {
  const auto id = take(letter("login"));
  EXPECT_EQ(answer_everything(50), 1);
  ASSERT_TRUE(send(answer(id, "Try again.\n")).ok());
  world->run_for(1min);
  EXPECT_EQ(smarthost.kept.size(), 2U);
  EXPECT_EQ(answer_everything(50), 1);
  EXPECT_EQ(smarthost.kept.size(), 2U);
}

// Whatever instant the daemon ends at, and whatever its disk says.
class Crashing : public NoticeDesk, public testing::WithParamInterface<int> {
 protected:
  Crashing() : NoticeDesk(static_cast<std::uint64_t>(GetParam())) {}
};

TEST_P(Crashing, EverySenderIsToldOnceAndNoneTwice) {
  std::mt19937 dice(static_cast<unsigned>(GetParam()));
  const auto roll = [&](int sides) {
    return static_cast<int>(dice() % static_cast<unsigned>(sides));
  };
  constexpr int kCustomers = 30;
  for (int n = 0; n < kCustomers; ++n) {
    const std::string from = fmt::format("c{}@customer.example", n);
    write_in(letter(fmt::format("q{}", n), from), from);
    if (roll(4) == 0) write_in(letter(fmt::format("again{}", n), from), from);
    if (roll(5) == 0) house->store->lies_in = roll(6);
    world->run_for(base::Duration(roll(1'500'000)));
    if (roll(3) != 0) continue;
    end();
    begin();
  }
  house->store->lies_in.reset();
  world->run_for(30min);
  const auto all = said();
  EXPECT_EQ(std::ranges::count_if(all, [](const auto& one) { return one.starts_with("notice "); }),
            kCustomers);
  EXPECT_THAT(recipients(), Each(Pair(testing::_, Le(1))));
  EXPECT_GT(smarthost.kept.size(), std::size_t{kCustomers / 2});
}

INSTANTIATE_TEST_SUITE_P(Seeds, Crashing, testing::Range(1, 7));

}  // namespace
}  // namespace beredd::scenario

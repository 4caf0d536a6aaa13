#include "beredd/ticket/lease.h"

#include <gtest/gtest.h>

namespace beredd::ticket {
namespace {

using namespace std::chrono_literals;
using What = Grant::What;

constexpr base::Instant kNow = base::from_micros(1'795'000'000'000'000);
constexpr base::TicketId kTicket(7);
constexpr base::Duration kLength = 15min;

Grant ask(const std::optional<Lease>& held, std::string_view who, base::Duration later) {
  return take(kTicket, held, who, kNow + later, kLength);
}

TEST(Lease, IsTakenWhereNobodyHasIt) {
  const Grant grant = ask(std::nullopt, "anna", 0min);
  EXPECT_EQ(grant.what, What::taken);
  EXPECT_EQ(grant.lease, (Lease{kTicket, "anna", kNow, kNow + 15min}));
}

TEST(Lease, KeepsTheSecondAwayAndSaysWhoAndUntilWhen) {
  const Lease annas = ask(std::nullopt, "anna", 0min).lease;
  const Grant grant = ask(annas, "bo", 14min);
  EXPECT_EQ(grant.what, What::refused);
  EXPECT_EQ(grant.lease, annas);
}

TEST(Lease, IsRenewedByItsHolderFromThatMomentOn) {
  const Lease annas = ask(std::nullopt, "anna", 0min).lease;
  const Grant grant = ask(annas, "anna", 10min);
  EXPECT_EQ(grant.what, What::renewed);
  EXPECT_EQ(grant.lease, (Lease{kTicket, "anna", kNow, kNow + 25min}));
}

TEST(Lease, IsOverAtItsEndByItself) {
  const Lease annas = ask(std::nullopt, "anna", 0min).lease;
  EXPECT_TRUE(in_force(annas, kNow + 15min - 1us, kLength));
  EXPECT_FALSE(in_force(annas, kNow + 15min, kLength));
  EXPECT_EQ(ask(annas, "bo", 15min).what, What::taken);
  EXPECT_EQ(ask(annas, "bo", 15min).lease.holder, "bo");
}

TEST(Lease, ThatIsOverAndTakenAgainByTheSameIsANewOne) {
  const Lease annas = ask(std::nullopt, "anna", 0min).lease;
  const Grant grant = ask(annas, "anna", 20min);
  EXPECT_EQ(grant.what, What::taken);
  EXPECT_EQ(grant.lease.since, kNow + 20min);
}

TEST(Lease, OfAClockThatWasAheadIsOver) {
  const Lease far{kTicket, "anna", kNow + 100h, kNow + 100h + 15min};
  EXPECT_FALSE(in_force(far, kNow, kLength));
  EXPECT_EQ(ask(far, "bo", 0min).what, What::taken);
}

}  // namespace
}  // namespace beredd::ticket

#include "beredd/ticket/ticket.h"

#include <gtest/gtest.h>

namespace beredd::ticket {
namespace {

TEST(TicketNames, AreReadBackAsTheyAreWritten) {
  for (const State state :
       {State::fresh, State::open, State::pending, State::solved, State::closed}) {
    EXPECT_EQ(state_named(name(state)), state);
  }
  for (const Custody custody : {Custody::primary, Custody::fallback, Custody::returned}) {
    EXPECT_EQ(custody_named(name(custody)), custody);
  }
  for (const Priority priority :
       {Priority::low, Priority::normal, Priority::high, Priority::urgent}) {
    EXPECT_EQ(priority_named(name(priority)), priority);
  }
}

TEST(TicketNames, AFreshTicketIsWrittenNew) {
  EXPECT_EQ(name(State::fresh), "new");
  EXPECT_EQ(state_named("fresh"), std::nullopt);
}

TEST(TicketNames, OthersAreNone) {
  EXPECT_EQ(state_named(""), std::nullopt);
  EXPECT_EQ(state_named("Open"), std::nullopt);
  EXPECT_EQ(custody_named("lost"), std::nullopt);
  EXPECT_EQ(priority_named("urgent "), std::nullopt);
}

TEST(Ticket, BeginsFreshInTheCustodyOfThePrimary) {
  const Ticket ticket;
  EXPECT_EQ(ticket.state, State::fresh);
  EXPECT_EQ(ticket.custody, Custody::primary);
  EXPECT_EQ(ticket.line, 1);
  EXPECT_FALSE(ticket.id);
}

}  // namespace
}  // namespace beredd::ticket

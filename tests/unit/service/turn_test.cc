// Whom ETRN means. What it sets going is in tests/scenario/doors_test.cc.
#include "turn.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::service {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

config::Config three_desks() {
  config::Config config;
  for (const char* name : {"helpdesk", "shop"}) {
    config::Primary primary;
    primary.name = name;
    config.primaries.push_back(primary);
  }
  config.desks.push_back({"support", {"@Help.Example"}, "", "helpdesk"});
  config.desks.push_back({"billing", {"billing@help.example"}, "", "helpdesk"});
  config.desks.push_back({"orders", {"orders@shop.help.example"}, "", "shop"});
  return config;
}

TEST(Turn, ADomainMeansThePrimariesOfItsDesksEachOnce) {
  EXPECT_THAT(primaries_of(three_desks(), "help.example"), ElementsAre("helpdesk"));
  EXPECT_THAT(primaries_of(three_desks(), "HELP.example"), ElementsAre("helpdesk"));
  EXPECT_THAT(primaries_of(three_desks(), "shop.help.example"), ElementsAre("shop"));
}

TEST(Turn, AnAtMeansTheSubdomainsToo) {
  EXPECT_THAT(primaries_of(three_desks(), "@help.example"), ElementsAre("helpdesk", "shop"));
  EXPECT_THAT(primaries_of(three_desks(), "@shop.help.example"), ElementsAre("shop"));
}

TEST(Turn, ADomainThatOnlyEndsAlikeIsAnother) {
  EXPECT_THAT(primaries_of(three_desks(), "@elp.example"), IsEmpty());
  EXPECT_THAT(primaries_of(three_desks(), "example"), IsEmpty());
  EXPECT_THAT(primaries_of(three_desks(), "nothelp.example"), IsEmpty());
}

TEST(Turn, AHashMeansAPrimaryByItsName) {
  EXPECT_THAT(primaries_of(three_desks(), "#shop"), ElementsAre("shop"));
  EXPECT_THAT(primaries_of(three_desks(), "#help.example"), IsEmpty());
  EXPECT_THAT(primaries_of(three_desks(), "#"), IsEmpty());
}

TEST(Turn, NothingMeansNobody) {
  EXPECT_THAT(primaries_of(three_desks(), ""), IsEmpty());
  EXPECT_THAT(primaries_of(three_desks(), "@"), IsEmpty());
}

}  // namespace
}  // namespace beredd::service

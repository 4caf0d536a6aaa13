#include "control_house.h"

namespace beredd::control {
namespace {

using testing::HasSubstr;

class Failover : public ControlHouse {};

TEST_F(Failover, ShowsEveryPrimary) {
  const Json all = get("/v1/failover").json();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0]["primary"], "helpdesk");
  EXPECT_EQ(all[0]["mode"], "normal");
  EXPECT_EQ(all[0]["pinned"], false);
}

TEST_F(Failover, ForcesAModeAndRemembersWho) {
  const Reply forced = post("/v1/failover/helpdesk/force", R"({"mode":"fallback"})");
  EXPECT_EQ(forced.status, 200);
  EXPECT_EQ(forced.json()["mode"], "fallback");
  EXPECT_EQ(forced.json()["pinned"], true);
  EXPECT_EQ(modes.mode("helpdesk"), failover::Mode::fallback);
  const Json history = get("/v1/failover/history").json();
  ASSERT_EQ(history.size(), 1u);
  EXPECT_EQ(history[0]["to"], "fallback");
  EXPECT_THAT(history[0]["why"], HasSubstr("root"));
}

TEST_F(Failover, GivesTheModeBackToTheChecks) {
  post("/v1/failover/helpdesk/force", R"({"mode":"fallback"})");
  const Reply released = post("/v1/failover/helpdesk/auto");
  EXPECT_EQ(released.json()["pinned"], false);
  EXPECT_EQ(released.json()["mode"], "fallback");
}

TEST_F(Failover, ForcesOnlyWhatMakesSense) {
  EXPECT_EQ(post("/v1/failover/helpdesk/force", R"({"mode":"probation"})").status, 400);
  EXPECT_EQ(post("/v1/failover/helpdesk/force", R"({"mode":"up"})").status, 400);
  EXPECT_EQ(post("/v1/failover/helpdesk/force", "fallback").status, 400);
  EXPECT_EQ(post("/v1/failover/helpdesk/force", "").status, 400);
  EXPECT_EQ(modes.mode("helpdesk"), failover::Mode::normal);
}

TEST_F(Failover, NamesThePrimariesThereAre) {
  const Reply reply = post("/v1/failover/helpdsk/force", R"({"mode":"fallback"})");
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(reply.json()["error"], "no primary is called \"helpdsk\"; there is helpdesk, crm");
  EXPECT_EQ(post("/v1/failover/helpdsk/auto").status, 404);
  EXPECT_EQ(get("/v1/failover/history?primary=helpdsk").status, 404);
}

TEST_F(Failover, RestrictsTheHistory) {
  post("/v1/failover/helpdesk/force", R"({"mode":"fallback"})");
  post("/v1/failover/crm/force", R"({"mode":"fallback"})");
  EXPECT_EQ(get("/v1/failover/history?limit=1").json().size(), 1u);
  const Json crm = get("/v1/failover/history?primary=crm").json();
  ASSERT_EQ(crm.size(), 1u);
  EXPECT_EQ(crm[0]["primary"], "crm");
}

}  // namespace
}  // namespace beredd::control

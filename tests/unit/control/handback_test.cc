#include "control_house.h"

namespace beredd::control {
namespace {

using store::DeliveryState;
using testing::ElementsAre;

class HandbackApi : public ControlHouse {};

TEST_F(HandbackApi, CountsWhatWaits) {
  take_in(letter("one"));
  take_in(letter("two"), DeliveryState::queued);
  const Json status = get("/v1/handback").json();
  ASSERT_EQ(status.size(), 2u);
  EXPECT_EQ(status[0]["primary"], "helpdesk");
  EXPECT_EQ(status[0]["held"], 1);
  EXPECT_EQ(status[0]["queued"], 1);
  EXPECT_EQ(status[1]["oldest"], nullptr);
}

TEST_F(HandbackApi, PlansByTicket) {
  const std::string raw = letter("help");
  take_in(raw);
  const Json plan = get("/v1/handback/helpdesk/plan").json();
  EXPECT_EQ(plan["messages"], 1);
  EXPECT_EQ(plan["tickets"][0]["subject"], "help");
  EXPECT_THAT(plan["tickets"][0]["messages"], ElementsAre(1));
  EXPECT_EQ(plan["tickets"][0]["size"], raw.size());
  EXPECT_EQ(get("/v1/handback/nobody/plan").status, 404);
}

TEST_F(HandbackApi, PausesAndResumesOnePrimary) {
  EXPECT_EQ(post("/v1/handback/helpdesk/pause").json()["paused"], true);
  const Json status = get("/v1/handback").json();
  EXPECT_EQ(status[0]["paused"], true);
  EXPECT_EQ(status[1]["paused"], false);
  EXPECT_EQ(post("/v1/handback/helpdesk/resume").json()["paused"], false);
  EXPECT_EQ(post("/v1/handback/helpdesk/run").status, 200);
  EXPECT_EQ(post("/v1/handback/nobody/pause").status, 404);
}

}  // namespace
}  // namespace beredd::control

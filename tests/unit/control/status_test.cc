#include "control_house.h"

namespace beredd::control {
namespace {

using testing::HasSubstr;

class Whole : public ControlHouse {};

TEST_F(Whole, StatusTellsEverythingAtAGlance) {
  take_in(letter("one"));
  accept(letter("two"));
  world.run_for(std::chrono::minutes(1));
  post("/v1/failover/helpdesk/force", R"({"mode":"fallback"})");
  const Json status = get("/v1/status").json();
  EXPECT_EQ(status["node"], "fallback-1");
  EXPECT_EQ(status["version"], "0.1.0");
  EXPECT_EQ(status["messages"], 2);
  EXPECT_EQ(status["tickets"], 1);
  EXPECT_EQ(status["unsorted"], 1);
  EXPECT_EQ(status["primaries"][0]["mode"], "fallback");
  EXPECT_EQ(status["primaries"][0]["held"], 1);
  EXPECT_EQ(status["oldest_held"], status["primaries"][0]["oldest"]);
  EXPECT_EQ(status["last_backup"], nullptr);
  EXPECT_EQ(status["last_drill"], nullptr);
}

TEST_F(Whole, ConfigurationIsShownAsToml) {
  const Json shown = get("/v1/config").json();
  EXPECT_EQ(shown["file"], "beredd.toml");
  EXPECT_THAT(shown["toml"], HasSubstr("mx2.example.org"));
}

TEST_F(Whole, MetricsCountDeliveriesByState) {
  take_in(letter("one"));
  const Reply reply = get("/metrics");
  EXPECT_EQ(reply.content_type, "text/plain; version=0.0.4");
  EXPECT_THAT(reply.body, HasSubstr(R"(beredd_deliveries{primary="helpdesk",state="held"} 1)"));
  EXPECT_THAT(reply.body, HasSubstr(R"(beredd_oldest_waiting_seconds{primary="crm"} 0)"));
}

}  // namespace
}  // namespace beredd::control

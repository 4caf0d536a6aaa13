#include "control_house.h"

namespace beredd::control {
namespace {

class Checks : public ControlHouse {};

TEST_F(Checks, AreListedBeforeTheyHaveRun) {
  const Json all = get("/v1/checks").json();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0]["check"], "http");
  EXPECT_EQ(all[0]["looks_at"], "https://helpdesk.test/health");
  EXPECT_EQ(all[0]["every"], "10s");
  EXPECT_EQ(all[0]["ok"], nullptr);
  EXPECT_EQ(all[0]["saw"], nullptr);
}

TEST_F(Checks, RunNowAndTellTheModes) {
  prober.says = {false, "HTTP 502 in 3 ms"};
  const Reply ran = post("/v1/checks/helpdesk%2Fhttp/run");
  EXPECT_EQ(ran.status, 200);
  EXPECT_EQ(ran.json()["ok"], false);
  EXPECT_EQ(ran.json()["saw"], "HTTP 502 in 3 ms");
  EXPECT_EQ(get("/v1/failover").json()[0]["mode"], "suspect");
  EXPECT_EQ(get("/v1/checks").json()[0]["saw"], "HTTP 502 in 3 ms");
  EXPECT_EQ(post("/v1/checks/port/run").json()["primary"], "crm");
  EXPECT_EQ(post("/v1/checks/imap/run").status, 404);
}

}  // namespace
}  // namespace beredd::control

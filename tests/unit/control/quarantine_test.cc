#include "control_house.h"

namespace beredd::control {
namespace {

using store::DeliveryState;

class Quarantine : public ControlHouse {
 protected:
  Quarantine() {
    take_in(letter("refused"), DeliveryState::queued);
    quarantine(1);
  }
};

TEST_F(Quarantine, ShowsWhyAndWhose) {
  const Json items = get("/v1/quarantine").json();
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0]["message"], 1);
  EXPECT_EQ(items[0]["primary"], "helpdesk");
  EXPECT_EQ(items[0]["words"], "554 5.7.1 no");
  EXPECT_EQ(items[0]["subject"], "refused");
  EXPECT_EQ(items[0]["from"], "ann@example.net");
}

TEST_F(Quarantine, LetsAMessageGoAgain) {
  const Reply retried = post("/v1/quarantine/1/retry");
  EXPECT_EQ(retried.status, 200);
  EXPECT_EQ(retried.json()["delivery"]["state"], "queued");
  EXPECT_TRUE(get("/v1/quarantine").json().empty());
}

TEST_F(Quarantine, DropsOnlyWithAReasonAndKeepsTheMessage) {
  EXPECT_EQ(post("/v1/quarantine/1/drop").status, 400);
  EXPECT_EQ(post("/v1/quarantine/1/drop", R"({"reason":""})").status, 400);
  const Reply dropped = post("/v1/quarantine/1/drop", R"({"reason":"spam"})");
  EXPECT_EQ(dropped.json()["delivery"]["state"], "suppressed");
  EXPECT_EQ(dropped.json()["delivery"]["words"], "spam (root)");
  EXPECT_EQ(get("/v1/messages/1").status, 200);
}

TEST_F(Quarantine, SaysWhatIsNotInIt) {
  take_in(letter("fine"));
  EXPECT_EQ(post("/v1/quarantine/2/retry").status, 409);
  EXPECT_EQ(post("/v1/quarantine/3/retry").status, 404);
  EXPECT_EQ(post("/v1/quarantine/x/retry").status, 400);
  EXPECT_EQ(post("/v1/quarantine/1/retry", R"({"primary":"crm"})").status, 409);
  EXPECT_EQ(post("/v1/quarantine/1/retry", R"({"primary":"nobody"})").status, 404);
  EXPECT_EQ(post("/v1/quarantine/1/retry", "{").status, 400);
}

}  // namespace
}  // namespace beredd::control

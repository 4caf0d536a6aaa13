#include "control_house.h"

namespace beredd::control {
namespace {

class Routing : public ControlHouse {};

TEST_F(Routing, SaysWhatIsNotThere) {
  EXPECT_EQ(get("/").status, 404);
  EXPECT_EQ(get("/v1/tickets/").status, 400);
  EXPECT_EQ(get("/v1/tickets/1/2").status, 404);
  EXPECT_EQ(get("/v1/nothing").json()["code"], "not_found");
}

TEST_F(Routing, KnowsAPathFromAMethod) {
  EXPECT_EQ(post("/v1/messages").status, 405);
  EXPECT_EQ(get("/v1/failover/helpdesk/force").status, 405);
  EXPECT_EQ(ask("DELETE", "/v1/messages/1", {}, 0).status, 405);
}

TEST_F(Routing, LetsStrangersSeeFiguresOnly) {
  constexpr std::uint32_t kStranger = 4'000'000'000;
  const Reply refused = get("/v1/tickets", kStranger);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.json()["code"], "refused");
  EXPECT_EQ(post("/v1/failover/helpdesk/force", R"({"mode":"fallback"})", kStranger).status, 403);
  EXPECT_EQ(modes.mode("helpdesk"), failover::Mode::normal);
  EXPECT_EQ(get("/metrics", kStranger).status, 200);
}

TEST_F(Routing, TrustsNoOneWithoutCredentials) {
  EXPECT_EQ(ask("GET", "/v1/status", {}, std::nullopt).status, 403);
}

TEST(Access, IsForRootTheDaemonAndItsGroup) {
  const House house{991, 992};
  const auto role = [&](std::uint32_t uid, std::uint32_t gid) {
    return role_of(io::PeerCredentials{uid, gid}, house);
  };
  EXPECT_EQ(role(0, 0), Role::staff);
  EXPECT_EQ(role(991, 5), Role::staff);
  EXPECT_EQ(role(4'000'000'000, 992), Role::staff);
  EXPECT_EQ(role(4'000'000'000, 4'000'000'000), Role::anyone);
  EXPECT_EQ(role_of(std::nullopt, house), Role::anyone);
}

TEST(Access, KnowsTheGroupsOfTheUserDatabase) {
  // daemon (uid 1) is in group daemon (gid 1) on every Unix.
  EXPECT_EQ(role_of(io::PeerCredentials{1, 4'000'000'000}, House{991, 1}), Role::staff);
}

}  // namespace
}  // namespace beredd::control

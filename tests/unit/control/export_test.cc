#include "control_house.h"

namespace beredd::control {
namespace {

class Export : public ControlHouse {
 protected:
  std::vector<Json> lines(const std::string& query = {}) {
    const Reply reply = get("/v1/export" + query);
    EXPECT_EQ(reply.content_type, "application/x-ndjson");
    std::vector<Json> out;
    for (const auto line : base::split(reply.body, '\n')) {
      if (!line.empty()) out.push_back(Json::parse(line));
    }
    return out;
  }
};

TEST_F(Export, HoldsEveryMessageOldestFirstInTheShapeOfTicketShow) {
  take_in(letter("one"));
  accept(letter("two"));
  const auto all = lines();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0], get("/v1/tickets/1").json()["messages"][0]);
  EXPECT_EQ(all[1]["id"], 2);
  EXPECT_EQ(all[1]["ticket"], nullptr);
}

TEST_F(Export, OfMoreThanOneBatchMissesNothing) {
  for (int i = 0; i < 450; ++i) accept(letter(std::to_string(i)));
  const auto all = lines();
  ASSERT_EQ(all.size(), 450u);
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i]["id"], i + 1);
}

TEST_F(Export, IsRestrictedByDeskAndTime) {
  accept(letter("old"));
  world.run_for(std::chrono::hours(1));
  const std::string since = base::rfc3339(world.clock().now());
  accept(letter("new"));
  accept(letter("bill"), "billing");
  EXPECT_EQ(lines("?since=" + since).size(), 2u);
  EXPECT_EQ(lines("?desk=billing").size(), 1u);
  EXPECT_EQ(lines("?desk=support&since=" + since).size(), 1u);
  EXPECT_TRUE(lines("?desk=nobody").empty());
  EXPECT_EQ(get("/v1/export?since=yesterday").status, 400);
}

TEST_F(Export, OfNothingIsEmpty) { EXPECT_TRUE(lines().empty()); }

}  // namespace
}  // namespace beredd::control

#include "learning.h"

#include "offers_house.h"

namespace beredd::service {
namespace {

using namespace std::chrono_literals;

class Learning : public OffersHouse {
 protected:
  void hear(const std::string& primary, io::TargetAbilities able) {
    EXPECT_TRUE(world.run(heard(primary, able)).has_value());
  }
  io::Task<bool> heard(std::string primary, io::TargetAbilities able) {
    co_await learn(context, std::move(primary), able);
    co_return true;
  }
};

TEST_F(Learning, WhatWasSaidIsKnownWithItsTime) {
  const auto now = world.clock().now();
  hear("helpdesk", {true, false, base::mebibytes(25)});
  EXPECT_EQ(said("helpdesk"), (store::Abilities{true, false, base::mebibytes(25), now}));
  EXPECT_EQ(said("crm"), std::nullopt);
}

TEST_F(Learning, WhatIsSaidAgainIsNotWrittenAgain) {
  const auto now = world.clock().now();
  hear("helpdesk", {true, true, base::mebibytes(25)});
  world.run_for(1h);
  hear("helpdesk", {true, true, base::mebibytes(25)});
  EXPECT_EQ(store.written, 1);
  EXPECT_EQ(said("helpdesk")->seen, now) << "since when it stands";
}

TEST_F(Learning, EveryChangeIsWritten) {
  const io::TargetAbilities courses[] = {{false, false, {}},
                                         {true, false, {}},
                                         {true, true, {}},
                                         {true, true, base::mebibytes(25)},
                                         {true, true, base::mebibytes(10)},
                                         {true, true, {}},
                                         {false, true, {}}};
  int written = 0;
  for (const io::TargetAbilities& able : courses) {
    world.run_for(1h);
    hear("helpdesk", able);
    EXPECT_EQ(store.written, ++written);
    EXPECT_EQ(said("helpdesk"),
              (store::Abilities{able.smtputf8, able.dsn, able.max_size, world.clock().now()}));
  }
}

TEST_F(Learning, OnePrimarySaysNothingForAnother) {
  hear("helpdesk", {true, true, {}});
  hear("crm", {true, true, {}});
  EXPECT_EQ(store.written, 2);
  hear("crm", {false, true, {}});
  EXPECT_TRUE(said("helpdesk")->smtputf8);
  EXPECT_FALSE(said("crm")->smtputf8);
}

TEST_F(Learning, WhatCannotBeWrittenIsTriedAtTheNextSession) {
  store.full = true;
  hear("helpdesk", {true, true, {}});
  EXPECT_EQ(said("helpdesk"), std::nullopt);
  store.full = false;
  hear("helpdesk", {true, true, {}});
  EXPECT_TRUE(said("helpdesk").has_value());
}

TEST_F(Learning, WhatCannotBeReadIsWrittenAnew) {
  hear("helpdesk", {true, true, {}});
  store.blind = true;
  hear("helpdesk", {false, false, {}});
  store.blind = false;
  EXPECT_FALSE(said("helpdesk")->dsn) << "an old word must not outlive a new one";
}

// The log goes to stderr in a test.
TEST_F(Learning, ALimitBelowOursIsAWarningOnceAndOneAboveIsNot) {
  config::Config config = two_primaries();
  config.smtp.max_message_size = base::mebibytes(25);
  configure(std::move(config));
  testing::internal::CaptureStderr();
  hear("helpdesk", {true, true, base::mebibytes(10)});
  EXPECT_NE(testing::internal::GetCapturedStderr().find("helpdesk takes mail of at most 10485760"),
            std::string::npos);
  testing::internal::CaptureStderr();
  hear("helpdesk", {true, true, base::mebibytes(10)});
  hear("helpdesk", {true, true, base::mebibytes(25)});
  hear("helpdesk", {true, true, {}});
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace beredd::service

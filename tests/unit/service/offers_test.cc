#include "offers.h"

#include "offers_house.h"

namespace beredd::service {
namespace {

class Offers : public OffersHouse {
 protected:
  // "smtputf8 dsn", as far as they are offered.
  std::string offered() {
    smtp::ServerOptions options;
    offer_what_hand_back_passes_on(context, options);
    std::string words = options.offer_smtputf8 ? "smtputf8" : "";
    if (options.offer_dsn) words += words.empty() ? "dsn" : " dsn";
    return words;
  }
  static store::Abilities able(bool smtputf8, bool dsn) {
    return {smtputf8, dsn, {}, base::Instant{}};
  }
};

TEST_F(Offers, NothingBeforeAPrimaryHasSpoken) { EXPECT_EQ(offered(), ""); }

TEST_F(Offers, NothingWhileOneOfThePrimariesIsUnknown) {
  say("helpdesk", able(true, true));
  EXPECT_EQ(offered(), "");
  say("crm", able(true, true));
  EXPECT_EQ(offered(), "smtputf8 dsn");
}

TEST_F(Offers, OnlyWhatEveryPrimaryTakesOn) {
  say("helpdesk", able(true, true));
  say("crm", able(false, true));
  EXPECT_EQ(offered(), "dsn");
  say("crm", able(true, false));
  EXPECT_EQ(offered(), "smtputf8");
  say("helpdesk", able(false, true));
  EXPECT_EQ(offered(), "") << "each takes one, none is taken by both";
}

TEST_F(Offers, NoLongerWhatAPrimaryHasStoppedToSay) {
  say("helpdesk", able(true, true));
  say("crm", able(true, true));
  say("helpdesk", able(false, false));
  EXPECT_EQ(offered(), "");
}

TEST_F(Offers, APrimaryOutsideTheConfigurationHasNoSay) {
  say("helpdesk", able(true, true));
  say("crm", able(true, true));
  say("former", able(false, false));
  EXPECT_EQ(offered(), "smtputf8 dsn");
  config::Config config = two_primaries();
  config.primaries.pop_back();
  configure(std::move(config));
  say("crm", able(false, false));
  EXPECT_EQ(offered(), "smtputf8 dsn");
}

TEST_F(Offers, WhatAnOperatorSwitchedOffIsNotOffered) {
  say("helpdesk", able(true, true));
  say("crm", able(true, true));
  config::Config config = two_primaries();
  config.smtp.smtputf8 = config::Offer::off;
  configure(config);
  EXPECT_EQ(offered(), "dsn");
  config.smtp.dsn = config::Offer::off;
  configure(config);
  EXPECT_EQ(offered(), "");
  config.smtp.smtputf8 = config::Offer::automatic;
  configure(config);
  EXPECT_EQ(offered(), "smtputf8");
}

TEST_F(Offers, NothingWhenNobodyWouldTakeItOn) {
  configure({});
  EXPECT_EQ(offered(), "");
}

TEST_F(Offers, NothingWhenTheStoreCannotBeRead) {
  say("helpdesk", able(true, true));
  say("crm", able(true, true));
  store.blind = true;
  EXPECT_EQ(offered(), "");
}

TEST_F(Offers, ChangesNoOtherOption) {
  say("helpdesk", able(true, true));
  say("crm", able(true, true));
  smtp::ServerOptions options;
  options.offer_chunking = true;
  options.offer_checkpoint = false;
  offer_what_hand_back_passes_on(context, options);
  EXPECT_TRUE(options.offer_chunking);
  EXPECT_FALSE(options.offer_checkpoint);
}

}  // namespace
}  // namespace beredd::service

#include "control_house.h"

namespace beredd::control {
namespace {

using store::DeliveryState;
using testing::ElementsAre;
using testing::HasSubstr;

class Tickets : public ControlHouse {};

std::vector<std::uint64_t> ids(const Json& list) {
  std::vector<std::uint64_t> out;
  for (const Json& one : list) out.push_back(one["id"]);
  return out;
}

TEST_F(Tickets, AreListedNewestFirstWithoutMessages) {
  take_in(letter("one"));
  world.run_for(std::chrono::seconds(1));
  take_in(letter("two"));
  const Reply reply = get("/v1/tickets");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.content_type, "application/json");
  EXPECT_THAT(ids(reply.json()), ElementsAre(2, 1));
  EXPECT_EQ(reply.json()[0]["subject"], "two");
  EXPECT_FALSE(reply.json()[0].contains("messages"));
}

TEST_F(Tickets, AreRestrictedByTheQuery) {
  take_in(letter("invoice"));
  world.run_for(std::chrono::seconds(1));
  take_in(letter("printer"));
  EXPECT_THAT(ids(get("/v1/tickets?search=INVOICE").json()), ElementsAre(1));
  EXPECT_THAT(ids(get("/v1/tickets?limit=1").json()), ElementsAre(2));
  EXPECT_THAT(ids(get("/v1/tickets?state=new&custody=primary").json()), ElementsAre(2, 1));
  EXPECT_TRUE(get("/v1/tickets?state=closed").json().empty());
  EXPECT_TRUE(get("/v1/tickets?desk=billing").json().empty());
}

TEST_F(Tickets, RefuseWordsThatMeanNothing) {
  const Reply state = get("/v1/tickets?state=closd");
  EXPECT_EQ(state.status, 400);
  EXPECT_EQ(state.json()["code"], "invalid");
  EXPECT_THAT(state.json()["error"], HasSubstr("\"closd\" is no state: new, open"));
  EXPECT_EQ(get("/v1/tickets?custody=mine").status, 400);
  EXPECT_EQ(get("/v1/tickets?limit=0").status, 400);
  EXPECT_EQ(get("/v1/tickets?limit=many").status, 400);
  EXPECT_EQ(get("/v1/tickets?limit=100001").status, 400);
}

TEST_F(Tickets, AMisspeltDeskIsNotAnEmptyOne) {
  const Reply reply = get("/v1/tickets?desk=suport");
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(reply.json()["error"], "no desk is called \"suport\"; there is support, billing");
}

TEST_F(Tickets, ShowTheirMessagesInOrderWithTextAndDelivery) {
  const std::string first = letter("help", "It broke\r\n", "Message-ID: <a@x>\r\n");
  const std::string second =
      letter("Re: help", "Still\r\n> It broke\r\n", "Message-ID: <b@x>\r\nIn-Reply-To: <a@x>\r\n");
  const auto ticket = take_in(first);
  sort(accept(second), mail::read(second), DeliveryState::held, ticket);
  const Json shown = get("/v1/tickets/1").json();
  ASSERT_EQ(shown["messages"].size(), 2u);
  const Json& reply = shown["messages"][1];
  EXPECT_EQ(shown["requester"], Json({{"name", "Ann"}, {"address", "ann@example.net"}}));
  EXPECT_EQ(reply["id"], 2);
  EXPECT_EQ(reply["ticket"], 1);
  EXPECT_EQ(reply["message_id"], "b@x");
  EXPECT_EQ(reply["in_reply_to"], "a@x");
  EXPECT_EQ(reply["direction"], "in");
  EXPECT_EQ(reply["source"], "smtp");
  EXPECT_THAT(reply["text"], HasSubstr("> It broke"));
  EXPECT_THAT(reply["new_text"], testing::Not(HasSubstr("It broke")));
  EXPECT_EQ(reply["envelope"], Json({{"from", "ann@example.net"},
                                     {"to", {"support@example.org"}},
                                     {"smtputf8", false},
                                     {"dsn", nullptr}}));
  EXPECT_EQ(reply["size"], second.size());
  EXPECT_EQ(reply["sha256"], base::to_hex(base::sha256(second)));
  EXPECT_EQ(reply["delivery"]["target"], "helpdesk");
  EXPECT_EQ(reply["delivery"]["state"], "held");
}

TEST_F(Tickets, ThatAreNotThereAre404WithAHint) {
  const Reply reply = get("/v1/tickets/99");
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(reply.json()["code"], "not_found");
  EXPECT_THAT(reply.json()["hint"], HasSubstr("beredctl ticket list"));
  EXPECT_EQ(get("/v1/tickets/0").status, 400);
  EXPECT_EQ(get("/v1/tickets/abc").status, 400);
  EXPECT_EQ(get("/v1/tickets/-1").status, 400);
}

}  // namespace
}  // namespace beredd::control

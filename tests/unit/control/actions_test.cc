#include "caller.h"
#include "control_house.h"

namespace beredd::control {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ActionRoutes : public ControlHouse {
 protected:
  ActionRoutes() {
    // Whoever runs the tests, and whatever the system calls them.
    services.person_of = [this](std::string_view login) {
      const auto found = people.find(std::string(login));
      return found == people.end() ? std::string(login) : found->second;
    };
    people[login_of(0)] = "anna";
  }
  Reply change(const std::string& json) { return post("/v1/tickets/changes", json); }
  Json ticket(std::uint64_t id) { return get("/v1/tickets/" + std::to_string(id)).json(); }
  // "who what: detail" of what has a name behind it.
  std::vector<std::string> deeds(std::uint64_t id) {
    std::vector<std::string> out;
    const Json now = ticket(id);
    for (const Json& entry : now["history"]) {
      if (entry["who"].is_null()) continue;
      out.push_back(entry["who"].get<std::string>() + " " + entry["what"].get<std::string>() +
                    ": " + entry["detail"].get<std::string>());
    }
    return out;
  }

  std::map<std::string, std::string> people;
};

TEST(Caller, IsTheLoginOrTheNumberWhereThereIsNone) {
  EXPECT_EQ(login_of(0), "root");
  EXPECT_EQ(login_of(4'123'456), "uid 4123456");
}

TEST_F(ActionRoutes, ChangeManyTicketsAtOnceInTheNameOfTheCaller) {
  take_in(letter("one"));
  take_in(letter("two"));
  const Reply reply =
      change(R"({"tickets":[{"id":1},{"id":2}],"state":"pending","until":"2099-01-01T08:00:00Z",)"
             R"("assignee":"me","priority":"high","add_tags":["storm"]})");
  ASSERT_EQ(reply.status, 200) << reply.body;
  ASSERT_EQ(reply.json().size(), 2U);
  for (const std::uint64_t id : {1U, 2U}) {
    const Json now = ticket(id);
    EXPECT_EQ(now["state"], "pending");
    EXPECT_EQ(now["pending_until"], "2099-01-01T08:00:00Z");
    EXPECT_EQ(now["assignee"], "anna");
    EXPECT_EQ(now["priority"], "high");
    EXPECT_EQ(now["tags"], Json::array({"storm"}));
    EXPECT_THAT(deeds(id),
                ElementsAre("anna state set: pending until 2099-01-01T08:00:00Z (was new)",
                            "anna assigned: anna (was nobody)",
                            "anna priority set: high (was normal)", "anna tagged: storm"));
  }
}

TEST_F(ActionRoutes, AnswerEveryMistakeWithWhatIsWrong) {
  take_in(letter("one"));
  const auto says = [&](const std::string& json, int status, const std::string& text) {
    const Reply reply = change(json);
    EXPECT_EQ(reply.status, status) << json << reply.body;
    EXPECT_THAT(reply.body, HasSubstr(text)) << json;
  };
  says("{", 400, "this is not JSON");
  says(R"({"tickets":[],"state":"open"})", 400, "0 tickets are not from 1 to 10000");
  says(R"({"tickets":[{"id":1}]})", 400, "nothing is to be changed");
  says(R"({"tickets":[{"id":1}],"state":"gone"})", 400, "is no state");
  says(R"({"tickets":[{"id":1}],"priority":"vast"})", 400, "is no priority");
  says(R"({"tickets":[{"id":1}],"state":"pending","until":"2001-01-01T00:00:00Z"})", 400,
       "is over already");
  says(R"({"tickets":[{"id":9}],"state":"open"})", 404, "there is no ticket 9");
  says(R"({"tickets":[{"id":1,"if_updated":"2001-01-01T00:00:00Z"}],"state":"open"})", 409,
       "ticket 1: it has changed since");
  EXPECT_THAT(deeds(1), testing::IsEmpty());
}

TEST_F(ActionRoutes, ATicketThatAnotherPersonHasIsTakenOnlyOnPurpose) {
  take_in(letter("one"));
  ASSERT_EQ(change(R"({"tickets":[{"id":1}],"assignee":"bo"})").status, 200);
  const Reply refused = change(R"({"tickets":[{"id":1}],"assignee":"me"})");
  EXPECT_EQ(refused.status, 409);
  EXPECT_THAT(refused.body, HasSubstr("bo has it already"));
  EXPECT_EQ(change(R"({"tickets":[{"id":1}],"assignee":"me","take_over":true})").status, 200);
  EXPECT_EQ(ticket(1)["assignee"], "anna");
  EXPECT_EQ(change(R"({"tickets":[{"id":1}],"assignee":"nobody"})").status, 200);
  EXPECT_EQ(ticket(1)["assignee"], nullptr);
}

TEST_F(ActionRoutes, ANoteIsAMessageOfTheTicketWithItsAuthor) {
  take_in(letter("one"));
  const Reply reply = post("/v1/tickets/notes", R"({"tickets":[1],"text":"She rang: läcker.\n"})");
  ASSERT_EQ(reply.status, 200) << reply.body;
  const Json note = ticket(1)["messages"][1];
  EXPECT_EQ(note["direction"], "note");
  EXPECT_EQ(note["source"], "staff");
  EXPECT_EQ(note["author"], "anna");
  EXPECT_EQ(note["delivery"], nullptr);
  EXPECT_THAT(note["text"].get<std::string>(), HasSubstr("She rang: läcker."));
  EXPECT_FALSE(ticket(1)["messages"][0].contains("author")) << "mail that came in has none";
  EXPECT_THAT(deeds(1), ElementsAre("anna noted: a note"));
  const std::string raw =
      get("/v1/messages/" + std::to_string(note["id"].get<int>()) + "/raw").body;
  const mail::Reading again = mail::read(raw);
  EXPECT_EQ(again.text, note["text"].get<std::string>()) << raw;
  EXPECT_EQ(again.message_id, note["message_id"].get<std::string>());
  EXPECT_EQ(again.from.at(0).name, "anna");
}

TEST_F(ActionRoutes, ANoteThatSaysNothingOrIsForNobodyIsRefused) {
  take_in(letter("one"));
  EXPECT_EQ(post("/v1/tickets/notes", R"({"tickets":[1],"text":" \n"})").status, 400);
  EXPECT_EQ(post("/v1/tickets/notes", R"({"tickets":[],"text":"x"})").status, 400);
  EXPECT_EQ(post("/v1/tickets/notes", R"({"tickets":[1,9],"text":"x"})").status, 404);
  EXPECT_EQ(ticket(1)["messages"].size(), 1U);
}

TEST_F(ActionRoutes, MergeAndSplitMoveMessagesAndTheNumbersLeadOn) {
  take_in(letter("one"));
  take_in(letter("two"));
  const Reply merged =
      post("/v1/tickets/merge", R"({"tickets":[{"id":2}],"into":1,"reason":"the same pump"})");
  ASSERT_EQ(merged.status, 200) << merged.body;
  EXPECT_EQ(ticket(2)["id"], 1);
  EXPECT_EQ(ticket(1)["messages"].size(), 2U);
  EXPECT_THAT(deeds(1), ElementsAre("anna merged: ticket 2: the same pump"));

  const Reply split = post("/v1/tickets/1/split", R"({"message":2})");
  ASSERT_EQ(split.status, 200) << split.body;
  EXPECT_EQ(split.json()["id"], 3);
  EXPECT_EQ(split.json()["subject"], "two");
  EXPECT_EQ(split.json()["linked"], Json::array({1}));
  EXPECT_THAT(deeds(3), ElementsAre("anna moved: from ticket 1: split by hand"));
  EXPECT_EQ(post("/v1/tickets/1/split", R"({"message":1})").status, 409) << "it has no other";
  EXPECT_EQ(post("/v1/tickets/1/split", R"({"message":2})").status, 409) << "it is not there";
  EXPECT_EQ(post("/v1/tickets/merge", R"({"tickets":[{"id":1}],"into":2})").status, 409);
}

TEST_F(ActionRoutes, TicketsOfTwoDesksAreNotMerged) {
  take_in(letter("one"));
  const std::string raw = letter("two");
  sort(accept(raw, "billing"), mail::read(raw), store::DeliveryState::held, {}, "billing", "crm");
  const Reply reply = post("/v1/tickets/merge", R"({"tickets":[{"id":2}],"into":1})");
  EXPECT_EQ(reply.status, 409);
  EXPECT_THAT(reply.body, HasSubstr("desk billing"));
}

TEST_F(ActionRoutes, UndoIsOfTheCallersOwnLastBulkAction) {
  take_in(letter("one"));
  take_in(letter("two"));
  ASSERT_EQ(change(R"({"tickets":[{"id":1},{"id":2}],"state":"solved"})").status, 200);
  people[login_of(0)] = "bo";
  EXPECT_EQ(post("/v1/tickets/undo").status, 404);
  ASSERT_EQ(change(R"({"tickets":[{"id":2}],"state":"closed"})").status, 200);
  people[login_of(0)] = "anna";
  const Reply undone = post("/v1/tickets/undo");
  ASSERT_EQ(undone.status, 200) << undone.body;
  EXPECT_EQ(undone.json()["what"], "state solved");
  EXPECT_EQ(undone.json()["tickets"], Json::array({1}));
  EXPECT_EQ(undone.json()["left"][0]["id"], 2);
  EXPECT_EQ(ticket(1)["state"], "new");
  EXPECT_THAT(deeds(1).back(), HasSubstr("undone"));
}

TEST_F(ActionRoutes, TheExportOfTicketsHasTheirHistories) {
  take_in(letter("one"));
  take_in(letter("two"));
  ASSERT_EQ(change(R"({"tickets":[{"id":2}],"state":"closed"})").status, 200);
  const Reply all = get("/v1/export/tickets");
  ASSERT_EQ(all.status, 200);
  const std::size_t end = all.body.find('\n');
  const Json first = Json::parse(all.body.substr(0, end));
  const Json second = Json::parse(all.body.substr(end + 1));
  EXPECT_EQ(first["id"], 1);
  EXPECT_EQ(second["id"], 2);
  EXPECT_EQ(second["history"].back()["what"], "state set");
  EXPECT_FALSE(second.contains("messages"));
  EXPECT_EQ(get("/v1/export/tickets?desk=billing").body, "");
}

}  // namespace
}  // namespace beredd::control

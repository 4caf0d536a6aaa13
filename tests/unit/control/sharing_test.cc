// People, staffing, leases, escalation and the next ticket over the API. "daemon" (uid 1) is a
// login that every Debian has; root is uid 0.

#include "control_house.h"

namespace beredd::control {
namespace {

using testing::HasSubstr;

constexpr std::string_view kPeople = R"(
[[person]]
name = "anna"
login = "root"
role = "lead"
lines = [1, 2]
[[person]]
name = "bo"
login = "daemon"
deputy = "anna"
[[team]]
name = "first"
people = ["bo"]
)";

class SharingApi : public ControlHouse {
 protected:
  SharingApi() {
    context.config =
        config::parse(std::string(kConfiguration) + std::string(kPeople), "beredd.toml").config;
    EXPECT_NE(context.config, nullptr);
    rota.emplace(context, world.executor());
    services.rota = &*rota;
    services.person_of = [this](std::string_view login) {
      const config::Person* person = context.config->person_of_login(login);
      return person != nullptr ? person->name : std::string(login);
    };
    house.group = 1;
  }

  static constexpr std::uint32_t kBo = 1;

  // In our custody.
  base::TicketId held(const std::string& subject) {
    const auto id = take_in(letter(subject));
    apply([&](store::WriteTxn& txn) -> base::Status {
      auto ticket = txn.ticket(id);
      ticket->custody = ticket::Custody::fallback;
      return txn.update_ticket(*ticket);
    });
    return id;
  }
  static std::string path(base::TicketId id, const std::string& what) {
    return "/v1/tickets/" + base::to_string(id) + "/" + what;
  }

  std::optional<service::Rota> rota;
};

TEST_F(SharingApi, ListsPeopleWithPresenceAndLoad) {
  const auto id = held("Fault");
  apply([&](store::WriteTxn& txn) -> base::Status {
    auto ticket = txn.ticket(id);
    ticket->assignee = "bo";
    return txn.update_ticket(*ticket);
  });
  const Json people = get("/v1/people").json();
  ASSERT_EQ(people.size(), 2U);
  EXPECT_EQ(people[0]["role"], "lead");
  EXPECT_EQ(people[1]["name"], "bo");
  EXPECT_EQ(people[1]["load"], 1);
  EXPECT_EQ(people[1]["present"], true);
  EXPECT_EQ(people[1]["absence"], nullptr);
  EXPECT_EQ(people[1]["teams"], Json::array({"first"}));
  EXPECT_EQ(get("/v1/teams").json()[0]["people"], Json::array({"bo"}));
}

TEST_F(SharingApi, EverybodySaysWhereTheyAreAndOnlyLeadsWhereOthersAre) {
  const Reply refused = post("/v1/people/anna/absent", "{}", kBo);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.json()["error"], "bo may not say where others are: that is for leads");
  const Reply own = post("/v1/people/bo/absent", R"({"reason":"fever"})", kBo);
  EXPECT_EQ(own.status, 200);
  EXPECT_EQ(own.json()["absence"]["reason"], "fever");
  EXPECT_EQ(own.json()["absence"]["by"], "bo");
  EXPECT_EQ(post("/v1/people/bo/present").json()["present"], true);
  EXPECT_EQ(post("/v1/people/bo/present").status, 404) << "who is there cannot come back";
  EXPECT_EQ(post("/v1/people/eva/absent", "{}").status, 404);
}

TEST_F(SharingApi, OnlyLeadsSetTheStaffingLevel) {
  EXPECT_EQ(post("/v1/staffing", R"({"level":"critical"})", kBo).status, 403);
  EXPECT_EQ(get("/v1/staffing").json()["level"], "normal");
  const Json set = post("/v1/staffing", R"({"level":"critical"})").json();
  EXPECT_EQ(set["level"], "critical");
  EXPECT_EQ(set["by"], "anna");
  EXPECT_EQ(set["notice_only"], Json::array({"normal"}));
  EXPECT_EQ(post("/v1/staffing", R"({"level":"few"})").status, 400);
  EXPECT_EQ(post("/v1/staffing", R"({"level":"auto"})").json()["by"], nullptr);
}

TEST_F(SharingApi, TheSecondWhoAnswersIsToldWhoDoesAndUntilWhen) {
  const auto id = held("Fault");
  EXPECT_EQ(post(path(id, "lease"), "{}", kBo).json()["holder"], "bo");
  const Reply second = post(path(id, "lease"));
  EXPECT_EQ(second.status, 409);
  EXPECT_THAT(second.json()["error"].get<std::string>(),
              HasSubstr("bo is answering ticket 1, and has it until"));
  EXPECT_EQ(get("/v1/tickets").json()[0]["lease"]["holder"], "bo");
  EXPECT_EQ(get("/v1/tickets/1").json()["lease"]["holder"], "bo");
  EXPECT_EQ(ask("DELETE", path(id, "lease"), {}, kBo).status, 200);
  EXPECT_EQ(get("/v1/tickets").json()[0]["lease"], nullptr);
  EXPECT_EQ(ask("DELETE", path(id, "lease"), {}, kBo).status, 404);
  EXPECT_EQ(post("/v1/tickets/99/lease").status, 404);
}

TEST_F(SharingApi, NobodyButRootEndsAnothersLease) {
  const auto id = held("Fault");
  EXPECT_EQ(post(path(id, "lease")).status, 200);
  EXPECT_EQ(ask("DELETE", path(id, "lease"), {}, kBo).status, 409);
  EXPECT_EQ(post(path(held("Other"), "lease"), "{}", kBo).status, 200);
  EXPECT_EQ(ask("DELETE", path(base::TicketId(2), "lease"), {}, 0).status, 200);
}

TEST_F(SharingApi, EscalatesAndAssigns) {
  const auto id = held("Fault");
  EXPECT_EQ(post(path(id, "auto-assign")).json()["assignee"], "anna");
  const Json moved = post(path(id, "escalate"), R"({"note":"a database"})", kBo).json();
  EXPECT_EQ(moved["line"], 2);
  EXPECT_EQ(moved["assignee"], "anna");
  const Reply beyond = post(path(id, "escalate"), "{}");
  EXPECT_EQ(beyond.status, 409);
  EXPECT_THAT(beyond.json()["error"].get<std::string>(), HasSubstr("nobody works in the next"));
  EXPECT_EQ(post(path(id, "deescalate"), "{}").json()["line"], 1);
}

TEST_F(SharingApi, SaysWhatToWorkOnNowAndWhy) {
  EXPECT_EQ(get("/v1/next", kBo).json()["ticket"], nullptr);
  const auto id = held("Fault");
  const Json next = get("/v1/next", kBo).json();
  EXPECT_EQ(next["person"], "bo");
  EXPECT_EQ(next["ticket"]["id"], id.value());
  EXPECT_EQ(next["reasons"][0], "unanswered for 0 minutes, the longest");
  EXPECT_EQ(get("/v1/next?person=anna", kBo).json()["person"], "anna");
  EXPECT_EQ(get("/v1/next?person=eva").status, 404);
}

TEST_F(SharingApi, WhereNobodyIsNamedEverybodyMayAllOfIt) {
  context.config = config::parse(kConfiguration, "beredd.toml").config;
  rota.emplace(context, world.executor());
  const auto id = held("Fault");
  EXPECT_EQ(get("/v1/people").json(), Json::array());
  EXPECT_EQ(post("/v1/staffing", R"({"level":"reduced"})", kBo).json()["by"], "daemon");
  EXPECT_EQ(post(path(id, "lease"), "{}", kBo).json()["holder"], "daemon");
  EXPECT_EQ(get("/v1/next", kBo).json()["ticket"]["id"], id.value());
}

}  // namespace
}  // namespace beredd::control

// Notices and templates as the API shows them.

#include "control_house.h"

#include "beredd/service/outgoing.h"

namespace beredd::control {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kSays = R"(phones = ["+46 8 123"]
[desk.notice]
within = "48h"
per_hour = 2
)";
constexpr std::string_view kTemplates = R"(
[[template]]
name = "password"
text = "Dear {customer}, ticket {ticket}. {agent}"
[[template]]
name = "password"
language = "sv"
text = "Hej {customer}, det gäller {subject}. {within}"
[[template]]
name = "invoice"
desks = ["billing"]
text = "Paid?"
)";

class Notices : public ControlHouse {
 protected:
  Notices() {
    std::string toml(kConfiguration);
    constexpr std::string_view kPrimary = "primary = \"helpdesk\"\n";
    toml.insert(toml.find(kPrimary) + kPrimary.size(), kSays);
    context.config = config::parse(toml + std::string(kTemplates), "beredd.toml").config;
  }
  ~Notices() override { context.config = config::parse(kConfiguration, "beredd.toml").config; }

  void note(base::TicketId ticket, std::string_view what, std::string detail) {
    apply([&](store::WriteTxn& txn) {
      store::JournalEntry entry;
      entry.at = world.clock().now();
      entry.what = what;
      entry.message = base::MessageId(1);
      entry.ticket = ticket;
      entry.detail = detail;
      return txn.note(std::move(entry));
    });
  }
};

TEST_F(Notices, ArePreviewedInEachLanguage) {
  const Json swedish = get("/v1/notices/preview?desk=support&language=sv").json();
  EXPECT_EQ(swedish["desk"], "support");
  EXPECT_EQ(swedish["when"], "fallback");
  EXPECT_EQ(swedish["language"], "sv");
  EXPECT_EQ(swedish["from"], "support@example.org");
  EXPECT_THAT(swedish["text"], AllOf(HasSubstr("1042"), HasSubstr("2 dagar"), HasSubstr("+46 8")));
  EXPECT_EQ(get("/v1/notices/preview?desk=support").json()["language"], "en");
  EXPECT_EQ(get("/v1/notices/preview?desk=billing").json()["when"], "never");
}

TEST_F(Notices, APreviewNeedsADeskAndALanguageThatAreThere) {
  EXPECT_EQ(get("/v1/notices/preview").status, 400);
  EXPECT_EQ(get("/v1/notices/preview?desk=sales").status, 404);
  EXPECT_EQ(get("/v1/notices/preview?desk=support&language=de").status, 400);
}

TEST_F(Notices, ATicketSaysWhatBecameOfIts) {
  const auto id = take_in(letter("one"));
  const auto shown = [&] { return get("/v1/tickets/" + base::to_string(id)).json(); };
  EXPECT_FALSE(shown().contains("notice"));
  note(id, service::kNoticeNotSent, "too-many");
  EXPECT_EQ(shown()["notice"]["sent"], false);
  EXPECT_EQ(shown()["notice"]["reason"], "too-many");
  note(id, service::kNoticeSent, "message 2, sv");
  note(id, service::kNoticeNotSent, "told-already");
  EXPECT_EQ(shown()["notice"]["sent"], true) << "the customer knows";
  EXPECT_EQ(shown()["notice"]["reason"], nullptr);
  EXPECT_EQ(shown()["notice"]["message"], 1);
}

TEST_F(Notices, StatusCountsThoseOfTheLastHour) {
  apply([&](store::WriteTxn& txn) {
    return txn.put_notice("support", "ann@example.net", world.clock().now());
  });
  const auto counted = [&] { return get("/v1/status").json()["notices"]; };
  EXPECT_EQ(counted(), Json::parse(R"([{"desk":"support","when":"fallback","last_hour":1,
                                        "per_hour":2}])"));
  world.run_for(std::chrono::hours(2));
  EXPECT_EQ(counted()[0]["last_hour"], 0);
}

TEST_F(Notices, TemplatesAreListedByDesk) {
  EXPECT_EQ(get("/v1/templates").json().size(), 3U);
  const Json support = get("/v1/templates?desk=support").json();
  ASSERT_EQ(support.size(), 2U);
  EXPECT_EQ(support[1]["language"], "sv");
  EXPECT_THAT(support[1]["text"], HasSubstr("{customer}"));
}

TEST_F(Notices, ATemplateIsFilledInForATicketInItsCustomersLanguage) {
  const auto swede = take_in(letter(
      "inloggning", "Hej! Jag kan inte logga in sedan i morse och behöver hjälp med kontot.\r\n",
      "Content-Type: text/plain; charset=utf-8\r\n"));
  const std::string target = "/v1/templates/password?ticket=" + base::to_string(swede);
  EXPECT_EQ(get(target).json()["text"], "Hej Ann, det gäller inloggning. 2 dagar");
  const Json english = get(target + "&language=en").json();
  EXPECT_THAT(english["text"], HasSubstr("Dear Ann, ticket " + base::to_string(swede)));
  EXPECT_THAT(english["text"], Not(HasSubstr("{")));
}

TEST_F(Notices, ATemplateThatIsNotThereIsNamedWithTheOneThatWasMeant) {
  const Reply reply = get("/v1/templates/pasword");
  EXPECT_EQ(reply.status, 404);
  EXPECT_THAT(reply.body, HasSubstr("did you mean password?"));
  const auto id = take_in(letter("one"));
  EXPECT_EQ(get("/v1/templates/invoice?ticket=" + base::to_string(id)).status, 404)
      << "it is another desk's";
  EXPECT_EQ(get("/v1/templates/password?ticket=99").status, 404);
}

}  // namespace
}  // namespace beredd::control

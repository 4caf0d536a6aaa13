// What notices and templates say.

#include "beredd/service/wording.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "beredd/mail/language.h"

namespace beredd::service {
namespace {

using namespace std::chrono_literals;
using mail::Language;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::Optional;

constexpr Language kAll[] = {Language::english, Language::swedish, Language::norwegian,
                             Language::finnish};

class Wording : public testing::Test {
 protected:
  Wording() {
    desk.name = "support";
    desk.from = "Example Support <support@example.org>";
    desk.phones = {"+46 8 123", "+358 9 456"};
    desk.notice.emplace();
    ticket.id = base::TicketId(1042);
    ticket.subject = "printer";
    ticket.requester = {"Anna", "anna@customer.example"};
  }
  config::Template& add(std::string name, Language language, std::string text) {
    return config.templates.emplace_back(
        config::Template{std::move(name), {}, language, std::move(text)});
  }
  std::string chosen(std::string_view desk_name, const std::vector<Language>& wanted) {
    const config::Template* found = template_for(config, "password", desk_name, wanted);
    return found == nullptr ? "none" : found->text;
  }

  config::Config config;
  config::Desk desk;
  ticket::Ticket ticket;
};

TEST_F(Wording, EveryLanguageSaysTheNumberTheTimeAndTheOtherWaysIn) {
  desk.notice->within = 36h;
  for (const Language language : kAll) {
    const std::string text = notice_text(desk, ticket, language);
    EXPECT_THAT(text,
                AllOf(HasSubstr("1042"), HasSubstr("36 "), HasSubstr("+46 8 123\n+358 9 456"),
                      HasSubstr("Example Support"), Not(HasSubstr("{")), Not(HasSubstr("}"))));
    EXPECT_THAT(mail::guess_language(text), Optional(language)) << text;
  }
}

TEST_F(Wording, WhatIsNotKnownIsNotSaid) {
  desk.phones.clear();
  for (const Language language : kAll) {
    const std::string text = notice_text(desk, ticket, language);
    EXPECT_THAT(text, Not(HasSubstr("\n\n\n")));
    EXPECT_THAT(text, Not(HasSubstr(":\n")));
  }
  EXPECT_THAT(notice_text(desk, ticket, Language::english), Not(HasSubstr("up to")));
}

TEST_F(Wording, OnesOwnTextGoesBeforeTheOneThatIsBuiltIn) {
  desk.notice->texts.push_back({Language::swedish, "Nummer {ticket}: {subject}, {within}."});
  desk.notice->within = 48h;
  EXPECT_EQ(notice_text(desk, ticket, Language::swedish), "Nummer 1042: printer, 2 dagar.");
  EXPECT_THAT(notice_text(desk, ticket, Language::english),
              HasSubstr("Your ticket number is 1042."));
}

TEST_F(Wording, TimesAreSpokenInTheirLanguage) {
  EXPECT_EQ(spoken(1h, Language::english), "1 hour");
  EXPECT_EQ(spoken(24h, Language::swedish), "24 timmar");
  EXPECT_EQ(spoken(48h, Language::norwegian), "2 dager");
  EXPECT_EQ(spoken(49h, Language::english), "49 hours");
  EXPECT_EQ(spoken(72h, Language::finnish), "3 päivää");
  EXPECT_EQ(spoken(90min, Language::english), "90 minutes");
  EXPECT_EQ(spoken(1s, Language::swedish), "1 minut");
}

TEST_F(Wording, TheSubjectIsTheMailsOnOneLineAndNotForEver) {
  EXPECT_EQ(notice_subject("printer"), "Auto: printer");
  EXPECT_EQ(notice_subject("a\r\nBcc: b"), "Auto: a Bcc: b");
  EXPECT_EQ(notice_subject(""), "Auto: Re:");
  std::string words, stones;
  for (int n = 0; n < 100; ++n) words += "ord ", stones += "ö";
  EXPECT_LT(notice_subject(words).size(), 170U);
  EXPECT_THAT(notice_subject(words), testing::EndsWith("ord …"));
  EXPECT_LT(notice_subject(stones).size(), 170U);
  EXPECT_THAT(notice_subject(stones), testing::EndsWith("ö …"));
}

TEST_F(Wording, ATemplateIsFilledInForItsTicket) {
  const auto& form = add("password", Language::english,
                         "Dear {customer},\n{within}\nask again about {subject} ({ticket}).\n"
                         "{phone}\n{agent}, {desk}\n");
  EXPECT_EQ(filled(form, desk, ticket, "bo"),
            "Dear Anna,\nask again about printer (1042).\n+46 8 123\n+358 9 456\n"
            "bo, Example Support\n");
  ticket.requester.name.clear();
  EXPECT_THAT(filled(form, desk, ticket, "bo"), HasSubstr("Dear anna@customer.example,"));
}

TEST_F(Wording, WhatACustomerWroteIsNoTemplate) {
  ticket.subject = "{agent}\n{phone}";
  const auto& form = add("password", Language::english, "{subject}\n");
  EXPECT_EQ(filled(form, desk, ticket, "bo"), "{agent} {phone}\n");
}

TEST_F(Wording, TheLikeliestLanguageIsChosenThenTheDesksOwn) {
  add("password", Language::english, "all en");
  add("password", Language::swedish, "all sv");
  add("password", Language::swedish, "support sv").desks = {"support"};
  add("password", Language::finnish, "sales fi").desks = {"sales"};
  add("other", Language::swedish, "other");
  EXPECT_EQ(chosen("support", {Language::swedish}), "support sv");
  EXPECT_EQ(chosen("sales", {Language::swedish}), "all sv");
  EXPECT_EQ(chosen("support", {Language::finnish, Language::english}), "all en");
  EXPECT_EQ(chosen("sales", {Language::finnish, Language::english}), "sales fi");
  EXPECT_EQ(chosen("", {Language::finnish}), "sales fi");
  EXPECT_EQ(template_for(config, "passwords", "support", {}), nullptr);
}

}  // namespace
}  // namespace beredd::service

// The mails that customers write: a sentence or two.

#include "beredd/mail/language.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::mail {
namespace {

using ::testing::Optional;

struct Case {
  Language language;
  const char* text;
};

constexpr Case kCases[] = {
    {Language::swedish, "Hej! Jag kan inte logga in, kan ni hjälpa mig?"},
    {Language::swedish, "Kranen läcker. Mvh Anna"},
    {Language::swedish, "Hur byter jag lösenord?"},
    {Language::swedish, "Beställningen 4711 har inte kommit fram än, när kommer den?"},
    {Language::norwegian, "Hei! Jeg får ikke logget inn, kan dere hjelpe meg?"},
    {Language::norwegian, "Kranen lekker. Mvh Anne"},
    {Language::norwegian, "Hvordan bytter jeg passord?"},
    {Language::norwegian, "Bestillingen 4711 har ikke kommet frem enda, når kommer den?"},
    {Language::finnish, "Hei! En pääse kirjautumaan sisään, voitteko auttaa?"},
    {Language::finnish, "Hana vuotaa. Terveisin Anna"},
    {Language::finnish, "Miten vaihdan salasanan?"},
    {Language::finnish, "Tilaus 4711 ei ole tullut perille, milloin se tulee?"},
    {Language::english, "Hello! I cannot log in, can you help me?"},
    {Language::english, "The tap is leaking. Regards Anna"},
    {Language::english, "How do I change my password?"},
    {Language::english, "Order 4711 has not arrived yet, when will it come?"},
};

TEST(GuessLanguage, TellsShortMailsApart) {
  for (const Case& one : kCases) {
    EXPECT_THAT(guess_language(one.text), Optional(one.language)) << one.text;
  }
}

TEST(GuessLanguage, SaysNothingOfWhatItDoesNotKnow) {
  EXPECT_EQ(guess_language(""), std::nullopt);
  EXPECT_EQ(guess_language("4711"), std::nullopt);
  EXPECT_EQ(guess_language("Здравствуйте, я не могу войти в систему, помогите мне"), std::nullopt);
  EXPECT_EQ(guess_language("Guten Tag, ich kann mich leider nicht anmelden, bitte helfen Sie mir"),
            std::nullopt);
}

TEST(GuessLanguage, LooksAtTheBeginningOfALongMailAndCutsNoCharacter) {
  std::string text;
  while (text.size() < 100'000) text += "Jag kan inte logga in, kan ni hjälpa mig? ";
  for (int i = 0; i < 4; ++i) {
    EXPECT_THAT(guess_language(text), Optional(Language::swedish));
    text.insert(0, "å");
  }
}

}  // namespace
}  // namespace beredd::mail

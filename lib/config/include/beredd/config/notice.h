#pragma once
// What a desk says without a person: the notice that a mail has arrived, and the texts that staff
// take for answers.

#include <string>
#include <vector>

#include "beredd/base/units.h"
#include "beredd/mail/quote.h"

namespace beredd::config {

// fallback: of mail that waits here for the primary to recover; always: of all mail.
enum class NoticeWhen { fallback, always, never };

// In place of the text that is built in for that language. A mail::Template.
struct NoticeText {
  mail::Language language = mail::Language::english;
  std::string text;
};

struct Notice {
  NoticeWhen when = NoticeWhen::fallback;
  mail::Language language = mail::Language::english;  // where the customer's cannot be told
  base::Duration within{};  // how long an answer may take; zero: nothing is said of it
  int per_hour = 500;       // in all; more senders than that are not told
  std::vector<NoticeText> texts;
};

// A text for answers. Of one name there are several: one for each language, and of desks.
struct Template {
  std::string name;
  std::vector<std::string> desks;  // empty: every desk
  mail::Language language = mail::Language::english;
  std::string text;  // a mail::Template
};

}  // namespace beredd::config

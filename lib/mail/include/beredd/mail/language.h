#pragma once
// In which of the desk's languages a mail is written.

#include <optional>
#include <string_view>

#include "beredd/mail/quote.h"

namespace beredd::mail {

// A guess from `text` (UTF-8; Reading::new_text, of which the first 16 KiB are looked at). Danish
// counts as Norwegian: short mails in the two cannot be told apart, and each reader reads the
// other. Nothing: another language, or too little to tell.
std::optional<Language> guess_language(std::string_view text);

}  // namespace beredd::mail

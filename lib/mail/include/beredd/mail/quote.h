#pragma once
// What an answer takes over from the mail that it answers.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "beredd/base/clock.h"
#include "beredd/mail/reading.h"

namespace beredd::mail {

enum class Language : std::uint8_t { english, swedish, norwegian, finnish };

std::string_view code(Language language);                       // ISO 639-1: "en", "sv", "no", "fi"
std::optional<Language> language_coded(std::string_view code);  // "nb" and "nn" are Norwegian too

// "On 2026-11-23 10:00, Anna <anna@example.org> wrote:" and its like, in local time; recognised by
// readers of mail, our own too (Reading::new_text).
std::string attribution(Language language, base::Instant written, const Address& writer);

// Each line of `text` behind "> ", one mark more on what was quoted already.
std::string quote(std::string_view text);

// "Re: " and the subject, unless it says so already, in any language; likewise "Fwd: ".
std::string reply_subject(std::string_view subject);
std::string forward_subject(std::string_view subject);

}  // namespace beredd::mail

#pragma once
// What mail servers and absent people write, in the languages of those who write to us. All
// arguments are in lower case.

#include <string_view>

namespace beredd::mail {

// `who`: a sender's local part and display name.
bool is_daemon(std::string_view who);      // mailer-daemon, mail delivery subsystem …
bool is_postmaster(std::string_view who);  // postmaster, system administrator …

bool speaks_of_delivery(std::string_view subject);   // "undeliverable", "failure notice" …
bool opens_with_delivery(std::string_view subject);  // a phrase of those at its front
bool quotes_a_reply(std::string_view text);          // "550 no such user" on a line of its own
bool says_undelivered(std::string_view text);        // "could not be delivered" …
bool returns_a_mail(std::string_view text);          // "the header of your mail follows" …

// "Out of office", "Autosvar:" … With `surely_automatic` also words that a person might write.
bool says_away(std::string_view subject, bool surely_automatic);

}  // namespace beredd::mail

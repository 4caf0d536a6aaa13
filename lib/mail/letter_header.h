#pragma once
// The header of a letter (RFC 5322 §3.6) up to MIME-Version; what a reader would make of it goes
// into `composed.reading`.

#include <string>

#include "beredd/mail/compose.h"

namespace beredd::mail {

// Errors: permanent/invalid, an address that no mail can go to.
base::Result<std::string> letter_header(const Letter& letter, Composed& composed);

}  // namespace beredd::mail

#pragma once
// Asking the person at the terminal.

#include "session.h"

#include <string>
#include <string_view>

namespace beredd::beredctl {

// "question [y/N] " on stderr, and whether the answer is yes; the end of input is no.
// Errors: permanent/refused when nobody is there to be asked.
base::Result<bool> confirm(Session& session, std::string_view question);

// All of standard input; a person at a terminal is told first what is wanted and how to end it.
std::string typed(Session& session, std::string_view what);

}  // namespace beredd::beredctl

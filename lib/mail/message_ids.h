#pragma once
// Message-IDs (RFC 5322 §3.6.4) in the fields that carry them, however they were folded or cut.

#include <string>
#include <string_view>
#include <vector>

namespace beredd::mail {

// The one of a Message-ID field, without its brackets; also where it never had any.
std::string parse_message_id(std::string_view value);

// `text` without blanks and controls, valid UTF-8.
std::string visible(std::string_view text);

// References: every <…>, oldest first, each once.
std::vector<std::string> parse_references(std::string_view value);

// In-Reply-To: as References, but old mailers put free text there, with addresses in it
// ("Message from Bob <bob@example.org> of Monday <id@host>"): beside text only one token is an ID.
std::vector<std::string> parse_in_reply_to(std::string_view value);

}  // namespace beredd::mail

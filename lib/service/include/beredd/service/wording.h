#pragma once
// The words of notices and templates: which text it is, and what its places stand for. Pure.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/config/config.h"
#include "beredd/mail/quote.h"
#include "beredd/ticket/ticket.h"

namespace beredd::service {

// By the names of mail::template_names().
using Values = std::map<std::string, std::string, std::less<>>;

// "2 days", "36 timmar": in whole minutes, hours, or days from two on.
std::string spoken(base::Duration time, mail::Language language);

// `agent` may be empty. What the desk says nothing of is empty too.
Values values_of(const config::Desk& desk, const ticket::Ticket& ticket, mail::Language language,
                 std::string_view agent);

// The desk's own text in that language, or the one that is built in, with its places filled in.
std::string notice_text(const config::Desk& desk, const ticket::Ticket& ticket,
                        mail::Language language);
// "Auto: " (RFC 3834 §3.1.5) and what the mail was about, shortened.
std::string notice_subject(std::string_view subject);

// A template with its places filled in.
std::string filled(const config::Template& from, const config::Desk& desk,
                   const ticket::Ticket& ticket, std::string_view agent);

// The template of this name for a desk; empty: any desk's. What stands earlier in `wanted` is
// preferred, then any other language; of one language the desk's own to the one for all desks.
// Null: there is none.
const config::Template* template_for(const config::Config& config, std::string_view name,
                                     std::string_view desk,
                                     const std::vector<mail::Language>& wanted);

}  // namespace beredd::service

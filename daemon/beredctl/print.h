#pragma once
// Every answer of the API as a person reads it. Pure text: no terminal, no clock. Everything that a
// customer or a foreign server wrote is made safe for the terminal.

#include "style.h"

#include <optional>
#include <string>
#include <vector>

#include "beredd/api/action.h"
#include "beredd/api/deadline.h"
#include "beredd/api/letter.h"
#include "beredd/api/notice.h"
#include "beredd/api/primary.h"
#include "beredd/api/rota.h"
#include "beredd/api/ticket.h"

namespace beredd::beredctl {

// print_ticket.cc
std::string tickets_text(const std::vector<api::Ticket>& tickets, const Style& style);
std::string ticket_text(const api::Ticket& ticket, const Style& style);
// print_rota.cc
std::string people_text(const std::vector<api::Colleague>& people, const Style& style);
std::string teams_text(const std::vector<api::Team>& teams, const Style& style);
std::string staffing_text(const api::Staffing& staffing, const Style& style);
std::string next_text(const api::Next& next, const Style& style);
// print_history.cc
// What was done to a ticket; the steps of mails on their way to a primary stand with the mails.
std::string ticket_history_text(const std::vector<api::HistoryEntry>& history, const Style& style);
std::string undone_text(const api::Undone& undone, const Style& style);
// print_due.cc
std::string events_text(const std::vector<api::ServiceEvent>& events, const Style& style);
// "in 3h 20m", "2h 10m late"; empty: nothing is due.
std::string due_words(const std::optional<api::Due>& due, base::Instant now);
Paint paint_of(const std::optional<api::Due>& due, base::Instant now);
// print_message.cc
std::string messages_text(const std::vector<api::Message>& messages, const Style& style);
std::string message_text(const api::Message& message, const Style& style);
// Date, people and body, as it stands in a ticket.
std::string letter_text(const api::Message& message, const Style& style);
std::string delivery_words(const api::Delivery& delivery);
std::string person_text(const api::Person& person);
// The body, each line safe and behind `indent`.
std::string indented(std::string_view body, std::string_view indent);
// print_letter.cc
std::string outgoing_text(const std::vector<api::OutgoingItem>& items, const Style& style);
// print_notice.cc
std::string notice_text(const api::NoticePreview& notice, const Style& style);
std::string templates_text(const std::vector<api::TemplateView>& templates, const Style& style);
std::string template_text(const api::TemplateView& one, const Style& style);
bool is_notice(const api::Message& message);  // written by the daemon itself
std::string notice_words(const api::TicketNotice& notice, base::Instant now);
std::string notices_lines(const std::vector<api::NoticeStatus>& notices);
// print_failover.cc
std::string failover_text(const std::vector<api::PrimaryStatus>& primaries, const Style& style);
std::string history_text(const std::vector<api::Transition>& transitions, const Style& style);
std::string checks_text(const std::vector<api::CheckStatus>& checks, const Style& style);
Paint paint_of_mode(std::string_view mode);
// print_handback.cc
std::string handback_text(const std::vector<api::HandbackStatus>& primaries, const Style& style);
std::string plan_text(const std::vector<api::Plan>& plans, const Style& style);
std::string reconciliation_text(const std::vector<api::Reconciliation>& all, const Style& style);
std::string quarantine_text(const std::vector<api::QuarantinedItem>& items, const Style& style);
// print_status.cc
std::string status_text(const api::Status& status, const Style& style);

// "1 message", "17 messages".
std::string counted(std::uint64_t count, std::string_view noun);

}  // namespace beredd::beredctl

#pragma once
// A desk with a queue of three, for tests of the model and the view.

#include "desk_model.h"
#include "desk_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beredd::beredctl {

inline base::Instant clock_at(std::string_view text) { return *base::parse_rfc3339(text); }
inline const base::Instant kNow = clock_at("2026-11-23T02:17:20Z");

inline api::Ticket desk_ticket(std::uint64_t id, std::string subject, std::string from) {
  api::Ticket ticket;
  ticket.id = id;
  ticket.desk = "support";
  ticket.subject = std::move(subject);
  ticket.state = "open";
  ticket.custody = "fallback";
  ticket.priority = "normal";
  ticket.requester = {std::move(from), "someone@example.com"};
  ticket.created = ticket.updated = clock_at("2026-11-23T01:30:00Z");
  return ticket;
}

inline std::vector<api::Ticket> desk_queue() {
  std::vector<api::Ticket> queue = {desk_ticket(1044, "The printer is on fire", "Anna Berg"),
                                    desk_ticket(1043, "Order 7 has not arrived", "Bo Ek"),
                                    desk_ticket(1042, "Kan inte logga in på sidan", "Åsa Öst")};
  queue[0].due = api::Due{clock_at("2026-11-23T00:07:00Z"), clock_at("2026-11-22T23:00:00Z"),
                          "first answer", true};
  queue[0].state = "new";
  queue[1].due = api::Due{clock_at("2026-11-23T02:50:00Z"), clock_at("2026-11-23T02:00:00Z"),
                          "next answer", false};
  queue[1].assignee = "cecilia";
  return queue;
}

inline api::Ticket desk_conversation() {
  api::Ticket ticket = desk_queue()[0];
  ticket.crossed = {{0, 1044, "breach", "first answer", clock_at("2026-11-23T00:07:00Z"), {}, {}}};
  api::Message message;
  message.id = 7;
  message.direction = "in";
  message.from = {{"Anna Berg", "anna@example.com"}};
  message.received = clock_at("2026-11-22T20:07:00Z");
  message.text = "Hello,\n\nthe printer in room 12 is on fire.\nPlease advise.\n\nAnna\n";
  api::Message note;
  note.id = 8;
  note.direction = "note";
  note.author = "cecilia";
  note.received = clock_at("2026-11-22T20:31:00Z");
  note.text = "I have called the fire brigade.";
  ticket.messages = {message, note};
  return ticket;
}

inline api::Status desk_status() {
  api::Status status;
  status.overdue = 1;
  status.due_soon = 1;
  api::PrimaryOverview primary;
  primary.failover.primary = "helpdesk";
  primary.failover.mode = "fallback";
  status.primaries.push_back(primary);
  return status;
}

inline const std::set<Action> kAllActions = {Action::reply, Action::note, Action::assign,
                                             Action::state};

inline DeskModel open_desk(std::set<Action> actions = kAllActions) {
  DeskModel model("support", std::move(actions));
  model.resize({24, 80});
  model.loaded(desk_queue());
  model.loaded(desk_status());
  return model;
}

inline Pressed key(Key which) { return {which, {}}; }
inline Pressed letter(std::string text) { return {Key::other, std::move(text)}; }

// Each wish in a few words.
inline std::vector<std::string> told(const Wishes& wishes) {
  std::vector<std::string> lines;
  for (const Wish& wish : wishes) {
    if (const auto* queue = std::get_if<LoadQueue>(&wish)) lines.push_back("queue " + queue->query);
    if (const auto* one = std::get_if<LoadTicket>(&wish))
      lines.push_back("ticket " + std::to_string(one->id));
    if (std::holds_alternative<Redraw>(wish)) lines.emplace_back("redraw");
    if (std::holds_alternative<Quit>(wish)) lines.emplace_back("quit");
    if (const auto* run = std::get_if<RunCommand>(&wish)) {
      std::string words = run->talks ? "talk" : "run";
      for (const std::string& word : run->arguments) words += " " + word;
      lines.push_back(words);
    }
  }
  return lines;
}

}  // namespace beredd::beredctl

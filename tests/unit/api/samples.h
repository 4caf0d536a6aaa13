#pragma once
// One value of each shape with every member set, for round trips.

#include "beredd/api/codec.h"

namespace beredd::api {

inline base::Instant at(std::string_view text) { return *base::parse_rfc3339(text); }

inline Message sample_message() {
  Message m;
  m.id = 42;
  m.ticket = 7;
  m.desk = "support";
  m.direction = "in";
  m.source = "smtp";
  m.message_id = "a@example.net";
  m.in_reply_to = "b@example.net";
  m.references = {"c@example.net", "b@example.net"};
  m.envelope = {"ann@example.net", {"support@example.org", "help@example.org"}};
  m.envelope.smtputf8 = true;
  m.envelope.dsn = Dsn{"HDRS", "QQ+2B1", {{"SUCCESS,DELAY", "rfc822;help@x.example"}, {"", ""}}};
  m.from = {{"Ann Ångström", "ann@example.net"}};
  m.to = {{"", "support@example.org"}};
  m.cc = {{"Bo", "bo@example.net"}};
  m.reply_to = {{"", "ann+reply@example.net"}};
  m.subject = "Fel på fakturan";
  m.date = at("2026-11-23T01:30:00Z");
  m.received = at("2026-11-23T01:30:26.5Z");
  m.size = base::Bytes(6000000000);
  m.sha256 = "ab12";
  m.text = "hej\n> citat\n";
  m.new_text = "hej\n";
  m.attachments = {{2, "faktura.pdf", "application/pdf", base::Bytes(1234), "cd34"}};
  m.defects = {"two From headers"};
  m.delivery = Delivery{"helpdesk", "proven", 2, "250 ok", "250 ok", "found at 01:31"};
  m.peer = "192.0.2.7 (mail.example.net)";
  m.trace_id = "4f1c2a9b.1042";
  m.kind = "delivery-report";
  m.reason = "reports on <b@example.net>";
  m.new_participant = true;
  m.copy_of = 40;
  m.copies = {43, 44};
  m.report = Report{"failed", "5.1.1", {"bo@example.net"}, 41};
  return m;
}

inline Ticket sample_ticket() {
  Ticket t;
  t.id = 7;
  t.desk = "support";
  t.subject = "Fel på fakturan";
  t.state = "new";
  t.custody = "fallback";
  t.line = 2;
  t.priority = "high";
  t.assignee = "eva";
  t.tags = {"invoice", "vip"};
  t.requester = {"Ann Ångström", "ann@example.net"};
  t.created = at("2026-11-23T01:30:26.5Z");
  t.updated = at("2026-11-23T01:31:00Z");
  t.undelivered = true;
  t.linked = {3};
  t.merged = {8, 9};
  t.reply_address = "support+t7.mzxw6ytboi@example.org";
  t.token = "[beredd-7.mzxw6ytboi]";
  t.pending_until = at("2026-11-24T08:00:00Z");
  t.messages = {sample_message()};
  t.history = {{12, at("2026-11-23T01:40:00Z"), "anna", "noted", 43, "", "a note"},
               {13, at("2026-11-23T01:41:00Z"), "", "acknowledged", 42, "helpdesk", "250 ok"}};
  return t;
}

inline Status sample_status() {
  Status s;
  s.node = "fallback-1";
  s.version = "0.1.0";
  s.now = at("2026-11-23T02:17:20Z");
  PrimaryOverview p;
  p.failover = {
      "helpdesk", "fallback", at("2026-11-23T02:14:00Z"),
      true,       false,      {{"http", false, at("2026-11-23T02:17:15Z"), "connection refused"}}};
  p.handback = {"helpdesk", 17, 1, 2,    100, 90, 3, at("2026-11-23T02:14:31Z"),
                0.5,        4,  5, true, true};
  s.primaries = {p};
  s.messages = 4211;
  s.tickets = 1030;
  s.unsorted = 1;
  s.unindexed = 3;
  s.room = base::Bytes(1u << 30);
  s.oldest_held = p.handback.oldest;
  s.last_backup = at("2026-11-22T03:00:00Z");
  s.last_drill = at("2026-11-01T03:00:00Z");
  s.outgoing = {true, 3, 1, at("2026-11-23T02:00:00Z")};
  s.notices = {{"support", "fallback", 17, 500}};
  return s;
}

}  // namespace beredd::api

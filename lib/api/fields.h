#pragma once
// The members of every shape, listed once: the encoder and the decoder walk the same list, so that
// they cannot disagree about a key.

#include "fields_action.h"
#include "fields_deadline.h"
#include "fields_notice.h"
#include "fields_rota.h"

#include "beredd/api/primary.h"
#include "beredd/api/request.h"
#include "beredd/api/ticket.h"

namespace beredd::api {

// A visitor V offers
//   v("key", member)            always there
//   v.nullable("key", string)   null when it is empty
//   v.maybe("key", optional)    left out when it is empty
//   v.inline_of(struct)         its members in the same object
template <typename T>
struct Fields;

template <>
struct Fields<Person> {
  static void list(auto& v, auto& p) {
    v("name", p.name);
    v("address", p.address);
  }
};

template <>
struct Fields<Attachment> {
  static void list(auto& v, auto& a) {
    v("index", a.index);
    v("name", a.name);
    v("type", a.type);
    v("size", a.size);
    v("sha256", a.sha256);
  }
};

template <>
struct Fields<RecipientDsn> {
  static void list(auto& v, auto& r) {
    v.nullable("notify", r.notify);
    v.nullable("orcpt", r.orcpt);
  }
};

template <>
struct Fields<Dsn> {
  static void list(auto& v, auto& d) {
    v.nullable("ret", d.ret);
    v.nullable("envid", d.envid);
    v("recipients", d.recipients);
  }
};

template <>
struct Fields<Envelope> {
  static void list(auto& v, auto& e) {
    v("from", e.from);
    v("to", e.to);
    v("smtputf8", e.smtputf8);
    v("dsn", e.dsn);
  }
};

template <>
struct Fields<Delivery> {
  static void list(auto& v, auto& d) {
    v("target", d.target);
    v("state", d.state);
    v("attempts", d.attempts);
    v.nullable("words", d.words);
    v.nullable("receipt", d.receipt);
    v.nullable("proof", d.proof);
  }
};

template <>
struct Fields<Report> {
  static void list(auto& v, auto& r) {
    v("outcome", r.outcome);
    v.nullable("status", r.status);
    v("recipients", r.recipients);
    v("concerns", r.concerns);
  }
};

template <>
struct Fields<Message> {
  static void list(auto& v, auto& m) {
    v("id", m.id);
    v("ticket", m.ticket);
    v("desk", m.desk);
    v("direction", m.direction);
    v("source", m.source);
    v.nullable("message_id", m.message_id);
    v.nullable("in_reply_to", m.in_reply_to);
    v("references", m.references);
    v("envelope", m.envelope);
    v("from", m.from);
    v("to", m.to);
    v("cc", m.cc);
    v("reply_to", m.reply_to);
    v("subject", m.subject);
    v("date", m.date);
    v("received", m.received);
    v("size", m.size);
    v("sha256", m.sha256);
    v.maybe("text", m.text);
    v.maybe("new_text", m.new_text);
    v("attachments", m.attachments);
    v("defects", m.defects);
    v("delivery", m.delivery);
    v.nullable("peer", m.peer);
    v("trace_id", m.trace_id);
    v.nullable("kind", m.kind);
    v.nullable("reason", m.reason);
    v("new_participant", m.new_participant);
    v("copy_of", m.copy_of);
    v("copies", m.copies);
    v("report", m.report);
    v.maybe("author", m.author);
  }
};

template <>
struct Fields<HistoryEntry> {
  static void list(auto& v, auto& h) {
    v("seq", h.seq);
    v("at", h.at);
    v.nullable("who", h.who);
    v("what", h.what);
    v("message", h.message);
    v.nullable("target", h.target);
    v.nullable("detail", h.detail);
  }
};

template <>
struct Fields<TicketLease> {
  static void list(auto& v, auto& l) {
    v("holder", l.holder);
    v("until", l.until);
  }
};

template <>
struct Fields<CustomField> {
  static void list(auto& v, auto& f) {
    v("name", f.name);
    v("value", f.value);
  }
};

template <>
struct Fields<Ticket> {
  static void list(auto& v, auto& t) {
    v("id", t.id);
    v("desk", t.desk);
    v("subject", t.subject);
    v("state", t.state);
    v("custody", t.custody);
    v("line", t.line);
    v("priority", t.priority);
    v.nullable("assignee", t.assignee);
    v("tags", t.tags);
    v("requester", t.requester);
    v("created", t.created);
    v("updated", t.updated);
    v("undelivered", t.undelivered);
    v("linked", t.linked);
    v("merged", t.merged);
    v.nullable("reply_address", t.reply_address);
    v.nullable("token", t.token);
    v("pending_until", t.pending_until);
    v("lease", t.lease);
    v("due", t.due);
    v.maybe("crossed", t.crossed);
    v.maybe("messages", t.messages);
    v.maybe("history", t.history);
    v.maybe("fields", t.fields);
    v.maybe("team", t.team);
    v.maybe("language", t.language);
    v.maybe("notice", t.notice);
  }
};

template <>
struct Fields<Evidence> {
  static void list(auto& v, auto& e) {
    v("check", e.check);
    v("ok", e.ok);
    v("at", e.at);
    v("saw", e.saw);
  }
};

template <>
struct Fields<PrimaryStatus> {
  static void list(auto& v, auto& p) {
    v("primary", p.primary);
    v("mode", p.mode);
    v("since", p.since);
    v("pinned", p.pinned);
    v("frozen", p.frozen);
    v("evidence", p.evidence);
  }
};

template <>
struct Fields<Transition> {
  static void list(auto& v, auto& t) {
    v("primary", t.primary);
    v("from", t.from);
    v("to", t.to);
    v("at", t.at);
    v("why", t.why);
    v("evidence", t.evidence);
  }
};

template <>
struct Fields<CheckStatus> {
  static void list(auto& v, auto& c) {
    v("primary", c.primary);
    v("check", c.check);
    v("kind", c.kind);
    v("looks_at", c.looks_at);
    v("every", c.every);
    v("ok", c.ok);
    v("at", c.at);
    v.nullable("saw", c.saw);
  }
};

template <>
struct Fields<HandbackStatus> {
  static void list(auto& v, auto& h) {
    v("primary", h.primary);
    v("held", h.held);
    v("queued", h.queued);
    v("offered", h.offered);
    v("acknowledged", h.acknowledged);
    v("proven", h.proven);
    v("quarantined", h.quarantined);
    v("oldest", h.oldest);
    v("rate", h.rate);
    v("suppressed", h.suppressed);
    v("expired", h.expired);
    v("paused", h.paused);
    v("needs_run", h.needs_run);
  }
};

template <>
struct Fields<PlannedTicket> {
  static void list(auto& v, auto& p) {
    v("ticket", p.ticket);
    v("subject", p.subject);
    v("messages", p.messages);
    v("size", p.size);
  }
};

template <>
struct Fields<Plan> {
  static void list(auto& v, auto& p) {
    v("primary", p.primary);
    v("messages", p.messages);
    v("tickets", p.tickets);
  }
};

template <>
struct Fields<Discrepancy> {
  static void list(auto& v, auto& d) {
    v("kind", d.kind);
    v("message", d.message);
    v("ticket", d.ticket);
    v("words", d.words);
  }
};

template <>
struct Fields<Reconciliation> {
  static void list(auto& v, auto& r) {
    v("primary", r.primary);
    v("started", r.started);
    v("ended", r.ended);
    v("clean", r.clean);
    v("total", r.total);
    v("looked_up", r.looked_up);
    v("missing", r.missing);
    v("doubled", r.doubled);
    v("altered", r.altered);
    v("uncompared", r.uncompared);
    v("fresh", r.fresh);
    v("waiting", r.waiting);
    v("quarantined", r.quarantined);
    v("failure", r.failure);
    v("discrepancies", r.discrepancies);
  }
};

template <>
struct Fields<QuarantinedItem> {
  static void list(auto& v, auto& q) {
    v("message", q.message);
    v("ticket", q.ticket);
    v("primary", q.primary);
    v("attempts", q.attempts);
    v("since", q.since);
    v("words", q.words);
    v("subject", q.subject);
    v.nullable("from", q.from);
  }
};

template <>
struct Fields<PrimaryOverview> {
  static void list(auto& v, auto& p) {
    v.inline_of(p.failover);
    v.inline_of(p.handback);
  }
};

template <>
struct Fields<OutgoingStatus> {
  static void list(auto& v, auto& o) {
    v("possible", o.possible);
    v("waiting", o.waiting);
    v("quarantined", o.quarantined);
    v("oldest", o.oldest);
  }
};

template <>
struct Fields<Status> {
  static void list(auto& v, auto& s) {
    v("node", s.node);
    v("version", s.version);
    v("now", s.now);
    v("primaries", s.primaries);
    v("messages", s.messages);
    v("tickets", s.tickets);
    v("unsorted", s.unsorted);
    v("unindexed", s.unindexed);
    v("room", s.room);
    v("oldest_held", s.oldest_held);
    v("last_backup", s.last_backup);
    v("last_drill", s.last_drill);
    v("outgoing", s.outgoing);
    v("due", s.due);
    v("due_soon", s.due_soon);
    v("overdue", s.overdue);
    v("notices", s.notices);
  }
};

template <>
struct Fields<Problem> {
  static void list(auto& v, auto& p) {
    v("error", p.error);
    v("code", p.code);
    v.nullable("hint", p.hint);
  }
};

template <>
struct Fields<ForceRequest> {
  static void list(auto& v, auto& f) { v("mode", f.mode); }
};

template <>
struct Fields<QuarantineRequest> {
  static void list(auto& v, auto& q) {
    v.nullable("primary", q.primary);
    v.nullable("reason", q.reason);
  }
};

template <>
struct Fields<ConfigView> {
  static void list(auto& v, auto& c) {
    v("file", c.file);
    v("toml", c.toml);
  }
};

}  // namespace beredd::api

#pragma once
// The members of the shapes of action.h; see fields.h.

#include "beredd/api/action.h"

namespace beredd::api {

template <typename T>
struct Fields;

template <>
struct Fields<SeenTicket> {
  static void list(auto& v, auto& s) {
    v("id", s.id);
    v.maybe("if_updated", s.if_updated);
  }
};

template <>
struct Fields<ChangeRequest> {
  static void list(auto& v, auto& c) {
    v("tickets", c.tickets);
    v.nullable("state", c.state);
    v.maybe("until", c.until);
    v.maybe("assignee", c.assignee);
    v.nullable("priority", c.priority);
    v.maybe("add_tags", c.add_tags);
    v.maybe("remove_tags", c.remove_tags);
    v.maybe("bulk", c.bulk);
    v.maybe("take_over", c.take_over);
  }
};

template <>
struct Fields<NoteRequest> {
  static void list(auto& v, auto& n) {
    v("tickets", n.tickets);
    v("text", n.text);
  }
};

template <>
struct Fields<MergeRequest> {
  static void list(auto& v, auto& m) {
    v("tickets", m.tickets);
    v("into", m.into);
    v.nullable("reason", m.reason);
  }
};

template <>
struct Fields<SplitRequest> {
  static void list(auto& v, auto& s) {
    v("message", s.message);
    v.maybe("if_updated", s.if_updated);
    v.nullable("reason", s.reason);
  }
};

template <>
struct Fields<LeftTicket> {
  static void list(auto& v, auto& l) {
    v("id", l.id);
    v("why", l.why);
  }
};

template <>
struct Fields<Undone> {
  static void list(auto& v, auto& u) {
    v("what", u.what);
    v("at", u.at);
    v("tickets", u.tickets);
    v("left", u.left);
  }
};

}  // namespace beredd::api

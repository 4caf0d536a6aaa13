#pragma once
// The members of the shapes of rota.h; see fields.h.

#include "beredd/api/rota.h"

namespace beredd::api {

template <typename T>
struct Fields;

template <>
struct Fields<Absence> {
  static void list(auto& v, auto& a) {
    v("since", a.since);
    v("until", a.until);
    v.nullable("reason", a.reason);
    v("by", a.by);
  }
};

template <>
struct Fields<Colleague> {
  static void list(auto& v, auto& c) {
    v("name", c.name);
    v.nullable("address", c.address);
    v("role", c.role);
    v("lines", c.lines);
    v("teams", c.teams);
    v("languages", c.languages);
    v.nullable("deputy", c.deputy);
    v("present", c.present);
    v("absence", c.absence);
    v("load", c.load);
  }
};

template <>
struct Fields<Team> {
  static void list(auto& v, auto& t) {
    v("name", t.name);
    v("people", t.people);
    v("desks", t.desks);
  }
};

template <>
struct Fields<Staffing> {
  static void list(auto& v, auto& s) {
    v("level", s.level);
    v("set", s.set);
    v.nullable("by", s.by);
    v("since", s.since);
    v("presence", s.presence);
    v("first", s.first);
    v("notice_only", s.notice_only);
    v("waits", s.waits);
  }
};

template <>
struct Fields<Next> {
  static void list(auto& v, auto& n) {
    v("person", n.person);
    v("ticket", n.ticket);
    v("reasons", n.reasons);
  }
};

template <>
struct Fields<Lease> {
  static void list(auto& v, auto& l) {
    v("ticket", l.ticket);
    v("holder", l.holder);
    v("since", l.since);
    v("until", l.until);
  }
};

template <>
struct Fields<AbsenceRequest> {
  static void list(auto& v, auto& r) {
    v.maybe("until", r.until);
    v.nullable("reason", r.reason);
  }
};

template <>
struct Fields<LineRequest> {
  static void list(auto& v, auto& r) { v.nullable("note", r.note); }
};

template <>
struct Fields<StaffingRequest> {
  static void list(auto& v, auto& r) { v("level", r.level); }
};

}  // namespace beredd::api

#pragma once
// The members of what the desk writes; see fields.h.

#include "fields.h"

#include "beredd/api/letter.h"

namespace beredd::api {

template <>
struct Fields<Draft> {
  static void list(auto& v, auto& d) {
    v("kind", d.kind);
    v("ticket", d.ticket);
    v("message", d.message);
    v("from", d.from);
    v("to", d.to);
    v("others", d.others);
    v("subject", d.subject);
    v("text", d.text);
  }
};

template <>
struct Fields<LetterRequest> {
  static void list(auto& v, auto& l) {
    v("text", l.text);
    v.nullable("subject", l.subject);
    v.nullable("desk", l.desk);
    v.maybe("message", l.message);
    v.maybe("to", l.to);
    v.maybe("cc", l.cc);
    v.maybe("files", l.files);
    v.nullable("afterwards", l.afterwards);
    v.maybe("take", l.take);
  }
};

template <>
struct Fields<Written> {
  static void list(auto& v, auto& w) {
    v("ticket", w.ticket);
    v("message", w.message);
  }
};

template <>
struct Fields<Upload> {
  static void list(auto& v, auto& u) {
    v("id", u.id);
    v("name", u.name);
    v("type", u.type);
    v("size", u.size);
  }
};

template <>
struct Fields<OutgoingItem> {
  static void list(auto& v, auto& o) {
    v("message", o.message);
    v("ticket", o.ticket);
    v("state", o.state);
    v("attempts", o.attempts);
    v("since", o.since);
    v("due", o.due);
    v.nullable("words", o.words);
    v("to", o.to);
    v("subject", o.subject);
  }
};

template <>
struct Fields<DropRequest> {
  static void list(auto& v, auto& d) { v("reason", d.reason); }
};

}  // namespace beredd::api

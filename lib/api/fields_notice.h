#pragma once
// As fields.h, for what a desk says without a person.

#include "beredd/api/notice.h"

namespace beredd::api {

template <typename T>
struct Fields;

template <>
struct Fields<TicketNotice> {
  static void list(auto& v, auto& n) {
    v("sent", n.sent);
    v("at", n.at);
    v("message", n.message);
    v.nullable("reason", n.reason);
  }
};

template <>
struct Fields<NoticeStatus> {
  static void list(auto& v, auto& n) {
    v("desk", n.desk);
    v("when", n.when);
    v("last_hour", n.last_hour);
    v("per_hour", n.per_hour);
  }
};

template <>
struct Fields<NoticePreview> {
  static void list(auto& v, auto& n) {
    v("desk", n.desk);
    v("when", n.when);
    v("language", n.language);
    v("from", n.from);
    v("subject", n.subject);
    v("text", n.text);
  }
};

template <>
struct Fields<TemplateView> {
  static void list(auto& v, auto& t) {
    v("name", t.name);
    v("language", t.language);
    v("desks", t.desks);
    v("text", t.text);
  }
};

}  // namespace beredd::api

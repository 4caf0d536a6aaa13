#pragma once
// As fields.h, for what customers were promised.

#include "beredd/api/deadline.h"

namespace beredd::api {

template <typename T>
struct Fields;

template <>
struct Fields<Due> {
  static void list(auto& v, auto& d) {
    v("at", d.at);
    v("warning", d.warning);
    v("measure", d.measure);
    v("overdue", d.overdue);
  }
};

template <>
struct Fields<ServiceEvent> {
  static void list(auto& v, auto& e) {
    v("seq", e.seq);
    v("ticket", e.ticket);
    v("kind", e.kind);
    v("measure", e.measure);
    v("at", e.at);
    v("began", e.began);
    v("noticed", e.noticed);
  }
};

template <>
struct Fields<Changes> {
  static void list(auto& v, auto& c) { v("seq", c.seq); }
};

}  // namespace beredd::api

#pragma once
// The part of fields.h on notices and templates.

#include "fields_people.h"

#include "beredd/config/notice.h"

namespace beredd::config {

void fields(auto& visit, MaybeConst<NoticeText> auto& text) {
  visit("language", text.language);
  visit("text", text.text);
}

void fields(auto& visit, MaybeConst<Notice> auto& notice) {
  visit("when", notice.when);
  visit("language", notice.language);
  visit("within", notice.within);
  visit("per_hour", notice.per_hour);
  visit.tables("text", notice.texts);
}

void fields(auto& visit, MaybeConst<Template> auto& text) {
  visit("name", text.name);
  visit("desks", text.desks);
  visit("language", text.language);
  visit("text", text.text);
}

}  // namespace beredd::config

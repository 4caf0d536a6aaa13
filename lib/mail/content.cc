#include "content.h"

#include <algorithm>

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

// "type/subtype" of token characters; senders who write "text" alone mean text/plain.
bool is_type(std::string_view value) {
  const std::size_t slash = value.find('/');
  return slash != std::string_view::npos && slash > 0 && slash + 1 < value.size() &&
         std::all_of(value.begin(), value.end(), [](char c) {
           return c > ' ' && c < 127 &&
                  std::string_view("<>@,;:\\\"[]?=").find(c) == std::string_view::npos;
         });
}

Parametrised type_of(const HeaderSlice& header, bool& typed, Defects& defects) {
  Parametrised first;
  int seen = 0;
  for (const FieldSlice& field : header.fields) {
    if (field.id != FieldId::content_type) continue;
    Parametrised type = parse_parameters(field.body);
    if (++seen == 2) defects.add("more than one Content-Type");
    if (!typed && is_type(type.value)) {
      typed = true;
      first = std::move(type);
    } else if (seen == 1) {
      first = std::move(type);
    }
  }
  if (seen > 0 && !typed) defects.add("Content-Type cannot be read");
  return first;
}

}  // namespace

Content content_of(const HeaderSlice& header, std::string_view otherwise, Defects& defects) {
  Content content;
  content.type = type_of(header, content.typed, defects);
  if (!content.typed) content.type.value = otherwise;
  content.disposition = parse_parameters(header.first(FieldId::content_disposition));
  content.transfer = transfer_named(header.first(FieldId::content_transfer_encoding));
  if (content.transfer == Transfer::unknown) defects.add("unknown transfer encoding");
  content.id = header.first(FieldId::content_id);
  content.location = header.first(FieldId::content_location);
  return content;
}

std::string boundary_of(const HeaderSlice& header, const Content& content) {
  std::string boundary = content.type.raw("boundary").value_or("");
  if (boundary.empty()) {
    const std::string_view field = header.first(FieldId::content_type);
    const std::string lower = base::lower(field);
    const std::size_t at = lower.find("boundary=");
    if (at != std::string::npos) {
      boundary = parse_parameters(field.substr(at)).raw("boundary").value_or("");
    }
  }
  while (!boundary.empty() && (boundary.back() == ' ' || boundary.back() == '\t'))
    boundary.pop_back();
  return boundary;
}

}  // namespace beredd::mail

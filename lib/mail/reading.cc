#include "beredd/mail/reading.h"

#include "addresses.h"
#include "body.h"
#include "calendar.h"
#include "charset.h"
#include "classify.h"
#include "encoded_word.h"
#include "file_name.h"
#include "message_ids.h"
#include "notice.h"
#include "plain_text.h"
#include "quotation.h"
#include "skeleton.h"

#include <algorithm>
#include <exception>

#include "beredd/base/text.h"

namespace beredd::mail {
namespace {

// Fills a Reading from the message's own header.
class HeaderReader {
 public:
  HeaderReader(const HeaderSlice& slice, std::string hint, Defects& defects)
      : fields_(unfold(slice)), hint_(std::move(hint)), defects_(defects) {}

  void read(Reading& out) {
    note_doubles();
    out.from = addresses(FieldId::from);
    if (!names_anyone(out.from)) fall_back_to_sender(out);
    out.to = addresses(FieldId::to);
    out.cc = addresses(FieldId::cc);
    out.reply_to = addresses(FieldId::reply_to);
    out.subject = decode_header_text(first(FieldId::subject), hint_);
    out.message_id = parse_message_id(first(FieldId::message_id));
    out.in_reply_to = parse_in_reply_to(all(FieldId::in_reply_to));
    out.references = parse_references(all(FieldId::references));
    out.auto_submitted = first_token(first(FieldId::auto_submitted));
    read_date(out);
    note_raw();
  }

 private:
  static bool names_anyone(const std::vector<Address>& list) {
    for (const Address& one : list) {
      if (one.address.find('@') != std::string::npos) return true;
    }
    return false;
  }

  // Of doubled From fields the first that holds an address counts, of To and Cc all of them.
  std::vector<Address> addresses(FieldId id) {
    std::vector<Address> out;
    for (const Field& field : fields_) {
      if (field.id != id) continue;
      std::vector<Address> list = parse_addresses(field.value, hint_);
      if (id == FieldId::from && !names_anyone(out) && (out.empty() || names_anyone(list))) {
        out = std::move(list);
      } else if (id != FieldId::from) {
        out.insert(out.end(), list.begin(), list.end());
      }
    }
    return out;
  }

  void fall_back_to_sender(Reading& out) {
    defects_.add(out.from.empty() ? "no From" : "From holds no address");
    std::vector<Address> sender = addresses(FieldId::sender);
    if (out.from.empty() && names_anyone(sender)) out.from = std::move(sender);
  }

  std::string first(FieldId id) const {
    std::string found;
    for (const Field& field : fields_) {
      if (field.id == id && base::trim(found).empty()) found = field.value;
    }
    return found;
  }

  std::string all(FieldId id) const {
    std::string joined;
    for (const Field& field : fields_) {
      if (field.id == id) joined.append(field.value).push_back(' ');
    }
    return joined;
  }

  std::string first_token(std::string_view value) const {
    value = base::trim(value);
    const std::string_view token = value.substr(0, value.find_first_of(" \t;(,"));
    return base::lower(decode_header_text(token));
  }

  void read_date(Reading& out) {
    bool present = false;
    for (const Field& field : fields_) {
      if (field.id != FieldId::date) continue;
      present = true;
      if (!out.date) out.date = parse_date(field.value);
    }
    if (present && !out.date) defects_.add("Date cannot be read");
  }

  void note_doubles() {
    for (const FieldId id : {FieldId::from, FieldId::subject, FieldId::message_id, FieldId::date}) {
      int count = 0;
      for (const Field& field : fields_) count += field.id == id ? 1 : 0;
      if (count > 1) defects_.add("more than one " + std::string(name(id)));
    }
  }

  void note_raw() {
    for (const Field& field : fields_) {
      if (!is_ascii(field.value)) defects_.add("raw 8-bit header");
    }
  }

  std::vector<Field> fields_;
  std::string hint_;
  Defects& defects_;
};

// A forwarded message is named after its subject.
std::string name_of_message(const Part& part) {
  constexpr std::size_t kEnough = 2 * kLargestHeaderBlock;
  Defects quiet;
  const std::string bytes = decoded(part.body.substr(0, kEnough), part.content.transfer);
  for (const Field& field : unfold(slice_header(bytes, HeaderOf::message, quiet))) {
    if (field.id != FieldId::subject) continue;
    const std::string subject = safe_file_name(decode_header_text(field.value));
    if (!subject.empty()) return safe_file_name(subject + ".eml");
  }
  return "message.eml";
}

Attachment attachment_of(const Part& part, std::uint32_t index, Defects& defects) {
  Attachment out;
  out.index = index;
  out.type = base::to_utf8(part.content.type.value);
  out.name = safe_file_name(given_name(part.content));
  if (out.name.empty() && out.type == "message/rfc822") out.name = name_of_message(part);
  base::Sha256Stream digest;
  std::uint64_t size = 0;
  const Damage damage = decode(part.body, part.content.transfer, [&](std::string_view piece) {
    digest.update(piece);
    size += piece.size();
  });
  if (damage == Damage::repaired) defects.add("damaged transfer encoding");
  out.size = base::Bytes(size);
  out.sha256 = digest.finish();
  return out;
}

// A message whose lines end in bare CR, all or nearly all, has no line that anything could find. A
// first line without one, as ordinary mail has it, answers at once.
bool has_only_bare_cr(std::string_view raw) {
  const std::size_t first = raw.find('\r');
  if (first == std::string_view::npos || first > raw.find('\n')) return false;
  if (raw.substr(first).starts_with("\r\n")) return false;
  const auto returns = std::count(raw.begin(), raw.end(), '\r');
  const auto feeds = std::count(raw.begin(), raw.end(), '\n');
  return returns > 2 * feeds;
}

std::string with_feeds(std::string_view raw) { return with_line_feeds(std::string(raw)); }

bool has_content(std::string_view raw) {
  return raw.find_first_not_of(std::string_view(" \t\r\n\0", 5)) != std::string_view::npos;
}

// What raw 8-bit headers are probably written in: the charset that the mail's own text names.
std::string first_charset(const Skeleton& skeleton) {
  for (const Part& part : skeleton.parts) {
    if (std::optional<std::string> charset = part.content.type.raw("charset")) return *charset;
  }
  return {};
}

// Below the text, with a blank line between.
void append_notices(std::string& text, const std::string& notices) {
  if (notices.empty()) return;
  if (is_blank_text(text)) text.clear();
  if (!text.empty()) text.append(text.ends_with('\n') ? "\n" : "\n\n");
  text.append(notices);
}

enum class Forwarded { read, left };
// More than this nobody reads, and each mail of many that are sorted is in memory twice.
constexpr std::size_t kMostText = std::size_t{4} * 1024 * 1024;

void cut_to_readable(std::string& text, Defects& defects) {
  if (text.size() <= kMostText) return;
  defects.add("text over 4 MiB, only its beginning is shown");
  std::size_t size = kMostText;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  text.resize(size);
  text.shrink_to_fit();
}

Reading read_lines(std::string_view raw, Defects& defects, Forwarded forwarded);

// What a mail forwards that says nothing itself: who wrote it, and the text. One level deep.
std::string forwarded_text(const Skeleton& skeleton) {
  for (const Part& part : skeleton.parts) {
    if (part.multipart || part.content.type.value != "message/rfc822") continue;
    Defects quiet;
    const Reading inner =
        read_lines(decoded(part.body, part.content.transfer), quiet, Forwarded::left);
    std::string out = "Forwarded message\n";
    for (const Address& one : inner.from) out += "From: " + one.name + " <" + one.address + ">\n";
    if (inner.date) out += "Date: " + base::rfc5322(*inner.date) + "\n";
    return out + "Subject: " + inner.subject + "\n\n" + inner.text;
  }
  return {};
}

Reading read_lines(std::string_view raw, Defects& defects, Forwarded forwarded) {
  Reading out;
  const Skeleton skeleton = scan(raw, defects);
  if (!skeleton.header.any_field) defects.add("no header");
  HeaderReader(skeleton.header, first_charset(skeleton), defects).read(out);
  Body body = read_body(skeleton, defects);
  std::uint32_t index = 0;
  for (std::size_t i = 0; i < skeleton.parts.size(); ++i) {
    if (skeleton.parts[i].multipart) continue;
    ++index;
    if (body.roles[i] != Role::attached) continue;
    out.attachments.push_back(attachment_of(skeleton.parts[i], index, defects));
  }
  const std::string notices = notices_of(skeleton, body, defects);
  out.text = without_pgp_armour(std::move(body.text), defects);
  cut_to_readable(out.text, defects);
  out.new_text = without_quotation(out.text);
  classify(raw, skeleton, out);
  for (std::string* text : {&out.text, &out.new_text}) append_notices(*text, notices);
  if (forwarded == Forwarded::read && is_blank_text(out.text)) {
    const std::string said = forwarded_text(skeleton);
    if (!said.empty()) out.text = out.new_text = said;
  }
  return out;
}

Reading read_any(std::string_view raw) {
  Defects defects;
  if (!has_content(raw)) return opaque("empty message");
  Reading out;
  if (has_only_bare_cr(raw)) {
    defects.add("lines end in bare CR");
    out = read_lines(with_feeds(raw), defects, Forwarded::read);
  } else {
    out = read_lines(raw, defects, Forwarded::read);
  }
  out.defects = defects.take();
  return out;
}

}  // namespace

Reading read(std::string_view raw) {
  try {
    return read_any(raw);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    return opaque(error.what());
  }
}

Reading opaque(std::string_view why) {
  Reading out;
  out.opaque = true;
  out.defects.push_back(base::to_utf8(why));
  return out;
}

base::Result<std::string> part_bytes(std::string_view raw, std::uint32_t index) {
  Defects quiet;
  std::string copy;
  if (has_only_bare_cr(raw)) raw = copy = with_feeds(raw);
  const Skeleton skeleton = scan(raw, quiet);
  std::uint32_t at = 0;
  for (const Part& part : skeleton.parts) {
    if (!part.multipart && ++at == index) return decoded(part.body, part.content.transfer);
  }
  return base::permanent(base::Code::not_found, "the message has no part " + std::to_string(index));
}

}  // namespace beredd::mail

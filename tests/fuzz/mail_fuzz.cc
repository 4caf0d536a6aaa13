// Any bytes are a mail: whatever comes, what read() says of it keeps its promises.

#include "require.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "beredd/base/digest.h"
#include "beredd/mail/reading.h"
#include "beredd/mail/subject.h"
#include "beredd/ticket/thread.h"

namespace {

using beredd::mail::Address;
using beredd::mail::Reading;

using beredd::fuzz::require;
using beredd::fuzz::require_line;
using beredd::fuzz::require_text;

void require_addresses(const std::vector<Address>& list) {
  for (const Address& one : list) {
    require_line(one.name);
    require_line(one.address);
  }
}

void require_header(const Reading& mail) {
  require_addresses(mail.from);
  require_addresses(mail.to);
  require_addresses(mail.cc);
  require_addresses(mail.reply_to);
  require_line(mail.subject);
  require_line(mail.message_id);
  require_line(mail.auto_submitted);
  for (const std::string& id : mail.in_reply_to) require_line(id);
  for (const std::string& id : mail.references) require_line(id);
  for (const std::string& defect : mail.defects) require_line(defect);
}

void require_attachments(const Reading& mail, std::string_view raw) {
  constexpr std::size_t kEnough = 20;
  std::size_t looked_at = 0;
  for (const beredd::mail::Attachment& one : mail.attachments) {
    require_line(one.type);
    require_line(one.name);
    require(one.name.size() <= 200, "a file name is short");
    require(one.name.find_first_of("/\\") == std::string::npos, "a file name has no path");
    require(!one.name.starts_with('.'), "a file name is not hidden");
    if (++looked_at > kEnough) continue;
    const auto bytes = beredd::mail::part_bytes(raw, one.index);
    require(bytes.ok(), "an attachment has bytes");
    require(bytes->size() == one.size.count(), "the size is that of the bytes");
    require(beredd::base::sha256(*bytes) == one.sha256, "the digest is that of the bytes");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view raw(reinterpret_cast<const char*>(data), size);
  const Reading mail = beredd::mail::read(raw);
  require_header(mail);
  require_text(mail.text);
  require_text(mail.new_text);
  require(mail.text.find('\r') == std::string::npos, "lines end in LF");
  require(mail.new_text.size() <= mail.text.size() + 1, "what is new is part of the text");
  require_attachments(mail, raw);
  require(beredd::mail::read(raw) == mail, "reading twice says the same");

  const beredd::mail::SubjectLine subject = beredd::mail::normalise_subject(mail.subject);
  require_line(subject.base);
  require(beredd::mail::normalise_subject(subject.base).base == subject.base,
          "a normal subject stays as it is");
  require_line(mail.thread_index);
  for (const auto* list : {&mail.former_ids, &mail.loop_marks}) {
    for (const std::string& one : *list) require_line(one);
  }
  require(mail.report.has_value() == (mail.kind == beredd::mail::Kind::delivery_report),
          "a delivery report has a report, and nothing else");
  if (mail.report) {
    require_line(mail.report->status);
    require_line(mail.report->envelope_id);
    for (const std::string& one : mail.report->message_ids) require_line(one);
    for (const std::string& one : mail.report->recipients) require_line(one);
  }
  const beredd::ticket::Clues clues = beredd::ticket::clues_of(mail, {}, {});
  require(clues.replied_to <= clues.ancestors.size(), "replies are ancestors");
  return 0;
}

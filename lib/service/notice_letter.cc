#include "notice_letter.h"

#include <fmt/format.h>

#include "beredd/base/text.h"
#include "beredd/mail/language.h"
#include "beredd/service/desk_address.h"
#include "beredd/service/outgoing.h"
#include "beredd/service/wording.h"
#include "beredd/ticket/notice.h"
#include "beredd/ticket/token.h"

namespace beredd::service {

using base::Result;

namespace {

mail::Language language_of(const mail::Reading& reading, const config::Notice& notice) {
  const std::string& text = reading.new_text.empty() ? reading.text : reading.new_text;
  return mail::guess_language(text).value_or(notice.language);
}

// The envelope's address and no other (RFC 3834 §4), under the name that it gave itself.
mail::Address recipient(const Noticed& noticed) {
  mail::Address to{{}, noticed.message.envelope.reverse_path->text()};
  for (const mail::Address& from : noticed.reading.from) {
    if (base::same_ignoring_case(from.address, to.address)) to.name = from.name;
  }
  return to;
}

Result<mail::Letter> letter_for(Context& context, const config::Desk& desk, const Noticed& noticed,
                                mail::Language language, base::Instant now) {
  mail::Letter letter;
  auto from = sender_of(desk);
  if (!from) return from.error();
  letter.from = *std::move(from);
  letter.to = {recipient(noticed)};
  const ticket::Named named{noticed.ticket.id, noticed.proof};
  if (const auto reply = signed_address(desk, named)) {
    letter.reply_to = {{letter.from.name, reply->text()}};
  }
  letter.subject = notice_subject(noticed.reading.subject);
  letter.date = now;
  letter.message_id = ticket::own_message_id(
      named, fmt::format("{}.{}", context.store.instance(), context.store.next_serial()),
      context.config->smtp.hostname);
  letter.in_reply_to = noticed.reading.message_id;
  letter.references =
      noticed.reading.references.empty() ? noticed.reading.in_reply_to : noticed.reading.references;
  letter.auto_submitted = "auto-replied";
  letter.mark = ticket::own_envelope_id(named);
  letter.text = notice_text(desk, noticed.ticket, language);
  letter.boundary = context.random.hex(12);
  return letter;
}

// Nobody is to hear whether it arrived.
void address(mail::Envelope& envelope, const mail::Mailbox& to) {
  envelope.reverse_path.reset();
  envelope.forward_paths = {to};
  envelope.recipient_dsn.push_back({mail::parse_notify("NEVER").value_or(mail::Notify{}), {}});
}

}  // namespace

Result<NoticeLetter> notice_letter(Context& context, const config::Desk& desk,
                                   const Noticed& noticed, base::Instant now) {
  const mail::Mailbox& to = *noticed.message.envelope.reverse_path;
  NoticeLetter out;
  out.sender = ticket::sender_key(to);
  out.language = language_of(noticed.reading, *desk.notice);
  auto letter = letter_for(context, desk, noticed, out.language, now);
  if (!letter) return letter.error();
  auto composition = mail::Composition::begin(*std::move(letter));
  if (!composition) return composition.error();
  store::BodyWriter body = context.store.new_body();
  for (;;) {
    auto piece = composition->next();
    if (!piece) return piece.error();
    if (piece->empty()) break;
    for (store::SealedChunk& chunk : body.append(*piece)) out.chunks.push_back(std::move(chunk));
  }
  store::BodyWriter::Finished finished = body.finish();
  if (finished.last) out.chunks.push_back(*std::move(finished.last));
  const mail::Composed& composed = composition->composed();
  out.reading = composed.reading;
  out.reading.kind = mail::Kind::auto_reply;
  store::Message& message = out.message;
  message.direction = store::Direction::out;
  message.source = store::Source::staff;
  message.desk = desk.name;
  message.author = kNoticeAuthor;
  message.received = now;
  message.body = finished.ref;
  message.trace_id = fmt::format("{}.{}", context.store.instance(), context.store.next_serial());
  address(message.envelope, to);
  message.envelope.body = composed.body;
  message.envelope.smtputf8 = composed.smtputf8;
  return out;
}

}  // namespace beredd::service

// Messages, and what sorting found.

#include "codec.h"
#include "flat.h"

namespace beredd::store {
namespace {

using flat::Conversion;

std::unique_ptr<fbs::MailboxT> flat_of(const mail::Mailbox& mailbox) {
  auto out = std::make_unique<fbs::MailboxT>();
  out->local = mailbox.local;
  out->domain = mailbox.domain;
  return out;
}

std::unique_ptr<fbs::EnvelopeT> flat_of(const mail::Envelope& envelope) {
  auto out = std::make_unique<fbs::EnvelopeT>();
  if (envelope.reverse_path) out->reverse_path = flat_of(*envelope.reverse_path);
  for (const mail::Mailbox& path : envelope.forward_paths) {
    out->forward_paths.push_back(flat_of(path));
  }
  out->body = flat::number_of(envelope.body);
  out->smtputf8 = envelope.smtputf8;
  out->dsn_return = flat::number_of(envelope.dsn_return);
  out->envelope_id = envelope.envelope_id;
  for (const mail::RecipientDsn& dsn : envelope.recipient_dsn) {
    auto one = std::make_unique<fbs::RecipientDsnT>();
    one->notify = dsn.notify.bits;
    one->original_recipient = dsn.original_recipient;
    out->recipient_dsn.push_back(std::move(one));
  }
  return out;
}

std::unique_ptr<fbs::BodyT> flat_of(const BodyRef& body) {
  auto out = std::make_unique<fbs::BodyT>();
  out->id = body.id.value();
  out->salt = flat::bytes_of(body.salt);
  out->chunks = body.chunks;
  out->size = body.size.count();
  out->sha256 = flat::bytes_of(body.sha256);
  return out;
}

std::unique_ptr<fbs::AddressT> flat_of(const mail::Address& address) {
  auto out = std::make_unique<fbs::AddressT>();
  out->name = address.name;
  out->address = address.address;
  return out;
}

std::vector<std::unique_ptr<fbs::AddressT>> flat_of(const std::vector<mail::Address>& addresses) {
  std::vector<std::unique_ptr<fbs::AddressT>> out;
  out.reserve(addresses.size());
  for (const mail::Address& address : addresses) out.push_back(flat_of(address));
  return out;
}

std::unique_ptr<fbs::AttachmentT> flat_of(const mail::Attachment& attachment) {
  auto out = std::make_unique<fbs::AttachmentT>();
  out->index = attachment.index;
  out->name = attachment.name;
  out->type = attachment.type;
  out->size = attachment.size.count();
  out->sha256 = flat::bytes_of(attachment.sha256);
  return out;
}

std::unique_ptr<fbs::ReportT> flat_of(const mail::Report& report) {
  auto out = std::make_unique<fbs::ReportT>();
  out->outcome = flat::number_of(report.outcome);
  out->status = report.status;
  out->envelope_id = report.envelope_id;
  out->message_ids = report.message_ids;
  out->recipients = report.recipients;
  return out;
}

std::unique_ptr<fbs::ReadingT> flat_of(const mail::Reading& reading) {
  auto out = std::make_unique<fbs::ReadingT>();
  out->message_id = reading.message_id;
  out->in_reply_to = reading.in_reply_to;
  out->references = reading.references;
  out->from = flat_of(reading.from);
  out->to = flat_of(reading.to);
  out->cc = flat_of(reading.cc);
  out->reply_to = flat_of(reading.reply_to);
  out->subject = reading.subject;
  if (reading.date) out->date = base::micros(*reading.date);
  out->text = reading.text;
  out->new_text = reading.new_text;
  for (const mail::Attachment& each : reading.attachments) {
    out->attachments.push_back(flat_of(each));
  }
  out->auto_submitted = reading.auto_submitted;
  out->defects = reading.defects;
  out->opaque = reading.opaque;
  out->kind = flat::number_of(reading.kind);
  out->former_ids = reading.former_ids;
  out->thread_index = reading.thread_index;
  out->loop_marks = reading.loop_marks;
  if (reading.report) out->report = flat_of(*reading.report);
  return out;
}

mail::Mailbox plain(const fbs::MailboxT& mailbox) { return {mailbox.local, mailbox.domain}; }

mail::Envelope plain(const fbs::EnvelopeT& envelope, Conversion& conversion) {
  mail::Envelope out;
  if (envelope.reverse_path) out.reverse_path = plain(*envelope.reverse_path);
  for (const auto& path : envelope.forward_paths) out.forward_paths.push_back(plain(*path));
  out.body = conversion.named(envelope.body, mail::BodyType::eight_bit_mime);
  out.smtputf8 = envelope.smtputf8;
  out.dsn_return = conversion.named(envelope.dsn_return, mail::DsnReturn::headers);
  out.envelope_id = envelope.envelope_id;
  for (const auto& dsn : envelope.recipient_dsn) {
    out.recipient_dsn.push_back({{dsn->notify}, dsn->original_recipient});
    conversion.expect(mail::is_notify(out.recipient_dsn.back().notify));
  }
  const bool paired =
      out.recipient_dsn.empty() || out.recipient_dsn.size() == out.forward_paths.size();
  conversion.expect(paired);
  return out;
}

BodyRef plain(const fbs::BodyT& body, Conversion& conversion) {
  BodyRef out;
  out.id = base::BodyId(body.id);
  out.salt = conversion.bytes<16>(body.salt);
  out.chunks = body.chunks;
  out.size = base::Bytes(body.size);
  out.sha256 = conversion.bytes<32>(body.sha256);
  return out;
}

mail::Address plain(const fbs::AddressT& address) { return {address.name, address.address}; }

std::vector<mail::Address> plain(const std::vector<std::unique_ptr<fbs::AddressT>>& addresses) {
  std::vector<mail::Address> out;
  out.reserve(addresses.size());
  for (const auto& address : addresses) out.push_back(plain(*address));
  return out;
}

mail::Attachment plain(const fbs::AttachmentT& attachment, Conversion& conversion) {
  return {attachment.index, attachment.name, attachment.type, base::Bytes(attachment.size),
          conversion.bytes<32>(attachment.sha256)};
}

mail::Report plain(const fbs::ReportT& report, Conversion& conversion) {
  mail::Report out;
  out.outcome = conversion.named(report.outcome, mail::Outcome::other);
  out.status = report.status;
  out.envelope_id = report.envelope_id;
  out.message_ids = report.message_ids;
  out.recipients = report.recipients;
  return out;
}

mail::Reading plain(const fbs::ReadingT& reading, Conversion& conversion) {
  mail::Reading out;
  out.message_id = reading.message_id;
  out.in_reply_to = reading.in_reply_to;
  out.references = reading.references;
  out.from = plain(reading.from);
  out.to = plain(reading.to);
  out.cc = plain(reading.cc);
  out.reply_to = plain(reading.reply_to);
  out.subject = reading.subject;
  if (reading.date) out.date = base::from_micros(*reading.date);
  out.text = reading.text;
  out.new_text = reading.new_text;
  for (const auto& each : reading.attachments) out.attachments.push_back(plain(*each, conversion));
  out.auto_submitted = reading.auto_submitted;
  out.defects = reading.defects;
  out.opaque = reading.opaque;
  out.kind = conversion.named(reading.kind, mail::Kind::bulk);
  out.former_ids = reading.former_ids;
  out.thread_index = reading.thread_index;
  out.loop_marks = reading.loop_marks;
  if (reading.report) out.report = plain(*reading.report, conversion);
  return out;
}

}  // namespace

namespace {

fbs::MessageT flat_of(const Message& message) {
  fbs::MessageT out;
  out.direction = flat::number_of(message.direction);
  out.source = flat::number_of(message.source);
  out.desk = message.desk;
  out.envelope = flat_of(message.envelope);
  out.trace = message.trace;
  out.trace_id = message.trace_id;
  out.peer = message.peer;
  out.received = base::micros(message.received);
  out.body = flat_of(message.body);
  out.author = message.author;
  return out;
}

Message plain(const fbs::MessageT& record, Conversion& conversion) {
  Message out;
  out.direction = conversion.named(record.direction, Direction::note);
  out.source = conversion.named(record.source, Source::staff);
  out.desk = record.desk;
  if (conversion.present(record.envelope)) out.envelope = plain(*record.envelope, conversion);
  out.trace = record.trace;
  out.trace_id = record.trace_id;
  out.peer = record.peer;
  out.received = base::from_micros(record.received);
  if (conversion.present(record.body)) out.body = plain(*record.body, conversion);
  out.author = record.author;
  return out;
}

}  // namespace

std::string encode(const Message& message) { return flat::pack(flat_of(message)); }

base::Result<Message> decode_message(base::MessageId id, std::string_view bytes) {
  auto in = flat::unpack<fbs::Message>(bytes);
  if (!in) return in.error();
  Conversion conversion;
  Message out = plain(**in, conversion);
  out.id = id;
  return conversion.finish(std::move(out));
}

std::string encode(const Arrival& arrival) {
  fbs::ArrivalT out;
  out.has_chunk = arrival.last.has_value();
  if (arrival.last) {
    out.body = arrival.last->body.value();
    out.index = arrival.last->index;
  }
  for (const Message& message : arrival.messages) {
    out.messages.push_back(std::make_unique<fbs::MessageT>(flat_of(message)));
  }
  return flat::pack(out);
}

base::Result<Arrival> decode_arrival(std::string_view bytes, std::string_view chunk) {
  auto in = flat::unpack<fbs::Arrival>(bytes);
  if (!in) return in.error();
  const fbs::ArrivalT& record = **in;
  Conversion conversion;
  Arrival out;
  if (record.has_chunk) {
    out.last = SealedChunk{base::BodyId(record.body), record.index, std::string(chunk)};
  }
  for (const auto& message : record.messages) out.messages.push_back(plain(*message, conversion));
  return conversion.finish(std::move(out));
}

std::string encode(const Sorted& sorted) {
  fbs::SortedT out;
  out.ticket = sorted.ticket.value();
  out.reason = sorted.reason;
  out.reading = flat_of(sorted.reading);
  out.at = base::micros(sorted.at);
  out.new_participant = sorted.new_participant;
  out.copy_of = sorted.copy_of.value();
  out.concerns = sorted.concerns.value();
  return flat::pack(out);
}

base::Result<Sorted> decode_sorted(std::string_view bytes) {
  auto in = flat::unpack<fbs::Sorted>(bytes);
  if (!in) return in.error();
  const fbs::SortedT& record = **in;
  Conversion conversion;
  Sorted out;
  out.ticket = base::TicketId(record.ticket);
  out.reason = record.reason;
  if (conversion.present(record.reading)) out.reading = plain(*record.reading, conversion);
  out.at = base::from_micros(record.at);
  out.new_participant = record.new_participant;
  out.copy_of = base::MessageId(record.copy_of);
  out.concerns = base::MessageId(record.concerns);
  return conversion.finish(std::move(out));
}

}  // namespace beredd::store

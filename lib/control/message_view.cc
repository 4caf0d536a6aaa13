#include "views.h"

namespace beredd::control {
namespace {

std::vector<api::Person> people(const std::vector<mail::Address>& addresses) {
  std::vector<api::Person> people;
  for (const mail::Address& address : addresses) people.push_back({address.name, address.address});
  return people;
}

std::optional<api::Dsn> dsn_view(const mail::Envelope& envelope) {
  api::Dsn dsn;
  dsn.ret = mail::name(envelope.dsn_return);
  dsn.envid = envelope.envelope_id;
  bool asked = !dsn.ret.empty() || !dsn.envid.empty();
  for (std::size_t n = 0; n < envelope.forward_paths.size(); ++n) {
    const mail::RecipientDsn one = envelope.dsn_of(n);
    dsn.recipients.push_back({mail::text(one.notify), one.original_recipient});
    asked = asked || one.asked();
  }
  if (!asked) return {};
  return dsn;
}

api::Envelope envelope_view(const mail::Envelope& envelope) {
  api::Envelope view;
  if (envelope.reverse_path) view.from = envelope.reverse_path->text();
  for (const mail::Mailbox& to : envelope.forward_paths) view.to.push_back(to.text());
  view.smtputf8 = envelope.smtputf8;
  view.dsn = dsn_view(envelope);
  return view;
}

api::Message from_record(const store::Message& message) {
  api::Message view;
  view.id = message.id.value();
  view.desk = message.desk;
  view.direction = store::name(message.direction);
  view.source = store::name(message.source);
  view.envelope = envelope_view(message.envelope);
  view.received = message.received;
  view.size = message.body.size;
  view.sha256 = base::to_hex(message.body.sha256);
  view.peer = message.peer;
  view.trace_id = message.trace_id;
  if (message.direction != store::Direction::in) view.author = message.author;
  return view;
}

void add_reading(api::Message& view, const mail::Reading& reading) {
  view.message_id = reading.message_id;
  if (!reading.in_reply_to.empty()) view.in_reply_to = reading.in_reply_to.front();
  view.references = reading.references;
  view.from = people(reading.from);
  view.to = people(reading.to);
  view.cc = people(reading.cc);
  view.reply_to = people(reading.reply_to);
  view.subject = reading.subject;
  view.date = reading.date;
  view.defects = reading.defects;
  for (const mail::Attachment& file : reading.attachments) {
    view.attachments.push_back(
        {file.index, file.name, file.type, file.size, base::to_hex(file.sha256)});
  }
}

std::optional<api::Report> report_view(const store::Sorted& sorted) {
  if (!sorted.reading.report) return {};
  const mail::Report& report = *sorted.reading.report;
  api::Report view{std::string(mail::name(report.outcome)), report.status, report.recipients, {}};
  if (sorted.concerns) view.concerns = sorted.concerns.value();
  return view;
}

void add_sorting(api::Message& view, const store::Sorted& sorted) {
  if (sorted.ticket) view.ticket = sorted.ticket.value();
  view.kind = mail::name(sorted.reading.kind);
  view.reason = sorted.reason;
  view.new_participant = sorted.new_participant;
  if (sorted.copy_of) view.copy_of = sorted.copy_of.value();
  view.report = report_view(sorted);
}

api::Delivery delivery_view(const store::Delivery& delivery) {
  return {delivery.target,   std::string(store::name(delivery.state)),
          delivery.attempts, delivery.words,
          delivery.receipt,  delivery.proof};
}

const config::Desk* desk_named(const config::Config& config, std::string_view name) {
  for (const config::Desk& desk : config.desks) {
    if (desk.name == name) return &desk;
  }
  return nullptr;
}

}  // namespace

base::Result<api::Message> message_view(const store::ReadTxn& txn, const config::Config& config,
                                        base::MessageId id, Text text) {
  const auto message = txn.message(id);
  if (!message) return message.error();
  const auto sorted = txn.sorted(id);
  if (!sorted) return sorted.error();
  api::Message view = from_record(*message);
  if (*sorted) {
    const mail::Reading& reading = (*sorted)->reading;
    add_sorting(view, **sorted);
    add_reading(view, reading);
    if (text == Text::included) view.text = reading.text;
    if (text == Text::included) view.new_text = reading.new_text;
  } else {
    view.defects = {"not sorted yet"};
    if (text == Text::included) view.text = view.new_text = "";
  }
  if (const config::Desk* desk = desk_named(config, message->desk)) {
    const auto delivery = txn.delivery(id, desk->primary);
    if (!delivery) return delivery.error();
    if (*delivery) view.delivery = delivery_view(**delivery);
  }
  return view;
}

base::Result<api::QuarantinedItem> quarantine_view(const store::ReadTxn& txn,
                                                   const store::Delivery& delivery) {
  const auto sorted = txn.sorted(delivery.message);
  if (!sorted) return sorted.error();
  api::QuarantinedItem item;
  item.message = delivery.message.value();
  if (delivery.ticket) item.ticket = delivery.ticket.value();
  item.primary = delivery.target;
  item.attempts = delivery.attempts;
  item.since = delivery.changed;
  item.words = delivery.words;
  if (*sorted) {
    item.subject = (*sorted)->reading.subject;
    if (!(*sorted)->reading.from.empty()) item.from = (*sorted)->reading.from.front().address;
  }
  return item;
}

}  // namespace beredd::control
